package io.duologger.sink;

import java.util.List;

/**
 * A report as a receiver gets it.
 *
 * @param wall when it was formatted, nanoseconds since the epoch
 * @param messages one for each line, whole but without what separates them on a stream; not to be
 *     changed
 */
record ReportMessages(long wall, List<byte[]> messages) {
  /** Copies the list. */
  ReportMessages {
    messages = List.copyOf(messages);
  }

  /** The bytes of all messages. */
  long size() {
    return messages.stream().mapToLong(message -> message.length).sum();
  }
}
