package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The way to the daemon of this host: datagrams, or a stream where its socket is one. Used by one
 * thread at a time.
 */
final class LocalLink implements Link {
  private final Link datagrams;
  private final Link stream;
  private Link current;

  LocalLink(Path socket, RecorderClock clock) {
    datagrams = new DatagramLink(new LocalDatagrams(socket));
    stream = StreamLink.local(socket, clock);
    current = datagrams;
  }

  @Override
  public void send(Outgoing report, Patience patience) throws IOException {
    try {
      current.send(report, patience);
    } catch (NoDatagramsException e) {
      sendAsStream(report, patience, e);
    } catch (IOException e) {
      // The next daemon's socket may be of the other kind.
      current = datagrams;
      throw e;
    }
  }

  private void sendAsStream(Outgoing report, Patience patience, NoDatagramsException why)
      throws IOException {
    try {
      stream.send(report, patience);
      current = stream;
    } catch (IOException e) {
      throw why.getCause() instanceof LinkageError ? why : e;
    }
  }

  @Override
  public boolean confirms() {
    return current.confirms();
  }

  @Override
  public boolean isTaken() throws IOException {
    return current.isTaken();
  }

  @Override
  public boolean finish(Patience patience) throws IOException {
    return current.finish(patience);
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
