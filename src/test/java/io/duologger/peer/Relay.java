package io.duologger.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Passes one connection on to a port of this host, in pieces of a few bytes. */
public final class Relay implements AutoCloseable {
  private final StreamReceiver receiver;

  /** Waits for the connection on threads of its own. */
  public Relay(int port, int pieceBytes) throws IOException {
    receiver = StreamReceiver.tcp();
    OwnThread.run(
        () -> {
          SocketChannel from = receiver.accept().channel();
          SocketChannel to = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
          OwnThread.run(() -> pass(to, from, pieceBytes));
          return pass(from, to, pieceBytes);
        });
  }

  /** Where it listens. */
  public int port() throws IOException {
    return receiver.port();
  }

  private static boolean pass(SocketChannel from, SocketChannel to, int pieceBytes)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(pieceBytes);
    while (from.read(piece.clear()) >= 0) {
      to.write(piece.flip());
    }
    to.shutdownOutput();
    return true;
  }

  @Override
  public void close() throws IOException {
    receiver.close();
  }
}
