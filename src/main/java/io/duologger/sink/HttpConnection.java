package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * One client: its requests are read and answered one after the other. No call waits. Used by the
 * server's thread only.
 */
final class HttpConnection implements Closeable {
  /** What a request's head may have; Prometheus's have some 300 bytes. */
  static final int MAX_HEAD = 8192;

  /** From a request's first byte, or from the connection's start, to its last. */
  static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Between requests: longer than scrapes are apart. */
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(150);

  /** For the client to take an answer. */
  static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * For the client to end after the last answer. What it goes on to send is read and forgotten: if
   * it were not, the system might take back the answer as well.
   */
  static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What is written at once: the JDK copies it into memory of its own first, and keeps that. */
  private static final int SLICE = 1 << 16;

  /** What a client may make the server do before it is others' turn. */
  private static final int SLICES = 4;

  /** Answers a request on the server's thread. */
  interface Handler {
    /** The answer to a request that is well formed; does not wait. */
    HttpAnswer answer(HttpRequest request);

    /** The time, as HTTP writes it. */
    String date();
  }

  private enum State {
    READING(REQUEST_NANOS),
    IDLE(IDLE_NANOS),
    ANSWERING(ANSWER_NANOS),
    LAST(LAST_NANOS);

    private final long limit;

    State(long limit) {
      this.limit = limit;
    }
  }

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Handler handler;
  private final byte[] input = new byte[MAX_HEAD];
  private int filled;
  private int searched;
  private ByteBuffer head = ByteBuffer.allocate(0);
  private ByteBuffer body = ByteBuffer.allocate(0);
  private boolean persistent;
  private State state = State.READING;
  private long since;

  /**
   * @param key the channel's, with an interest in reading
   * @param now by the monotonic clock
   */
  HttpConnection(SocketChannel channel, SelectionKey key, Handler handler, long now) {
    this.channel = channel;
    this.key = key;
    this.handler = handler;
    this.since = now;
  }

  /** When what it is doing began, by the monotonic clock. */
  long since() {
    return since;
  }

  /** When it has to be over with what it is doing, by the monotonic clock. */
  long deadline() {
    return since + state.limit;
  }

  /**
   * Goes on: there is something to read, or space to write to.
   *
   * @return whether the connection goes on after that
   * @throws IOException if the connection broke
   */
  boolean advance(long now) throws IOException {
    if (state == State.LAST) {
      return forget();
    }
    if (state == State.ANSWERING) {
      write(now);
      return true;
    }
    int count = channel.read(ByteBuffer.wrap(input, filled, input.length - filled));
    filled += Math.max(0, count);
    // Who sends no more may still wait for answers.
    return next(now) || count >= 0;
  }

  /** Begins to answer if a request is here, and says whether there was one. */
  private boolean next(long now) throws IOException {
    int blank = 0;
    while (blank < filled && (input[blank] == '\r' || input[blank] == '\n')) {
      blank++;
    }
    consume(blank);
    if (filled == 0) {
      key.interestOps(SelectionKey.OP_READ);
      return false;
    }
    if (state == State.IDLE) {
      enter(State.READING, SelectionKey.OP_READ, now);
    }
    int length = HttpRequest.headLength(input, filled, searched);
    searched = filled;
    try {
      if (length >= 0) {
        HttpRequest request = HttpRequest.parse(input, length);
        consume(length);
        begin(handler.answer(request), request.method().equals("HEAD"), request.persistent(), now);
      } else if (filled == input.length) {
        throw new HttpRefusedException(431, "the head is longer than " + MAX_HEAD + " bytes");
      } else {
        key.interestOps(SelectionKey.OP_READ);
        return false;
      }
    } catch (HttpRefusedException refused) {
      begin(HttpAnswer.text(refused.status(), refused.getMessage()), false, false, now);
    }
    return true;
  }

  private void consume(int count) {
    if (count > 0) {
      System.arraycopy(input, count, input, 0, filled - count);
      filled -= count;
      searched = 0;
    }
  }

  private void begin(HttpAnswer answer, boolean headOnly, boolean goesOn, long now)
      throws IOException {
    persistent = goesOn;
    head = ByteBuffer.wrap(answer.head(handler.date(), goesOn));
    body = ByteBuffer.wrap(answer.body());
    if (headOnly) {
      body.position(body.limit());
    }
    enter(State.ANSWERING, SelectionKey.OP_WRITE, now);
    write(now);
  }

  private void write(long now) throws IOException {
    long written = 1;
    for (int i = 0; i < SLICES && written > 0; i++) {
      ByteBuffer slice = body.duplicate();
      slice.limit(Math.min(slice.limit(), slice.position() + SLICE));
      written = channel.write(new ByteBuffer[] {head, slice});
      body.position(slice.position());
    }
    if (head.hasRemaining() || body.hasRemaining()) {
      return;
    }
    head = ByteBuffer.allocate(0);
    body = head;
    if (!persistent) {
      channel.shutdownOutput();
      enter(State.LAST, SelectionKey.OP_READ, now);
    } else if (filled > 0) {
      // The client has sent more at once. It is others' turn first: the channel takes bytes now, so
      // the next round comes back here.
      enter(State.READING, SelectionKey.OP_READ | SelectionKey.OP_WRITE, now);
    } else {
      enter(State.IDLE, SelectionKey.OP_READ, now);
    }
  }

  private boolean forget() throws IOException {
    return channel.read(ByteBuffer.wrap(input)) >= 0;
  }

  private void enter(State next, int interest, long now) {
    state = next;
    since = now;
    key.interestOps(interest);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
