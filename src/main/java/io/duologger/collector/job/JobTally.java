package io.duologger.collector.job;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a job used up to the last sample. Sums count what ended meanwhile, whether or not somebody
 * waited for it; memory is what was seen at samples. Immutable.
 *
 * @param samples how many samples there were
 * @param nanos when the last was taken, on the monotonic clock
 * @param resident bytes in RAM, summed over the processes: what they share counts for each
 * @param residentPeakNanos when {@code resident} was highest, on the monotonic clock
 * @param proportional as {@code resident}, but shared memory counts once; empty if it is not asked
 *     for or can't be had
 * @param swap bytes swapped out
 * @param threads threads of all processes
 * @param processes processes that have not ended
 * @param largest the process that ever had most memory of its own in RAM
 * @param cgroupPeakBytes the most memory that the job's control group had in use
 * @param processesSeen how many processes were seen
 * @param userSeconds processor time in programs
 * @param systemSeconds processor time in the kernel
 * @param minorFaults page faults without I/O
 * @param majorFaults page faults with I/O
 * @param io what was read and written; empty if that can't be had
 * @param switches context switches of the processes that were seen; empty if that can't be had
 * @param gpu what was used of graphics processors; empty if nothing was, or that can't be had
 */
public record JobTally(
    long samples,
    long nanos,
    Extent resident,
    long residentPeakNanos,
    Optional<Extent> proportional,
    Extent swap,
    Extent threads,
    Extent processes,
    Optional<Largest> largest,
    OptionalLong cgroupPeakBytes,
    long processesSeen,
    double userSeconds,
    double systemSeconds,
    long minorFaults,
    long majorFaults,
    Optional<Io> io,
    Optional<Switches> switches,
    Optional<Gpu> gpu) {
  /** Before the first sample. */
  public static final JobTally NONE =
      new JobTally(
          0,
          0,
          Extent.NONE,
          0,
          Optional.empty(),
          Extent.NONE,
          Extent.NONE,
          Extent.NONE,
          Optional.empty(),
          OptionalLong.empty(),
          0,
          0,
          0,
          0,
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * A value at the last sample, and the highest of all samples.
   *
   * @param now at the last sample
   * @param peak the highest
   */
  public record Extent(long now, long peak) {
    static final Extent NONE = new Extent(0, 0);
  }

  /**
   * A process and the most memory that it had in RAM.
   *
   * @param bytes VmHWM
   * @param pid its number
   * @param command its name
   */
  public record Largest(long bytes, long pid, String command) {}

  /**
   * Input and output, as /proc/PID/io counts it.
   *
   * @param readBytes read from devices
   * @param writeBytes written to devices, now or later
   * @param readChars read by system calls, from whatever there is
   * @param writeChars written by system calls
   * @param readCalls system calls that read
   * @param writeCalls system calls that write
   */
  public record Io(
      long readBytes,
      long writeBytes,
      long readChars,
      long writeChars,
      long readCalls,
      long writeCalls) {}

  /**
   * Context switches.
   *
   * @param voluntary because it had to wait
   * @param involuntary because another's turn came
   */
  public record Switches(long voluntary, long involuntary) {}

  /**
   * Use of graphics processors.
   *
   * @param memoryPeakBytes the highest sum of all processes; empty if that can't be had
   * @param busyPeak the most that were kept busy at a sample, 1 is one; empty if it can't be had
   * @param busyMean how many were on average, from the first sample on that tells
   */
  public record Gpu(
      OptionalLong memoryPeakBytes, OptionalDouble busyPeak, OptionalDouble busyMean) {}
}
