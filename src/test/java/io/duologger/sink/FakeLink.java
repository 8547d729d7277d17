package io.duologger.sink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A way to a receiver as the test wants it. */
final class FakeLink implements Link {
  /** The messages that were sent, in order. */
  final List<String> sent = new ArrayList<>();

  final boolean confirms;
  boolean taken = true;
  boolean finishes = true;
  boolean closed;

  /** What goes wrong when a report is sent. */
  Optional<IOException> failure = Optional.empty();

  /** What goes wrong when the receiver is asked about it. */
  Optional<IOException> broken = Optional.empty();

  /** How many attempts there were. */
  int attempts;

  FakeLink(boolean confirms) {
    this.confirms = confirms;
  }

  /** Why the next attempts fail. */
  void fail(String why) {
    failure = Optional.of(new IOException(why));
  }

  @Override
  public void send(Outgoing report, Patience patience) throws IOException {
    attempts++;
    if (failure.isPresent()) {
      report.restart();
      throw failure.get();
    }
    while (report.hasNext()) {
      sent.add(new String(report.next(), StandardCharsets.US_ASCII));
      report.sent();
    }
  }

  @Override
  public boolean confirms() {
    return confirms;
  }

  @Override
  public boolean isTaken() throws IOException {
    if (broken.isPresent()) {
      IOException why = broken.get();
      broken = Optional.empty();
      throw why;
    }
    return taken;
  }

  @Override
  public boolean finish(Patience patience) throws IOException {
    if (broken.isPresent()) {
      throw broken.get();
    }
    return finishes;
  }

  @Override
  public void close() {
    closed = true;
  }
}
