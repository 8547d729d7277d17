package io.duologger.collector;

import io.duologger.collector.tool.Ipv6;
import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host that is probed: by a ping program if its name stands alone, or as {@code tcp:HOST:PORT} by
 * connecting to a port. Programs are only told addresses, so that no name can be an option to them.
 * Used by one thread at a time.
 */
final class PingTarget {
  /** How probes are sent. */
  record Manner(String program, String family, int count, Duration within) {}

  /**
   * What became of the probes.
   *
   * @param address where they went
   */
  record Outcome(String address, PingAnswer answer) {}

  private static final Pattern TCP =
      Pattern.compile("tcp:(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):([0-9]{1,5})");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.:%][A-Za-z0-9_.:%-]{0,254}");
  private static final int MOST_OUTPUT = 64 << 10;
  private static final int HIGHEST_PORT = 65_535;

  /** Between two probes; what users may ask for who are not root. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** What a program may take beyond the time that its probes have. */
  private static final Duration MORE = Duration.ofSeconds(2);

  private final Surroundings surroundings;
  private final Manner manner;
  private final String configured;
  private final String host;

  /** The port to connect to; 0 if a ping program is asked. */
  private final int port;

  private volatile Optional<Program> program = Optional.empty();
  private volatile boolean closed;

  /**
   * @param text as it is configured
   */
  PingTarget(Surroundings surroundings, Manner manner, String text) {
    this.surroundings = surroundings;
    this.manner = manner;
    this.configured = text;
    Matcher tcp = TCP.matcher(text);
    if (tcp.matches()) {
      host = tcp.group(1) == null ? tcp.group(2) : tcp.group(1);
      port = Integer.parseInt(tcp.group(3));
    } else {
      host = text;
      port = 0;
    }
  }

  /** How long all probes together take, if none is answered. */
  Duration span() {
    int pauses = manner.count() - 1;
    return port > 0
        ? manner.within().multipliedBy(manner.count())
        : manner.within().plus(PAUSE.multipliedBy(pauses));
  }

  /**
   * Sends the probes; for as long as the name service and the program take.
   *
   * @throws IOException if none was sent
   */
  Outcome probe() throws IOException {
    if (!HOST.matcher(host).matches()
        || configured.startsWith("tcp:") && port == 0
        || port > HIGHEST_PORT) {
      throw new IOException("not a HOST nor tcp:HOST:PORT");
    }
    InetAddress address = address();
    String text = address.getHostAddress();
    String shown = address instanceof Inet6Address ? Ipv6.shortened(text) : text;
    return new Outcome(shown, port > 0 ? connect(address) : ping(text));
  }

  private InetAddress address() throws IOException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(host);
    } catch (UnknownHostException unknown) {
      throw new IOException("no address of that name", unknown);
    }
    for (InetAddress each : all) {
      String family = each instanceof Inet6Address ? PingCollector.IPV6 : PingCollector.IPV4;
      if (manner.family().equals(PingCollector.ANY) || manner.family().equals(family)) {
        return each;
      }
    }
    throw new IOException("no address of that name in " + manner.family());
  }

  private PingAnswer ping(String address) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(manner.program(), "-n", "-c", Integer.toString(manner.count())));
    command.addAll(List.of("-W", seconds(manner.within())));
    if (manner.count() > 1) {
      command.addAll(List.of("-i", seconds(PAUSE)));
    }
    command.add(address);
    Program run =
        new Program(surroundings, command, Map.of("LC_ALL", "C"), span().plus(MORE), MOST_OUTPUT);
    program = Optional.of(run);
    if (closed) {
      run.close();
    }
    return PingAnswer.parse(run.run(), manner.count());
  }

  /** Whole seconds without a point, as some programs know no others. */
  static String seconds(Duration span) {
    long millis = span.toMillis();
    return millis % 1000 == 0
        ? Long.toString(millis / 1000)
        : BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }

  private PingAnswer connect(InetAddress address) {
    RecorderClock clock = surroundings.clock();
    List<Double> rtts = new ArrayList<>();
    String failure = PingAnswer.SILENCE;
    for (int i = 0; i < manner.count(); i++) {
      try (Socket socket = new Socket()) {
        long begun = clock.monotonicNanos();
        socket.connect(
            new InetSocketAddress(address, port), Math.toIntExact(manner.within().toMillis()));
        rtts.add((clock.monotonicNanos() - begun) / 1e9);
      } catch (SocketTimeoutException silence) {
        failure = PingAnswer.SILENCE;
      } catch (IOException refused) {
        failure = String.valueOf(refused.getMessage());
      }
    }
    int received = rtts.size();
    return new PingAnswer(
        manner.count(), received, rtts, received == 0 ? Optional.of(failure) : Optional.empty());
  }

  /** Kills what runs, and starts nothing more. Any thread. */
  void close() {
    closed = true;
    program.ifPresent(Program::close);
  }
}
