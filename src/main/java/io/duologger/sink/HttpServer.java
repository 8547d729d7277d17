package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 server for answers that are at hand: one daemon thread, which never waits for a
 * client. What clients can take is bounded: connections, the head of a request, the time for each
 * step. When there are too many connections, the one that has been at what it does for the longest
 * time ends, so that a new client is always heard.
 *
 * <p>The JDK's own server reads requests with a thread each: two clients that send slowly occupy a
 * pool of two, and no other client gets an answer.
 */
final class HttpServer implements Closeable {
  /** So many clients at once. */
  static final int MAX_CONNECTIONS = 64;

  /** So many new clients before it is the others' turn. */
  private static final int ACCEPTED_AT_ONCE = 16;

  private static final int BACKLOG = 256;
  private static final long WAIT_MILLIS = 1_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long JOIN_MILLIS = 1_000;

  private final ServerSocketChannel listener;
  private final Selector selector;
  private final SelectionKey accepting;
  private final RecorderClock clock;
  private final HttpConnection.Handler handler;
  private final SinkLog log;
  private final Set<HttpConnection> connections = new LinkedHashSet<>();
  private final Thread thread = new Thread(this::run, "http");
  private boolean refused;
  private long refusedAt;
  private volatile boolean closing;
  private volatile Optional<IOException> failure = Optional.empty();

  /**
   * Listens and serves from now on.
   *
   * @param address an address or a name of this host
   * @param port 0 for any that is free
   * @param handler called by the server's thread
   * @throws IOException if it cannot listen there
   */
  HttpServer(
      String address, int port, RecorderClock clock, HttpConnection.Handler handler, SinkLog log)
      throws IOException {
    this.clock = clock;
    this.handler = handler;
    this.log = log;
    this.listener = listen(address, port);
    try {
      this.selector = Selector.open();
      listener.configureBlocking(false);
      this.accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    thread.setDaemon(true);
    thread.start();
  }

  private static ServerSocketChannel listen(String address, int port) throws IOException {
    try {
      InetAddress place = InetAddress.getByName(address);
      // Not the default family: with it, an IPv4 wildcard would listen on IPv6 too.
      ServerSocketChannel channel =
          ServerSocketChannel.open(
              place instanceof Inet4Address
                  ? StandardProtocolFamily.INET
                  : StandardProtocolFamily.INET6);
      try {
        return channel.bind(new InetSocketAddress(place, port), BACKLOG);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (UnknownHostException e) {
      throw cannotListen(address, port, "unknown host", e);
    } catch (UnsupportedOperationException e) {
      throw cannotListen(address, port, "this host does not have that kind of address", e);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw cannotListen(
          address, port, why.substring(0, 1).toLowerCase(Locale.ROOT) + why.substring(1), e);
    }
  }

  private static IOException cannotListen(String address, int port, String why, Exception e) {
    return new IOException("cannot listen on " + address + " port " + port + ": " + why, e);
  }

  /** The port that it listens on. */
  int port() {
    return listener.socket().getLocalPort();
  }

  /** Why it does not serve any more; empty if it does, or was closed. */
  Optional<IOException> failure() {
    return failure;
  }

  private void run() {
    try (selector;
        listener) {
      while (!closing) {
        selector.select(waitMillis());
        long now = clock.monotonicNanos();
        serve(now);
        expire(now);
        if (refused && now - refusedAt >= PAUSE_NANOS) {
          accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
      }
    } catch (IOException | RuntimeException e) {
      failure = Optional.of(new IOException("the server has ended: " + e, e));
      log.warn(failure.get().getMessage());
    } finally {
      List.copyOf(connections).forEach(this::end);
    }
  }

  private long waitMillis() {
    return refused
        ? TimeUnit.NANOSECONDS.toMillis(PAUSE_NANOS)
        : connections.isEmpty() ? 0 : WAIT_MILLIS;
  }

  private void serve(long now) {
    boolean arrivals = false;
    for (SelectionKey key : selector.selectedKeys()) {
      if (key == accepting) {
        arrivals = true;
      } else if (key.isValid()) {
        advance((HttpConnection) key.attachment(), now);
      }
    }
    selector.selectedKeys().clear();
    if (arrivals) {
      accept(now);
    }
  }

  private void advance(HttpConnection connection, long now) {
    try {
      if (!connection.advance(now)) {
        end(connection);
      }
    } catch (IOException broken) {
      end(connection);
    }
  }

  private void accept(long now) {
    for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
      try {
        SocketChannel channel = listener.accept();
        if (channel == null) {
          return;
        }
        if (refused) {
          refused = false;
          log.info("accepts connections again");
        }
        add(channel, now);
      } catch (IOException e) {
        refuse(e, now);
        return;
      }
    }
  }

  private void add(SocketChannel channel, long now) {
    if (connections.size() == MAX_CONNECTIONS) {
      oldest().ifPresent(this::end);
    }
    try {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      HttpConnection connection = new HttpConnection(channel, key, handler, now);
      key.attach(connection);
      connections.add(connection);
    } catch (IOException e) {
      close(channel);
    }
  }

  /** Without a pause the listener would be ready again at once: the client is still there. */
  private void refuse(IOException why, long now) {
    if (!refused) {
      log.warn("cannot accept connections: " + why.getMessage());
    }
    refused = true;
    refusedAt = now;
    accepting.interestOps(0);
    oldest().ifPresent(this::end);
  }

  private Optional<HttpConnection> oldest() {
    return connections.stream().min(Comparator.comparingLong(HttpConnection::since));
  }

  private void expire(long now) {
    List<HttpConnection> late = new ArrayList<>();
    for (HttpConnection connection : connections) {
      if (now - connection.deadline() >= 0) {
        late.add(connection);
      }
    }
    late.forEach(this::end);
  }

  private void end(HttpConnection connection) {
    connections.remove(connection);
    close(connection);
  }

  private void close(Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      log.warn("cannot close a connection: " + e.getMessage());
    }
  }

  /** Ends all connections at once, whatever they do. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
