package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Delivers the reports of a backlog one after the other: each is sent, and taken out of the backlog
 * when the receiver's host has acknowledged it and the connection has lived on for a second, or, if
 * others wait, for the pause between two. A report whose connection breaks before is sent again. So
 * nothing is lost that this host knows of, and at most one report is twice there after a break.
 *
 * <p>A receiver that is not there is tried again after pauses that double up to a limit, each
 * shortened by chance, so that a thousand hosts don't come back at once.
 *
 * <p>One thread calls {@link #step} again and again; any thread may call the others.
 */
final class Sender {
  /** What {@link #step} answers when there is nothing to do until somebody says so. */
  static final long FOREVER = Long.MAX_VALUE;

  /** What {@link #step} answers when it has come to its end. */
  static final long ENDED = -1;

  private static final long QUIET = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_POLL = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_POLL = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int MOST_DOUBLINGS = 20;
  private static final int MOST_REASONS = 16;

  /** How long a receiver may take nothing, or acknowledge nothing. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  /** How long a receiver may take to end the connection, when we have. */
  private static final long FAREWELL = TimeUnit.SECONDS.toNanos(1);

  private final Backlog backlog;
  private final Link link;
  private final RecorderClock clock;
  private final long gap;
  private final long longestPause;
  private final DoubleSupplier chance;
  private final SinkLog log;

  private Optional<Outgoing> current = Optional.empty();
  private boolean sent;
  private long sentAt;
  private long earliest;
  private boolean paused;
  private boolean worked;
  private int failures;
  private final Set<String> reasons = new HashSet<>();
  private Patience patience;

  private volatile boolean down;
  private volatile long downSince;
  private volatile long delivered;
  private volatile long messagesLost;
  private volatile long waits;
  private volatile long breaks;
  private boolean stopping;
  private long end;

  /**
   * @param gap nanoseconds between two reports while others wait
   * @param longestPause the longest pause between two attempts, nanoseconds
   * @param chance gives numbers from 0 to 1
   */
  Sender(
      Backlog backlog,
      Link link,
      RecorderClock clock,
      long gap,
      long longestPause,
      DoubleSupplier chance,
      SinkLog log) {
    this.backlog = backlog;
    this.link = link;
    this.clock = clock;
    this.gap = gap;
    this.longestPause = longestPause;
    this.chance = chance;
    this.log = log;
    this.earliest = clock.monotonicNanos();
    this.patience = new Patience(clock, 0);
  }

  /**
   * Does what is to be done now.
   *
   * @return nanoseconds until the next step is due, {@link #FOREVER} if only another report or the
   *     stop makes one due, or {@link #ENDED}
   */
  long step() {
    // Asked before the backlog: what comes before the stop is sent.
    boolean last = isStopping();
    if (current.isEmpty()) {
      current = backlog.oldest().map(Outgoing::new);
      sent = false;
    }
    if (current.isEmpty()) {
      return last ? finish() : FOREVER;
    }
    if (isOver()) {
      return finish();
    }
    try {
      return sent ? await() : send(current.get());
    } catch (IOException e) {
      return failed(e);
    } catch (RuntimeException e) {
      current.get().restart();
      return failed(new IOException("unforeseen failure: " + e, e));
    }
  }

  private long send(Outgoing report) throws IOException {
    long wait = earliest - clock.monotonicNanos();
    if (wait > 0) {
      return paused && isStopping() ? finish() : wait;
    }
    link.send(report, patience(PATIENCE));
    sent = true;
    sentAt = clock.monotonicNanos();
    if (link.confirms()) {
      return 0;
    }
    earliest = sentAt + gap;
    return arrived();
  }

  /** Waits for the acknowledgement of what is sent. */
  private long await() throws IOException {
    boolean last = backlog.counts().waiting() <= 1;
    if (last && isStopping()) {
      return finish();
    }
    long quiet = last ? QUIET : gap;
    long now = clock.monotonicNanos();
    if (now - sentAt < quiet) {
      return sentAt + quiet - now;
    }
    if (link.isTaken()) {
      return arrived();
    }
    if (now - sentAt > PATIENCE) {
      link.close();
      throw new IOException("the receiver's host does not answer");
    }
    return Math.max(SHORTEST_POLL, Math.min(LONGEST_POLL, (now - sentAt) / 8));
  }

  private long arrived() {
    Outgoing report = current.orElseThrow();
    backlog.delivered();
    delivered++;
    waits += report.waits();
    if (report.lost() > 0) {
      if (messagesLost == 0) {
        report.why().ifPresent(why -> log.warn(why.getMessage()));
      }
      messagesLost += report.lost();
    }
    current = Optional.empty();
    worked = true;
    failures = 0;
    paused = false;
    if (down) {
      down = false;
      reasons.clear();
      long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.monotonicNanos() - downSince);
      Backlog.Counts counts = backlog.counts();
      log.info(
          "works again after "
              + seconds
              + " s, "
              + counts.waiting()
              + " more reports wait, "
              + counts.lost()
              + " were lost so far");
    }
    return 0;
  }

  private long failed(IOException why) {
    if (sent) {
      sent = false;
      current.orElseThrow().restart();
    }
    if (worked) {
      // It was there: most likely it was started anew, and another attempt is worth while at once.
      worked = false;
      breaks++;
      earliest = clock.monotonicNanos();
      return 0;
    }
    if (!down) {
      down = true;
      downSince = clock.monotonicNanos();
    }
    if (reasons.size() < MOST_REASONS && reasons.add(String.valueOf(why.getMessage()))) {
      log.warn("cannot write: " + why.getMessage());
    }
    long pause = FIRST_PAUSE << Math.min(failures++, MOST_DOUBLINGS);
    pause = Math.min(pause, longestPause);
    earliest = clock.monotonicNanos() + pause - (long) (chance.getAsDouble() * pause / 2);
    paused = true;
    return 0;
  }

  /** The end: what is sent is acknowledged in the time that is left, or stays in the backlog. */
  private long finish() {
    try {
      if (current.isPresent() && sent && link.finish(patience(FAREWELL))) {
        arrived();
      }
      link.close();
    } catch (IOException e) {
      log.warn("cannot write: " + e.getMessage());
    }
    return ENDED;
  }

  private synchronized Patience patience(long nanos) {
    patience = new Patience(clock, nanos);
    if (stopping) {
      patience.shorten(end);
    }
    return patience;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /** Whether there is no time left. */
  private synchronized boolean isOver() {
    return stopping && clock.monotonicNanos() - end >= 0;
  }

  /** Comes to an end: with the backlog's, or at {@code deadline} by the monotonic clock. */
  synchronized void stop(long deadline) {
    stopping = true;
    end = deadline;
    patience.shorten(deadline);
  }

  /** Reports that the receiver has, as far as can be known. */
  long delivered() {
    return delivered;
  }

  /** Messages that could never be sent. */
  long messagesLost() {
    return messagesLost;
  }

  /** Messages that had to wait for the receiver. */
  long waits() {
    return waits;
  }

  /** How often the way broke after it had worked. */
  long breaks() {
    return breaks;
  }

  /** Seconds since the receiver could not be reached; 0 if it can. */
  double downSeconds() {
    return down ? (clock.monotonicNanos() - downSince) / 1e9 : 0;
  }
}
