package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.format.LimitedFormat;
import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends each line of a report as a message of its own to a syslog daemon.
 *
 * <p>Reports are put into a spool first; a thread of the sink's own delivers them, in order. What
 * is promised: over TCP and TLS each report of the spool arrives at the receiver's host at least
 * once, and at most one report is there twice after a break or a death of this process; over UDP
 * and the local socket each is sent once, and again only after a failure that was noticed. What
 * can't be kept is counted, and said once.
 *
 * <p>Used by one thread at a time.
 */
public final class SyslogSink implements Sink {
  private static final Metric DELIVERED =
      count("reports_delivered", "Reports that a syslog receiver has taken.");
  private static final Metric WAITING =
      count("reports_waiting", "Reports that wait for a syslog receiver.");
  private static final Metric LOST =
      count("reports_lost", "Waiting reports that were dropped for their number or age.");
  private static final Metric SPOOL =
      Metric.gauge("spool_bytes", Unit.BYTES, "What waiting reports take on disk.");
  private static final Metric CORRUPT =
      count("spool_corrupt", "Pieces of the spool that made no sense and were skipped.");
  private static final Metric BREAKS =
      count("connection_breaks", "How often the way to a receiver broke.");
  private static final Metric WAITS =
      count("messages_delayed", "Messages that a receiver had no room for at once.");
  private static final Metric MESSAGES_LOST =
      count("messages_lost", "Messages that could never be sent, being too long.");
  private static final Metric DOWN =
      Metric.gauge("down_seconds", Unit.SECONDS, "How long a receiver has been away; 0 if not.");

  /** A line has room for so many bytes whatever the header takes. */
  private static final int LEAST_LINE = 100;

  /** What is left after it belongs to the rest of the stop. */
  private static final long STOP_LIMIT = TimeUnit.SECONDS.toNanos(3);

  private final MessageHeader header;
  private final LimitedFormat formats;
  private final int messageBytes;
  private final RecorderClock clock;
  private final Backlog backlog;
  private final Sender sender;
  private final Thread thread;
  private final Bell bell = new Bell();
  private Optional<Format> format = Optional.empty();
  private int lineBytes;

  /**
   * Where reports wait.
   *
   * @param folder empty if in memory
   * @param maxBytes how much the folder may hold
   * @param maxAge older reports are dropped
   * @param inMemory how many reports wait in memory, where there is no folder or it can't be
   *     written
   */
  public record Waiting(Optional<Path> folder, long maxBytes, Duration maxAge, int inMemory) {}

  /**
   * How fast reports go out when not all is well.
   *
   * @param gap between two reports while others wait
   * @param longestPause between two attempts to reach the receiver
   */
  public record Pace(Duration gap, Duration longestPause) {}

  /** A syslog daemon. Made by its methods. */
  public static final class Receiver {
    private final Function<RecorderClock, Link> link;

    private Receiver(Function<RecorderClock, Link> link) {
      this.link = link;
    }

    /** The daemon on this host that has the socket {@code socket}, usually /dev/log. */
    public static Receiver local(Path socket) {
      return new Receiver(clock -> new LocalLink(socket, clock));
    }

    /** The one at a UDP port. */
    public static Receiver udp(String server, int port) {
      return new Receiver(clock -> new DatagramLink(new UdpDatagrams(server, port)));
    }

    /** The one at a TCP port (RFC 6587). */
    public static Receiver tcp(String server, int port, Framing framing) {
      return new Receiver(clock -> StreamLink.tcp(server, port, framing, clock));
    }

    /** The one at a TCP port that speaks TLS (RFC 5425). */
    public static Receiver tls(String server, int port, TlsSettings tls) {
      return new Receiver(clock -> StreamLink.tls(server, port, tls, clock));
    }
  }

  /** Wakes the thread that waits. */
  private static final class Bell {
    private boolean rung;

    synchronized void ring() {
      rung = true;
      notifyAll();
    }

    /** Returns when it is rung, or was since the last time, or some time later. */
    synchronized void await(long nanos) throws InterruptedException {
      if (!rung) {
        if (nanos == Sender.FOREVER) {
          wait();
        } else {
          TimeUnit.NANOSECONDS.timedWait(this, nanos);
        }
      }
      rung = false;
    }
  }

  /**
   * @param header what stands before each line
   * @param formats the form of the lines
   * @param messageBytes how long a message may be
   * @param log is told when the receiver can't be reached and the like
   */
  public SyslogSink(
      Receiver receiver,
      MessageHeader header,
      LimitedFormat formats,
      int messageBytes,
      Waiting waiting,
      Pace pace,
      RecorderClock clock,
      SinkLog log) {
    this.header = header;
    this.formats = formats;
    this.messageBytes = messageBytes;
    this.clock = clock;
    this.backlog =
        new Backlog(
            waiting
                .folder()
                .map(
                    folder ->
                        () -> Spool.open(folder, waiting.maxBytes(), waiting.maxAge(), clock)),
            waiting.inMemory(),
            log);
    this.sender =
        new Sender(
            backlog,
            receiver.link.apply(clock),
            clock,
            pace.gap().toNanos(),
            pace.longestPause().toNanos(),
            new Random()::nextDouble,
            log);
    this.thread = new Thread(this::deliver, "send");
    thread.setDaemon(true);
  }

  @Override
  public void open() {
    backlog.open();
    thread.start();
  }

  @Override
  public void write(Report report) {
    long now = clock.wall();
    byte[] head = header.bytes(report.host(), now);
    List<byte[]> messages = messages(head, format(head.length).bytes(report));
    if (!messages.isEmpty()) {
      backlog.add(new ReportMessages(now, messages));
      bell.ring();
    }
  }

  private Format format(int headBytes) {
    int room = Math.max(LEAST_LINE, messageBytes - headBytes);
    if (format.isEmpty() || room != lineBytes) {
      lineBytes = room;
      format = Optional.of(formats.within(room));
    }
    return format.get();
  }

  private static List<byte[]> messages(byte[] head, byte[] lines) {
    List<byte[]> messages = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < lines.length; end++) {
      if (lines[end] == '\n') {
        byte[] message = Arrays.copyOf(head, head.length + end - start);
        System.arraycopy(lines, start, message, head.length, end - start);
        messages.add(message);
        start = end + 1;
      }
    }
    return messages;
  }

  private void deliver() {
    try {
      for (long wait = sender.step(); wait != Sender.ENDED; wait = sender.step()) {
        if (wait > 0) {
          bell.await(wait);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<Aggregate> measures() {
    Backlog.Counts counts = backlog.counts();
    return List.of(
        Aggregate.value(DELIVERED, sender.delivered()),
        Aggregate.value(WAITING, counts.waiting()),
        Aggregate.value(LOST, counts.lost()),
        Aggregate.value(SPOOL, counts.bytes()),
        Aggregate.value(CORRUPT, counts.corrupt()),
        Aggregate.value(BREAKS, sender.breaks()),
        Aggregate.value(WAITS, sender.waits()),
        Aggregate.value(MESSAGES_LOST, sender.messagesLost()),
        Aggregate.value(DOWN, sender.downSeconds()));
  }

  /** Gives what waits three seconds; then what is in the spool stays there. */
  @Override
  public void close() throws IOException {
    sender.stop(clock.monotonicNanos() + STOP_LIMIT);
    bell.ring();
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, STOP_LIMIT + TimeUnit.MILLISECONDS.toNanos(300));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    backlog.close();
  }

  private static Metric count(String name, String help) {
    return Metric.gauge(name, Unit.COUNT, help);
  }
}
