package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends each line of a report as a message of its own to a syslog daemon. A line that is too long
 * does not keep back the others, but the report counts as failed.
 *
 * <p>A report waits for a slow receiver one second in all; then the rest of it is lost.
 *
 * <p>Used by one thread at a time. Opens its socket with the first report.
 */
public final class SyslogSink implements Sink {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private final Format format;
  private final MessageHeader header;
  private final Datagrams datagrams;
  private final RecorderClock clock;

  SyslogSink(Format format, MessageHeader header, Datagrams datagrams, RecorderClock clock) {
    this.format = format;
    this.header = header;
    this.datagrams = datagrams;
    this.clock = clock;
  }

  /** To the daemon on this host that has the datagram socket {@code socket}, usually /dev/log. */
  public static SyslogSink local(
      Format format, Path socket, MessageHeader header, RecorderClock clock) {
    return new SyslogSink(format, header, new LocalDatagrams(socket, clock), clock);
  }

  /** To the daemon on the host {@code server} that has the UDP port {@code port}, usually 514. */
  public static SyslogSink udp(
      Format format, String server, int port, MessageHeader header, RecorderClock clock) {
    return new SyslogSink(format, header, new UdpDatagrams(server, port, clock), clock);
  }

  @Override
  public void write(Report report) throws IOException {
    byte[] lines = format.bytes(report);
    byte[] head = header.bytes(report.host(), clock.wall());
    long deadline = clock.monotonicNanos() + PATIENCE;
    Optional<DatagramLostException> lost = Optional.empty();
    for (int start = 0; start < lines.length; ) {
      int end = lineEnd(lines, start);
      if (end > start) {
        try {
          datagrams.send(message(head, lines, start, end), deadline);
        } catch (DatagramLostException e) {
          lost = Optional.of(lost.orElse(e));
        }
      }
      start = end + 1;
    }
    if (lost.isPresent()) {
      throw lost.get();
    }
  }

  @Override
  public void close() throws IOException {
    datagrams.close();
  }

  private static int lineEnd(byte[] lines, int start) {
    int end = start;
    while (end < lines.length && lines[end] != '\n') {
      end++;
    }
    return end;
  }

  private static byte[] message(byte[] head, byte[] lines, int start, int end) {
    byte[] message = new byte[head.length + end - start];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(lines, start, message, head.length, end - start);
    return message;
  }
}
