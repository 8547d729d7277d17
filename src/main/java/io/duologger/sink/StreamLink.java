package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The way to a syslog receiver over a connection: TCP (RFC 6587), TLS (RFC 5425) or a local stream
 * socket. A connection that the receiver has ended is replaced before something is sent on it; a
 * report of which only a part may have arrived is set back to its start, and its connection is
 * closed, for a receiver to throw away what has not come whole.
 *
 * <p>What the kernel has acknowledgements for counts as taken: see {@link SendQueue}. A local
 * socket has taken what is sent. Used by one thread at a time.
 */
final class StreamLink implements Link {
  private static final Path PROC = Path.of("/proc");
  private static final long LOCAL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How a connection is opened. */
  @FunctionalInterface
  private interface Opening {
    Wire open(Patience patience) throws IOException;
  }

  /** The receiver is there, but takes no more at present. */
  private static final class NotReadException extends IOException {
    private static final long serialVersionUID = 1;

    NotReadException() {
      super("the receiver does not read");
    }
  }

  private final String receiver;
  private final Framing framing;
  private final SendQueue queue;
  private final Opening opening;
  private Optional<Wire> wire = Optional.empty();

  /** Whether something was sent on this connection that is not known to be taken. */
  private boolean unconfirmed;

  private StreamLink(String receiver, Framing framing, SendQueue queue, Opening opening) {
    this.receiver = receiver;
    this.framing = framing;
    this.queue = queue;
    this.opening = opening;
  }

  /** By TCP, to a port of a host that is given by its name or address. */
  static Link tcp(String server, int port, Framing framing, RecorderClock clock) {
    Connector connector = new Connector(new Lookup(server, InetAddress::getAllByName), port, clock);
    return new StreamLink(
        server + " port " + port,
        framing,
        new SendQueue(PROC),
        patience -> new PlainWire(connector.connect(patience)));
  }

  /** By TLS; messages have their lengths before them, as RFC 5425 wants it. */
  static Link tls(String server, int port, TlsSettings tls, RecorderClock clock) {
    Connector connector = new Connector(new Lookup(server, InetAddress::getAllByName), port, clock);
    return new StreamLink(
        server + " port " + port,
        Framing.OCTET_COUNTING,
        new SendQueue(PROC),
        patience -> {
          TlsClient client = TlsClient.of(tls, server, port);
          Connection connection = connector.connect(patience);
          try {
            return TlsWire.open(connection, client, patience, clock);
          } catch (IOException e) {
            connector.turnAway();
            throw e;
          }
        });
  }

  /** To a local stream socket, with the zero bytes of glibc's syslog(3) between messages. */
  static Link local(Path socket, RecorderClock clock) {
    return new StreamLink(
        socket.toString(),
        Framing.ZERO,
        new SendQueue(PROC),
        patience ->
            new PlainWire(
                Connection.open(
                    UnixDomainSocketAddress.of(socket),
                    patience,
                    new Patience(clock, LOCAL_LIMIT_NANOS))));
  }

  @Override
  public void send(Outgoing report, Patience patience) throws IOException {
    try {
      if (wire.isPresent() && hasEnded(wire.get())) {
        discard();
      }
      if (wire.isEmpty()) {
        wire = Optional.of(opening.open(patience));
      }
      write(wire.get(), report, patience);
    } catch (NotReadException e) {
      throw failure(e);
    } catch (IOException e) {
      discard();
      throw failure(e);
    }
  }

  @Override
  public boolean confirms() {
    return true;
  }

  @Override
  public boolean isTaken() throws IOException {
    if (wire.isEmpty()) {
      return true;
    }
    try {
      SendQueue.State queued = unconfirmed ? state(wire.get()) : SendQueue.State.EMPTY;
      // Only now: a connection that breaks in between is not in the table, and noticed here.
      if (hasEnded(wire.get())) {
        throw new EOFException("the receiver has ended the connection");
      }
      unconfirmed &= queued == SendQueue.State.WAITING;
      return !unconfirmed;
    } catch (IOException e) {
      discard();
      throw failure(e);
    }
  }

  @Override
  public boolean finish(Patience patience) throws IOException {
    if (wire.isEmpty()) {
      return true;
    }
    try {
      if (hasEnded(wire.get())) {
        throw new EOFException("the receiver has ended the connection");
      }
      return finish(wire.get(), patience);
    } catch (IOException e) {
      throw failure(e);
    } finally {
      discard();
    }
  }

  @Override
  public void close() throws IOException {
    if (wire.isPresent()) {
      Wire last = wire.get();
      wire = Optional.empty();
      unconfirmed = false;
      last.close();
    }
  }

  /**
   * Whether the receiver has ended the connection after it had taken everything.
   *
   * @throws IOException if it has ended or broken it before, or that is not known
   */
  private boolean hasEnded(Wire open) throws IOException {
    try {
      if (open.drain()) {
        return false;
      }
    } catch (IOException e) {
      if (unconfirmed) {
        throw e;
      }
      return true;
    }
    if (unconfirmed && state(open) != SendQueue.State.EMPTY) {
      throw closedEarly();
    }
    return true;
  }

  private static EOFException closedEarly() {
    return new EOFException("the receiver has closed the connection before it had taken all");
  }

  private void write(Wire to, Outgoing report, Patience patience) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(framed(report));
    try {
      while (!to.write(bytes)) {
        if (patience.isOver()) {
          throw bytes.position() == 0
              ? new NotReadException()
              : new IOException("the receiver does not read");
        }
        to.await(true, patience);
        if (!to.drain()) {
          throw new EOFException(
              "the receiver has closed the connection in the middle of a report");
        }
      }
      unconfirmed = true;
    } catch (IOException e) {
      report.restart();
      throw e;
    }
  }

  private boolean finish(Wire open, Patience patience) throws IOException {
    boolean told = open.end();
    boolean waiting = false;
    while (true) {
      boolean ended = !open.drain();
      if (ended || patience.isOver()) {
        SendQueue.State state = state(open);
        if (waiting && state == SendQueue.State.UNKNOWN) {
          throw closedEarly();
        }
        waiting = state == SendQueue.State.WAITING;
        if (!waiting || patience.isOver()) {
          return told && !waiting;
        }
      }
      open.await(!told, patience);
      told = told || open.end();
    }
  }

  private SendQueue.State state(Wire open) throws IOException {
    return queue.state(open.local(), open.remote());
  }

  private void discard() {
    try {
      close();
    } catch (IOException e) {
      // It was of no more use before.
      unconfirmed = false;
    }
  }

  /** All that is left of a report, marked as sent. */
  private byte[] framed(Outgoing report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (report.hasNext()) {
      byte[] message = report.next();
      if (framing == Framing.OCTET_COUNTING) {
        bytes.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
      }
      bytes.writeBytes(message);
      switch (framing) {
        case OCTET_COUNTING -> {}
        case LINE_FEED -> bytes.write('\n');
        case ZERO -> bytes.write(0);
      }
      report.sent();
    }
    return bytes.toByteArray();
  }

  private IOException failure(IOException cause) {
    return new IOException("cannot send to " + receiver + ": " + reason(cause), cause);
  }

  /** The system's errors in the words of this program's messages. */
  private static String reason(IOException e) {
    String text = String.valueOf(e.getMessage());
    if (e instanceof UnknownHostException) {
      int colon = text.indexOf(": ");
      return "its name is unknown" + (colon < 0 ? "" : " (" + text.substring(colon + 2) + ")");
    }
    if (text.equals("No route to host") || text.contains("unreachable")) {
      return "there is no route to it";
    }
    return switch (text) {
      case "Connection refused" -> "nobody listens there";
      case "Connection timed out" -> "it does not answer any more";
      case "Connection reset", "Connection reset by peer", "Broken pipe" ->
          "the receiver has broken the connection";
      case "Resource temporarily unavailable" -> "it does not accept connections";
      default -> e instanceof SocketException ? lowerCased(text) : text;
    };
  }

  private static String lowerCased(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
