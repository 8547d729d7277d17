package io.duologger.collector;

import io.duologger.collector.ProtocolTable.Column;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.PageSize;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what TCP and UDP do: segments, retransmissions, connections, what was dropped where, and
 * how many sockets there are.
 *
 * <ul>
 *   <li>Source: /proc/net/snmp (lines Tcp and Udp), /proc/net/netstat (TcpExt), /proc/net/snmp6
 *       (Udp6), /proc/net/sockstat and sockstat6; by the names of columns, as kernels differ in
 *       them
 *   <li>Unit: segments, datagrams, events, sockets; bytes from pages
 *   <li>Kind: counters, a ratio; gauges of sockets
 *   <li>Since kernel: 2.6; single columns later
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Numbers of TCP and of UDP hold both IPv4 and IPv6. They are of the network namespace of this
 * process, but for those whose help says otherwise. On a kernel of 32 bits counters end at 2^32,
 * which is taken for a reset. The kernel adds up the shares of all processors for each number of a
 * file, wanted or not, which is most of what a read costs; netstat is half of it, snmp6 a quarter.
 */
public final class TcpCollector implements Collector {
  private static final List<Column> TCP =
      List.of(
          events("InSegs", "rx_segments", "Segments received, those with errors too."),
          events("OutSegs", "tx_segments", "Segments sent, but for those only sent again."),
          events("RetransSegs", "retransmits", "Segments sent again."),
          events("ActiveOpens", "active_opens", "Connections opened from here."),
          events("PassiveOpens", "passive_opens", "Connections opened from elsewhere."),
          events("AttemptFails", "failed_opens", "Connections that did not come about."),
          events("EstabResets", "established_resets", "Established connections that were reset."),
          events("OutRsts", "tx_resets", "Segments sent that reset a connection."),
          events("InErrs", "rx_errors", "Segments received with an error."),
          events("InCsumErrors", "rx_checksum_errors", "Segments received with a wrong checksum."),
          new Column(
              "CurrEstab",
              Metric.gauge("established", Unit.COUNT, "Connections that are established.")));

  private static final int SENT = 1;
  private static final int SENT_AGAIN = 2;

  private static final List<Column> UDP =
      List.of(
          events("InDatagrams", "udp_rx_datagrams", "Datagrams of UDP handed to sockets."),
          events("OutDatagrams", "udp_tx_datagrams", "Datagrams of UDP sent."),
          events("NoPorts", "udp_no_ports", "Datagrams received for which no socket was open."),
          events("InErrors", "udp_rx_errors", "Datagrams received but lost, for any reason."),
          events("RcvbufErrors", "udp_rx_buffer_drops", "Those for which a socket had no room."),
          events("SndbufErrors", "udp_tx_buffer_drops", "Datagrams not sent for want of room."));

  private static final List<Column> EXTENSIONS =
      List.of(
          events("ListenOverflows", "listen_overflows", "Connections lost to a full accept queue."),
          events("ListenDrops", "listen_drops", "Connections that listeners lost, for any reason."),
          events("TCPReqQFullDrop", "request_queue_drops", "Those lost to a full request queue."),
          events("SyncookiesSent", "syncookies_sent", "Requests to connect answered by a cookie."),
          events("TCPTimeouts", "timeouts", "Retransmission timers that ran out."),
          events("TCPSpuriousRTOs", "spurious_timeouts", "Those of them that ran out needlessly."),
          events("TCPSynRetrans", "syn_retransmits", "Requests to connect sent again."),
          events("TCPFastRetrans", "fast_retransmits", "Segments sent again before a timer."),
          events("TCPLostRetransmit", "lost_retransmits", "Segments sent again and lost again."),
          events("TCPOFOQueue", "out_of_order", "Segments received ahead of others."),
          events("PruneCalled", "prunes", "Times that a receive buffer overran its limit."),
          events("TCPRcvCollapsed", "collapses", "Segments merged for want of room."),
          events("TCPRcvQDrop", "rx_queue_drops", "Segments lost to a full receive queue."),
          events("TCPBacklogDrop", "backlog_drops", "Segments lost to a full backlog."),
          events("TCPTimeWaitOverflow", "time_wait_overflows", "Sockets too many for TIME-WAIT."),
          events("TCPAbortOnMemory", "memory_aborts", "Connections given up for want of memory."),
          events("TCPAbortOnTimeout", "timeout_aborts", "Connections given up after timeouts."),
          events("TCPMemoryPressures", "memory_pressures", "Times that memory became scarce."));

  private static final Metric RETRANSMIT_RATIO =
      Metric.ratio("retransmit_ratio", Unit.RATIO, "Segments sent again, as a share of all sent.");

  private static final LineKeys SIX =
      new LineKeys(' ', UDP.stream().map(column -> "Udp6" + column.name()).toList());

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "tcp",
          "TCP and UDP: segments, retransmissions, connections, drops, sockets",
          Optional.empty(),
          metrics(),
          List.of(
              "/proc/net/snmp",
              "/proc/net/snmp6",
              "/proc/net/netstat",
              "/proc/net/sockstat",
              "/proc/net/sockstat6"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of());

  private final HostRoot root;
  private final ProcFile snmp;
  private final ProcFile snmp6;
  private final ProcFile netstat;
  private final ProcFile sockstat;
  private final ProcFile sockstat6;
  private final ProtocolTable tcp = tcp();
  private final ProtocolTable udp = udp();
  private final ProtocolTable extensions = extensions();
  private final ProtocolTable[] inSnmp = {tcp, udp};
  private final ProtocolTable[] inNetstat = {extensions};
  private final SocketCounts sockets = new SocketCounts();
  private final Series retransmitRatio = new Series(RETRANSMIT_RATIO, Instance.HOST);

  /** How many lines of snmp6 counted the last time. */
  private int linesOfSix;

  /** 0 until it is known. */
  private long pageSize;

  /** Reads the host {@code root}. */
  public TcpCollector(HostRoot root, ModuleSettings settings) {
    this.root = root;
    Path net = root.proc().resolve("net");
    snmp = ProcFile.ofOneRecord(net.resolve("snmp"));
    snmp6 = ProcFile.ofOneRecord(net.resolve("snmp6"));
    netstat = ProcFile.ofOneRecord(net.resolve("netstat"));
    sockstat = ProcFile.ofOneRecord(net.resolve("sockstat"));
    sockstat6 = ProcFile.ofOneRecord(net.resolve("sockstat6"));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    ProtocolTable.parse(Sources.read(snmp), inSnmp);
    if (snmp6.exists()) {
      linesOfSix = parseSix(snmp6.read(), udp, linesOfSix);
    }
    boolean extended = netstat.exists();
    if (extended) {
      ProtocolTable.parse(netstat.read(), inNetstat);
    }
    sockets.begin();
    if (sockstat.exists()) {
      sockets.parse(sockstat.read());
    }
    if (sockstat6.exists()) {
      sockets.parse(sockstat6.read());
    }
    if (pageSize == 0) {
      pageSize = PageSize.of(root);
    }
    tcp.emit(into);
    if (tcp.has(SENT) && tcp.has(SENT_AGAIN)) {
      long again = tcp.value(SENT_AGAIN);
      into.ratio(retransmitRatio, again, tcp.value(SENT) + again);
    }
    if (extended) {
      extensions.emit(into);
    }
    udp.emit(into);
    sockets.emit(into, pageSize);
  }

  /**
   * Adds lines such as "Udp6InDatagrams 12" to what is counted for IPv4. Were some left out, the
   * sums would fall and then rise again as if there had been much traffic.
   *
   * @param expected how many lines there are at least
   * @return how many there were
   */
  static int parseSix(ByteScanner in, ProtocolTable udp, int expected) throws IOException {
    int lines = 0;
    for (int line = in.nextLineOf(SIX); line >= 0; line = in.nextLineOf(SIX)) {
      udp.add(line, in.nextUnsigned("value"));
      lines++;
    }
    if (lines == 0 || lines < expected) {
      throw in.malformed("missing lines of Udp6");
    }
    return lines;
  }

  /** What is wanted of TCP. */
  static ProtocolTable tcp() {
    return new ProtocolTable("Tcp", TCP);
  }

  /** What is wanted of UDP. */
  static ProtocolTable udp() {
    return new ProtocolTable("Udp", UDP);
  }

  /** What is wanted of what Linux counts of TCP beyond the standard. */
  static ProtocolTable extensions() {
    return new ProtocolTable("TcpExt", EXTENSIONS);
  }

  @Override
  public void close() throws IOException {
    for (ProcFile file : List.of(snmp, snmp6, netstat, sockstat, sockstat6)) {
      file.close();
    }
  }

  private static Column events(String column, String name, String help) {
    return new Column(column, Metric.counter(name + "_per_second", Unit.PER_SECOND, help));
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    TCP.forEach(column -> all.add(column.metric()));
    all.add(RETRANSMIT_RATIO);
    EXTENSIONS.forEach(column -> all.add(column.metric()));
    UDP.forEach(column -> all.add(column.metric()));
    all.addAll(SocketCounts.METRICS);
    return all;
  }
}
