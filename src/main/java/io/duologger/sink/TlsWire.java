package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Bytes go by TLS (RFC 5425). Session tickets, key updates and renegotiations are handled when they
 * come, which is when {@link #drain} is called. Used by one thread at a time.
 */
final class TlsWire implements Wire {
  /** In one call, from a receiver that has no end of what it sends. */
  private static final int MAX_STEPS = 64;

  /**
   * How long a server may take to look at our certificate: with TLS 1.3 it says no only after the
   * handshake, and what was sent before that is lost.
   */
  private static final long VERDICT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** What one step of reading came to. */
  private enum Step {
    /** There may be more to do. */
    DONE,
    /** Nothing can be done before the network has moved. */
    STUCK,
    /** Nothing will come any more. */
    ENDED
  }

  private final Connection connection;
  private final TlsClient client;
  private final SSLEngine engine;

  /** What has come and is not decrypted yet, from 0 to the position. */
  private ByteBuffer received;

  /** What is encrypted and not sent yet, from the position to the limit. */
  private ByteBuffer toSend;

  /** What is decrypted. Nobody wants it. */
  private ByteBuffer waste;

  /** Whether the server has sent something that is TLS. */
  private boolean answered;

  /** Whether something has come since the handshake. */
  private boolean heard;

  private boolean ending;

  private TlsWire(Connection connection, TlsClient client) {
    this.connection = connection;
    this.client = client;
    this.engine = client.engine();
    int packet = engine.getSession().getPacketBufferSize();
    received = ByteBuffer.allocate(packet);
    toSend = ByteBuffer.allocate(packet).limit(0);
    waste = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
  }

  /** Does the handshake. The connection is the wire's from here on, and closed if that fails. */
  static TlsWire open(
      Connection connection, TlsClient client, Patience patience, RecorderClock clock)
      throws IOException {
    TlsWire wire = new TlsWire(connection, client);
    try {
      wire.shakeHands(patience);
      if (client.isAsked() && wire.engine.getSession().getProtocol().equals("TLSv1.3")) {
        wire.awaitVerdict(patience, new Patience(clock, VERDICT_NANOS));
      }
      return wire;
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  private void shakeHands(Patience patience) throws IOException {
    engine.beginHandshake();
    while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING || !flush()) {
      switch (step()) {
        case DONE -> {}
        case ENDED -> throw new EOFException("it closes the connection in the TLS handshake");
        case STUCK -> {
          if (patience.isOver()) {
            throw new SocketTimeoutException("it does not answer the TLS handshake");
          }
          await(false, patience);
        }
      }
    }
    heard = false;
  }

  private void awaitVerdict(Patience patience, Patience limit) throws IOException {
    while (!heard && !patience.isOver() && !limit.isOver()) {
      if (!drain()) {
        throw new EOFException("it closes the connection after the TLS handshake");
      }
      if (!heard) {
        await(false, patience);
      }
    }
  }

  @Override
  public boolean drain() throws IOException {
    for (int i = 0; i < MAX_STEPS; i++) {
      switch (step()) {
        case DONE -> {}
        case STUCK -> {
          return true;
        }
        case ENDED -> {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    while (flush() && bytes.hasRemaining()) {
      runTasks();
      // What is encrypted cannot be taken back; so nothing is before the system has room for it.
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP || !connection.isWritable()) {
        return false;
      }
      wrap(bytes);
    }
    return !toSend.hasRemaining();
  }

  @Override
  public boolean end() throws IOException {
    ending = true;
    engine.closeOutbound();
    for (int i = 0; i < MAX_STEPS && flush(); i++) {
      if (engine.isOutboundDone()) {
        connection.shutdownOutput();
        return true;
      }
      runTasks();
      wrap(NOTHING);
    }
    return false;
  }

  @Override
  public void await(boolean writing, Patience patience) throws IOException {
    boolean reply = engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
    connection.await(
        toSend.hasRemaining() || writing && !reply
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ,
        patience);
  }

  @Override
  public SocketAddress local() throws IOException {
    return connection.local();
  }

  @Override
  public SocketAddress remote() throws IOException {
    return connection.remote();
  }

  /** Says close_notify, or the alert that is due, if that can be done without waiting. */
  @Override
  public void close() throws IOException {
    try (connection) {
      if (!ending) {
        sayFarewell();
      }
    }
  }

  private void sayFarewell() {
    try {
      // Bytes that nobody has read would make the system break the connection instead of ending it.
      drain();
      end();
      drain();
    } catch (IOException e) {
      // It is broken already: there is nobody to take leave of.
      ending = true;
    }
  }

  /** Does the next thing that is to be done, except for writing what is not the engine's own. */
  private Step step() throws IOException {
    runTasks();
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flush()) {
      wrap(NOTHING);
      flush();
      return Step.DONE;
    }
    return engine.isInboundDone() ? afterEnd() : unwrap();
  }

  private void runTasks() {
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      engine.getDelegatedTask().run();
    }
  }

  /** The server has said close_notify. Whether it has ended the connection too is worth knowing. */
  private Step afterEnd() throws IOException {
    return ending ? read(waste.clear()) : Step.ENDED;
  }

  private Step unwrap() throws IOException {
    SSLEngineResult result;
    received.flip();
    try {
      result = engine.unwrap(received, waste.clear());
    } catch (SSLException e) {
      throw client.failure(e, answered);
    } finally {
      received.compact();
    }
    return switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        if (!received.hasRemaining()) {
          received = ByteBuffer.allocate(2 * received.capacity()).put(received.flip());
        }
        yield read(received);
      }
      case BUFFER_OVERFLOW -> {
        waste = ByteBuffer.allocate(2 * waste.capacity());
        yield Step.DONE;
      }
      case OK -> {
        boolean some = result.bytesConsumed() > 0;
        answered |= some;
        heard |= some;
        yield some || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK
            ? Step.DONE
            : Step.STUCK;
      }
      case CLOSED -> afterEnd();
    };
  }

  private Step read(ByteBuffer into) throws IOException {
    int count = connection.read(into);
    if (count < 0) {
      return Step.ENDED;
    }
    return count > 0 ? Step.DONE : Step.STUCK;
  }

  private void wrap(ByteBuffer bytes) throws IOException {
    toSend.clear();
    try {
      SSLEngineResult result = engine.wrap(bytes, toSend);
      switch (result.getStatus()) {
        case BUFFER_OVERFLOW -> toSend = ByteBuffer.allocate(2 * toSend.capacity());
        case CLOSED -> {
          if (bytes.hasRemaining()) {
            throw new EOFException("it has ended the connection");
          }
        }
        default -> {}
      }
    } catch (SSLException e) {
      throw client.failure(e, answered);
    } finally {
      toSend.flip();
    }
  }

  /** Sends what is encrypted, and says whether that is all. */
  private boolean flush() throws IOException {
    try {
      return connection.write(toSend);
    } catch (IOException e) {
      // A server that ends the connection may have said why before.
      for (int i = 0; i < MAX_STEPS && !engine.isInboundDone() && unwrap() == Step.DONE; i++) {
        runTasks();
      }
      throw e;
    }
  }
}
