package io.duologger.sink;

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

  private final String server;
  private final int port;
  private Optional<DatagramChannel> channel = Optional.empty();

  UdpDatagrams(String server, int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    this.server = server;
    this.port = port;
  }

  @Override
  public boolean send(byte[] message, Patience patience) throws IOException {
    if (message.length > MAX_BYTES) {
      throw new MessageTooLongException(receiver(), message.length);
    }
    try {
      if (channel.isPresent()) {
        return write(channel.get(), message, patience);
      }
      channel = Optional.of(open(message, patience));
      return false;
    } catch (SlowReceiverException slow) {
      throw slow;
    } catch (IOException broken) {
      close();
      throw failure(broken);
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

  private boolean write(DatagramChannel to, byte[] message, Patience patience) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    boolean waited = false;
    while (to.write(bytes) == 0) {
      waited = true;
      awaitRoom(to, patience);
    }
    return waited;
  }

  private void awaitRoom(DatagramChannel full, Patience patience) throws IOException {
    int millis = patience.slice();
    if (millis == 0) {
      throw new SlowReceiverException(
          "cannot send to " + receiver() + ": the network takes no more");
    }
    try (Selector selector = Selector.open()) {
      full.register(selector, SelectionKey.OP_WRITE);
      selector.select(millis);
    }
  }

  /** A socket connected to the first address of the server that does not refuse the message. */
  private DatagramChannel open(byte[] message, Patience patience) throws IOException {
    IOException failure = new UnknownHostException(server);
    for (InetAddress address : InetAddress.getAllByName(server)) {
      DatagramChannel opened = DatagramChannel.open();
      try {
        opened.configureBlocking(false);
        opened.connect(new InetSocketAddress(address, port));
        write(opened, message, patience);
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
