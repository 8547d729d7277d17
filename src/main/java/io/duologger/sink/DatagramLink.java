package io.duologger.sink;

import java.io.IOException;

/**
 * The way to a receiver of datagrams, one a message. Whether they arrive is not to be learned, but
 * for a refusal. Used by one thread at a time.
 */
final class DatagramLink implements Link {
  private final Datagrams datagrams;

  DatagramLink(Datagrams datagrams) {
    this.datagrams = datagrams;
  }

  @Override
  public void send(Outgoing report, Patience patience) throws IOException {
    try {
      while (report.hasNext()) {
        try {
          if (datagrams.send(report.next(), patience)) {
            report.waited();
          }
          report.sent();
        } catch (MessageTooLongException e) {
          report.skip(e);
        }
      }
    } catch (SlowReceiverException slow) {
      throw slow;
    } catch (IOException broken) {
      report.restart();
      throw broken;
    }
  }

  @Override
  public boolean confirms() {
    return false;
  }

  @Override
  public boolean isTaken() {
    return true;
  }

  @Override
  public boolean finish(Patience patience) throws IOException {
    close();
    return true;
  }

  @Override
  public void close() throws IOException {
    datagrams.close();
  }
}
