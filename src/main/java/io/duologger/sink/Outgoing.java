package io.duologger.sink;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A report on its way, and how far it has got. Used by one thread. */
final class Outgoing {
  private final List<byte[]> messages;
  private int next;
  private int lost;
  private int waits;
  private Optional<IOException> why = Optional.empty();

  Outgoing(ReportMessages report) {
    this.messages = report.messages();
  }

  /** Whether there is a message that is not sent yet. */
  boolean hasNext() {
    return next < messages.size();
  }

  /** The first message that is not sent yet. */
  byte[] next() {
    return messages.get(next);
  }

  /** All messages. */
  List<byte[]> messages() {
    return messages;
  }

  /** That message is sent. */
  void sent() {
    next++;
  }

  /** That message had to wait for the receiver. */
  void waited() {
    waits++;
  }

  /** That message can never be sent; the ones after it can. */
  void skip(IOException reason) {
    next++;
    lost++;
    why = Optional.of(reason);
  }

  /** It is not known how much of it has arrived: all of it has to be sent again. */
  void restart() {
    next = 0;
    lost = 0;
  }

  /** How many messages could never be sent. */
  int lost() {
    return lost;
  }

  /** Why the last of those could not. */
  Optional<IOException> why() {
    return why;
  }

  /** How many messages had to wait for the receiver. */
  int waits() {
    return waits;
  }
}
