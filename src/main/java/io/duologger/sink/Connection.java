package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * A stream socket and the means to wait for it: of its calls only {@link #open} and {@link #await}
 * wait, and not longer than they are told. Used by one thread at a time.
 */
final class Connection implements Closeable {
  /** More than this is not copied for a write that may take less. */
  private static final int WRITE_BYTES = 64 * 1024;

  private static final int KEEPALIVE_IDLE_SECONDS = 60;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEPALIVE_COUNT = 3;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  /** Whether the receiver has ended it: there is nothing to wait for on that side. */
  private boolean ended;

  private Connection(SocketChannel channel, Selector selector, SelectionKey key) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
  }

  /**
   * Connects to an address.
   *
   * @throws SocketTimeoutException if the patience or the limit is over before
   */
  static Connection open(SocketAddress address, Patience patience, Patience limit)
      throws IOException {
    boolean local = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        local ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.configureBlocking(false);
      if (!local) {
        keepAlive(channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return connect(channel, address, patience, limit);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Connection connect(
      SocketChannel channel, SocketAddress address, Patience patience, Patience limit)
      throws IOException {
    Selector selector = Selector.open();
    try {
      Connection connection =
          new Connection(channel, selector, channel.register(selector, SelectionKey.OP_CONNECT));
      boolean connected = channel.connect(address);
      while (!connected) {
        if (patience.isOver() || limit.isOver()) {
          throw new SocketTimeoutException("it did not answer in time");
        }
        connection.await(SelectionKey.OP_CONNECT, patience);
        connected = channel.finishConnect();
      }
      if (address instanceof InetSocketAddress && address.equals(channel.getLocalAddress())) {
        // TCP connects a socket to itself if it was given the very port that nobody listens on.
        throw new ConnectException("Connection refused");
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      selector.close();
      throw e;
    }
  }

  /** Lets the system find out within two minutes that the receiver's host is gone. */
  private static void keepAlive(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
    set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
    set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_COUNT);
  }

  private static void set(SocketChannel channel, SocketOption<Integer> option, int value)
      throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }

  /** Reads what is there: the number of bytes, 0 if none have come, -1 if none will. */
  int read(ByteBuffer into) throws IOException {
    int count = channel.read(into);
    ended = count < 0;
    return count;
  }

  /** Writes what the system takes, and says whether that is all. */
  boolean write(ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    try {
      while (bytes.position() < end) {
        bytes.limit(Math.min(end, bytes.position() + WRITE_BYTES));
        if (channel.write(bytes) == 0) {
          return false;
        }
      }
      return true;
    } finally {
      bytes.limit(end);
    }
  }

  /** Tells the receiver that nothing follows. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /**
   * Waits for one of the operations of {@link SelectionKey}, for one slice of the patience at most.
   */
  void await(int operations, Patience patience) throws IOException {
    select(operations, patience.slice());
  }

  /** Whether the system has a good deal of room now: a third of its buffer, says Linux. */
  boolean isWritable() throws IOException {
    return select(SelectionKey.OP_WRITE, 0);
  }

  private boolean select(int operations, int millis) throws IOException {
    selector.selectedKeys().clear();
    key.interestOps(ended ? operations & ~SelectionKey.OP_READ : operations);
    if (millis > 0) {
      selector.select(millis);
    } else {
      selector.selectNow();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    return !selector.selectedKeys().isEmpty();
  }

  /** This end. */
  SocketAddress local() throws IOException {
    return channel.getLocalAddress();
  }

  /** The receiver's end. */
  SocketAddress remote() throws IOException {
    return channel.getRemoteAddress();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
