package io.duologger.collector.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps what the tally says of the past. Used by one thread at a time. */
final class Peaks {
  private static final double MICRO = 1e-6;

  private long samples;
  private long resident;
  private long residentNanos;
  private long proportional;
  private boolean proportionalKnown;
  private long swap;
  private long threads;
  private long processes;
  private Optional<JobTally.Largest> largest = Optional.empty();
  private long largestBytes;
  private final GpuPeaks gpus = new GpuPeaks();

  /** Takes what members have had in RAM; before {@link #tally}. */
  void look(List<Member> members, int pageSize) {
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      long bytes = Math.max(member.details.highest(), member.residentBytes(pageSize));
      if (bytes > largestBytes) {
        largestBytes = bytes;
        largest = Optional.of(new JobTally.Largest(bytes, member.pid, member.command()));
      }
    }
  }

  /** The most that any process had; 0 if none is known. */
  long largestBytes() {
    return largestBytes;
  }

  /** The tally after one more sample. */
  JobTally tally(long nanos, Values tree, JobTree from, OptionalLong groupPeak) {
    samples++;
    long residentNow = tree.get(Value.RESIDENT);
    if (residentNow > resident || samples == 1) {
      resident = residentNow;
      residentNanos = nanos;
    }
    swap = Math.max(swap, tree.get(Value.SWAP));
    threads = Math.max(threads, tree.get(Value.THREADS));
    processes = Math.max(processes, tree.get(Value.PROCESSES));
    if (tree.has(Value.PROPORTIONAL)) {
      proportionalKnown = true;
      proportional = Math.max(proportional, tree.get(Value.PROPORTIONAL));
    }
    gpus.look(tree);
    return new JobTally(
        samples,
        nanos,
        new JobTally.Extent(residentNow, resident),
        residentNanos,
        proportionalKnown
            ? Optional.of(new JobTally.Extent(tree.get(Value.PROPORTIONAL), proportional))
            : Optional.empty(),
        new JobTally.Extent(tree.get(Value.SWAP), swap),
        new JobTally.Extent(tree.get(Value.THREADS), threads),
        new JobTally.Extent(tree.get(Value.PROCESSES), processes),
        largest,
        groupPeak,
        from.seen(),
        from.accounts().total(Amounts.USER) * MICRO,
        from.accounts().total(Amounts.SYSTEM) * MICRO,
        from.accounts().total(Amounts.MINOR_FAULTS),
        from.accounts().total(Amounts.MAJOR_FAULTS),
        tree.has(Value.READ_BYTES) ? Optional.of(io(tree)) : Optional.empty(),
        tree.has(Value.VOLUNTARY)
            ? Optional.of(
                new JobTally.Switches(tree.get(Value.VOLUNTARY), tree.get(Value.INVOLUNTARY)))
            : Optional.empty(),
        gpus.tally());
  }

  private static JobTally.Io io(Values tree) {
    return new JobTally.Io(
        tree.get(Value.READ_BYTES),
        tree.get(Value.WRITE_BYTES),
        tree.get(Value.READ_CHARS),
        tree.get(Value.WRITE_CHARS),
        tree.get(Value.READ_CALLS),
        tree.get(Value.WRITE_CALLS));
  }
}
