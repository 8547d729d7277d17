package io.duologger.model;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a job ended, and what the kernel says that it used: its first process and all descendants
 * that were waited for.
 *
 * @param status what a shell would call its exit status: that of the process, or 128 and the number
 *     of the signal that ended it
 * @param signal the number of that signal; empty if the process exited
 * @param dumped whether it left a core file
 * @param usage what it used
 */
public record JobEnd(int status, OptionalInt signal, boolean dumped, Usage usage) {
  /**
   * Resources as getrusage(2) has them.
   *
   * @param userNanos CPU time in user mode
   * @param systemNanos CPU time in the kernel
   * @param largestBytes the most resident memory that any one process had; empty if it can't be
   *     told from that of the process which started the job
   * @param minorFaults page faults without I/O
   * @param majorFaults page faults with I/O
   * @param inputBlocks reads from block devices, in units of 512 bytes
   * @param outputBlocks writes to block devices, in units of 512 bytes
   * @param voluntarySwitches times that a thread waited for something
   * @param involuntarySwitches times that a thread was made to wait
   */
  public record Usage(
      long userNanos,
      long systemNanos,
      OptionalLong largestBytes,
      long minorFaults,
      long majorFaults,
      long inputBlocks,
      long outputBlocks,
      long voluntarySwitches,
      long involuntarySwitches) {}
}
