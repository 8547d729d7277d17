package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;

/**
 * Sends to a port of a host by UDP. The host's name is looked up when the socket is opened, which
 * may take as long as the resolver does, and again after an error.
 *
 * <p>The socket is connected: that nobody listens is learned from the message after the one that
 * was lost. On this host it is known at once, and the first message goes to each address of the
 * server until one takes it: a daemon may have only one of those of localhost. Used by one thread
 * at a time.
 */
final class UdpDatagrams implements Datagrams {
  /** What an IPv4 packet has room for. */
  private static final int MAX_BYTES = 65_507;

  /** What is sent waits in the system until the deadline. */
  private static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1;

    NoRoomException() {
      super("the network takes no more");
    }
  }

  private final String server;
  private final int port;
  private final RecorderClock clock;
  private Optional<DatagramChannel> channel = Optional.empty();

  UdpDatagrams(String server, int port, RecorderClock clock) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    this.server = server;
    this.port = port;
    this.clock = clock;
  }

  @Override
  public void send(byte[] message, long deadline) throws IOException {
    if (message.length > MAX_BYTES) {
      throw DatagramLostException.tooLong(receiver(), message.length);
    }
    boolean fresh = channel.isEmpty();
    try {
      write(message, deadline);
    } catch (NoRoomException e) {
      throw failure(e);
    } catch (IOException earlier) {
      close();
      if (fresh) {
        throw failure(earlier);
      }
      sendAnew(message, deadline);
      throw new DatagramLostException(
          failure(earlier).getMessage() + " (of a message before)", earlier);
    }
  }

  private void sendAnew(byte[] message, long deadline) throws IOException {
    try {
      write(message, deadline);
    } catch (IOException e) {
      close();
      throw failure(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      DatagramChannel last = channel.get();
      channel = Optional.empty();
      last.close();
    }
  }

  private void write(byte[] message, long deadline) throws IOException {
    if (channel.isPresent()) {
      write(channel.get(), message, deadline);
    } else {
      channel = Optional.of(open(message, deadline));
    }
  }

  private void write(DatagramChannel to, byte[] message, long deadline) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    while (to.write(bytes) == 0) {
      awaitRoom(to, deadline);
    }
  }

  private void awaitRoom(DatagramChannel full, long deadline) throws IOException {
    int millis = Datagrams.millisUntil(deadline, clock.monotonicNanos());
    if (millis == 0) {
      throw new NoRoomException();
    }
    try (Selector selector = Selector.open()) {
      full.register(selector, SelectionKey.OP_WRITE);
      selector.select(millis);
    }
  }

  /** A socket connected to the first address of the server that does not refuse the message. */
  private DatagramChannel open(byte[] message, long deadline) throws IOException {
    IOException failure = new UnknownHostException(server);
    for (InetAddress address : InetAddress.getAllByName(server)) {
      DatagramChannel opened = DatagramChannel.open();
      try {
        opened.configureBlocking(false);
        opened.connect(new InetSocketAddress(address, port));
        write(opened, message, deadline);
        // Nobody answers, but this host's refusal is there by now.
        opened.read(ByteBuffer.allocate(1));
        return opened;
      } catch (IOException e) {
        opened.close();
        failure = failure instanceof PortUnreachableException ? failure : e;
      }
    }
    throw failure;
  }

  private IOException failure(IOException cause) {
    String reason =
        cause instanceof PortUnreachableException ? "nobody listens there" : cause.getMessage();
    return new IOException("cannot send to " + receiver() + ": " + reason, cause);
  }

  private String receiver() {
    return server + " port " + port;
  }
}
