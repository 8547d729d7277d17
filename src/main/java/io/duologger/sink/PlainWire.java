package io.duologger.sink;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** Bytes go as they are. Used by one thread at a time. */
final class PlainWire implements Wire {
  private static final int READ_BYTES = 8 * 1024;

  /** In one call, from a receiver that has no end of what it sends. */
  private static final int MAX_READS = 16;

  private final Connection connection;
  private final ByteBuffer waste = ByteBuffer.allocate(READ_BYTES);

  PlainWire(Connection connection) {
    this.connection = connection;
  }

  @Override
  public boolean drain() throws IOException {
    for (int i = 0; i < MAX_READS; i++) {
      int count = connection.read(waste.clear());
      if (count <= 0) {
        return count == 0;
      }
    }
    return true;
  }

  /** Does not begin before the system has a good deal of room: what is begun has to be finished. */
  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    return (bytes.position() > 0 || connection.isWritable()) && connection.write(bytes);
  }

  @Override
  public boolean end() throws IOException {
    connection.shutdownOutput();
    return true;
  }

  @Override
  public void await(boolean writing, Patience patience) throws IOException {
    connection.await(
        writing ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ, patience);
  }

  @Override
  public SocketAddress local() throws IOException {
    return connection.local();
  }

  @Override
  public SocketAddress remote() throws IOException {
    return connection.remote();
  }

  @Override
  public void close() throws IOException {
    try (connection) {
      readLast();
    }
  }

  /** Bytes that nobody has read would make the system break the connection instead of ending it. */
  private void readLast() {
    try {
      drain();
    } catch (IOException e) {
      // It is broken already, and its bytes are gone.
      waste.clear();
    }
  }
}
