package io.duologger.collector.job;

import java.util.Optional;

/**
 * What becomes of processes of the job whose parent ended. Where the recorder is a child subreaper
 * they become its own children, and it has to wait for them. Called by the thread that reads the
 * job.
 */
public interface Orphans {
  /** Nobody adopts orphans of the job: one is followed because it was seen before. */
  Orphans NONE =
      new Orphans() {
        @Override
        public long parent() {
          return 0;
        }

        @Override
        public boolean isOurs(long pid, long session) {
          return true;
        }

        @Override
        public Optional<Usage> reap(long pid) {
          return Optional.empty();
        }
      };

  /**
   * What the kernel says of a process that was waited for: struct rusage of wait4(2), which holds
   * what its own waited-for children used.
   *
   * @param userMicros processor time in programs, in microseconds
   * @param systemMicros processor time in the kernel, in microseconds
   * @param minorFaults page faults without I/O
   * @param majorFaults page faults with I/O
   */
  record Usage(long userMicros, long systemMicros, long minorFaults, long majorFaults) {}

  /** The process whose children orphans of the job become; 0 if there is none. */
  long parent();

  /**
   * Whether a child of {@link #parent} is a helper of the recorder and not of the job. Asked again
   * at each sample as long as the answer is yes.
   *
   * @param pid the child
   * @param session the session it is in
   */
  boolean isOurs(long pid, long session);

  /**
   * Waits for an orphan that has ended, and so removes it; its last counters have been read.
   *
   * @return what it used; empty if it could not be waited for
   */
  Optional<Usage> reap(long pid);
}
