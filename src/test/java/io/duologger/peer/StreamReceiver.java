package io.duologger.peer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A socket that listens, by TCP or locally. It accepts connections and reads when the test says so;
 * the system lets others connect, and send as much as its buffers have room for, before that.
 */
public final class StreamReceiver implements AutoCloseable {
  private final ServerSocketChannel server;

  private StreamReceiver(ServerSocketChannel server) {
    this.server = server;
  }

  /** Listens on any port of the loopback address of IPv4. */
  public static StreamReceiver tcp() throws IOException {
    return tcp("127.0.0.1", 0, 0);
  }

  /**
   * Listens on a port of an address.
   *
   * @param receiveBytes of the buffer of each connection; 0 for what the system takes
   */
  public static StreamReceiver tcp(String address, int port, int receiveBytes) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    if (receiveBytes > 0) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
    }
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    return new StreamReceiver(server);
  }

  /** Listens on a local socket, with room for one connection that is not accepted yet. */
  public static StreamReceiver local(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket), 1);
    return new StreamReceiver(server);
  }

  /** A port that nobody listens on. */
  public static int freePort() throws IOException {
    try (StreamReceiver any = tcp()) {
      return any.port();
    }
  }

  /** Where it listens. */
  public int port() throws IOException {
    SocketAddress address = server.getLocalAddress();
    return ((InetSocketAddress) address).getPort();
  }

  /** Waits for a connection. */
  public Peer accept() throws IOException {
    return new Peer(server.accept());
  }

  /** Refuses connections from here on. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The receiver's end of a connection. */
  public static final class Peer implements AutoCloseable {
    private final SocketChannel channel;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    /** The connection itself. */
    public SocketChannel channel() {
      return channel;
    }

    /** So many bytes, or all until the end if there are fewer. */
    public String read(int bytes) throws IOException {
      InputStream in = Channels.newInputStream(channel);
      return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    /** Everything until the sender ends the connection. */
    public String readAll() throws IOException {
      return read(Integer.MAX_VALUE);
    }

    /** Reads everything on another thread. */
    public CompletableFuture<String> reading() {
      return OwnThread.run(this::readAll);
    }

    /** Sends something. */
    public void write(String text) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    /** Sends without end on another thread, until that fails. */
    public CompletableFuture<Void> flood(byte[] bytes) {
      return OwnThread.run(
          () -> {
            while (channel.isOpen()) {
              channel.write(ByteBuffer.wrap(bytes));
            }
            return null;
          });
    }

    /** Breaks the connection. */
    public void reset() throws IOException {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
