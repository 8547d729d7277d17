package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import io.duologger.procfs.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures the ports of InfiniBand, Omni-Path and RoCE adapters.
 *
 * <ul>
 *   <li>Source: /sys/class/infiniband/DEVICE/ports/PORT/{counters,counters_ext,hw_counters}, state,
 *       rate, link_layer; Documentation/ABI/stable/sysfs-class-infiniband
 *   <li>Unit: bytes (from words of 4 bytes), packets and events per second
 *   <li>Kind: counters, gauges, infos
 *   <li>Since kernel: 2.6.12; hw_counters since 4.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Where there are counters of 64 bits beside those of 32, which stop at their end, these are
 * read. What an adapter does not count has no reading. Ports are looked for each ten seconds. The
 * capacity of a link is its data rate: SDR, DDR and QDR use a fifth of the signal for their code.
 */
public final class InfinibandCollector implements Collector {
  private static final String LABEL = "device";
  private static final int MOST_PORTS = 64;
  private static final long LOOK_NANOS = 10_000_000_000L;
  private static final double BYTES_PER_GIGABIT = 125_000_000;
  private static final int WORD = 4;
  private static final double CODED = 0.8;
  private static final List<String> CODED_SPEEDS = List.of("SDR)", "DDR)", "QDR)");
  private static final byte[] GIGABITS = ByteScanner.key("Gb/sec");

  /** A counter and the files that have it, best first, below the port's folder. */
  private record Counter(Metric metric, List<String> files) {
    Counter(Metric metric, String... files) {
      this(metric, List.of(files));
    }
  }

  private static final List<Counter> COUNTERS =
      List.of(
          new Counter(
              bytes("rx_bytes_per_second", "Bytes received, headers included.", "rx_utilisation"),
              "counters_ext/port_rcv_data_64",
              "counters/port_rcv_data"),
          new Counter(
              bytes("tx_bytes_per_second", "Bytes sent, headers included.", "tx_utilisation"),
              "counters_ext/port_xmit_data_64",
              "counters/port_xmit_data"),
          new Counter(
              events("rx_packets", "Packets received."),
              "counters_ext/port_rcv_packets_64",
              "counters/port_rcv_packets"),
          new Counter(
              events("tx_packets", "Packets sent."),
              "counters_ext/port_xmit_packets_64",
              "counters/port_xmit_packets"),
          new Counter(
              events("rx_multicast_packets", "Multicast packets received."),
              "counters/multicast_rcv_packets",
              "counters_ext/port_multicast_rcv_packets"),
          new Counter(
              events("tx_multicast_packets", "Multicast packets sent."),
              "counters/multicast_xmit_packets",
              "counters_ext/port_multicast_xmit_packets"),
          new Counter(
              events("rx_errors", "Packets received with an error."), "counters/port_rcv_errors"),
          new Counter(
              events("tx_discards", "Packets that could not be sent and were dropped."),
              "counters/port_xmit_discards"),
          new Counter(
              events("tx_wait_ticks", "Ticks of the adapter in which data waited for credits."),
              "counters/port_xmit_wait"),
          new Counter(
              events("symbol_errors", "Symbols received in error."), "counters/symbol_error"),
          new Counter(
              events("link_recoveries", "Times that the link recovered from errors."),
              "counters/link_error_recovery"),
          new Counter(
              events("link_downs", "Times that the link went down."), "counters/link_downed"),
          new Counter(
              events("link_integrity_errors", "Local errors above the link's threshold."),
              "counters/local_link_integrity_errors"),
          new Counter(
              events("buffer_overruns", "Overruns of the receive buffer."),
              "counters/excessive_buffer_overrun_errors"),
          new Counter(
              events("rx_remote_errors", "Packets received that the sender had marked as bad."),
              "counters/port_rcv_remote_physical_errors"),
          new Counter(
              events("rx_relay_errors", "Packets received that a switch could not forward."),
              "counters/port_rcv_switch_relay_errors"),
          new Counter(
              events("rx_constraint_errors", "Packets received that a rule of the port refused."),
              "counters/port_rcv_constraint_errors"),
          new Counter(
              events("tx_constraint_errors", "Packets to be sent that a rule of the port refused."),
              "counters/port_xmit_constraint_errors"),
          new Counter(
              events("vl15_drops", "Management packets dropped for want of room."),
              "counters/VL15_dropped"),
          new Counter(
              events("out_of_sequence", "Packets that arrived out of sequence."),
              "hw_counters/out_of_sequence"),
          new Counter(
              events("sequence_errors", "Answers that a packet was out of sequence."),
              "hw_counters/packet_seq_err"),
          new Counter(
              events("ack_timeouts", "Times that an acknowledgement did not come in time."),
              "hw_counters/local_ack_timeout_err"),
          new Counter(
              events("out_of_buffer", "Packets dropped as no receive buffer was posted."),
              "hw_counters/out_of_buffer"),
          new Counter(
              events("receiver_not_ready", "Retries as the receiver was not ready."),
              "hw_counters/rnr_nak_retry_err"),
          new Counter(
              events("congestion_marks", "Congestion notifications sent."),
              "hw_counters/np_cnp_sent"),
          new Counter(
              events("congestion_slowdowns", "Congestion notifications that were obeyed."),
              "hw_counters/rp_cnp_handled"));

  /** The first of {@link #COUNTERS} have the link's capacity. */
  private static final int WITH_CAPACITY = 2;

  private static final Metric UP =
      Metric.gauge("up", Unit.COUNT, "1 if the port is active, 0 if not.");
  private static final Metric SPEED =
      Metric.gauge(
          "speed_bytes_per_second", Unit.BYTES_PER_SECOND, "Data rate of the link, one direction.");
  private static final Metric STATE = Metric.info("state", "State of the port.");
  private static final Metric RATE = Metric.info("rate", "Rate, width and kind of the link.");
  private static final Metric LAYER = Metric.info("link_layer", "InfiniBand or Ethernet.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "infiniband",
          "InfiniBand and RoCE ports: traffic, errors, congestion, utilisation of the link",
          Optional.of(LABEL),
          metrics(),
          List.of("/sys/class/infiniband"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of());

  private final Path folder;
  private final ModuleSettings settings;
  private final long ticksPerLook;
  private final SmallFile reader = new SmallFile();
  private Map<String, Port> ports = Map.of();
  private long ticksToLook;

  /** One port; files are open. */
  private static final class Port {
    private final Path path;
    private final List<ProcFile> files = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();
    private final List<Boolean> capacities = new ArrayList<>();
    private final Series up;
    private final Series speed;
    private final Series state;
    private final Series rate;
    private final Series layer;
    private OptionalDouble bytesPerSecond = OptionalDouble.empty();
    private String stateText = "";
    private String rateText = "";
    private String layerText = "";

    Port(Path path, Instance instance) {
      this.path = path;
      up = new Series(UP, instance);
      speed = new Series(SPEED, instance);
      state = new Series(STATE, instance);
      rate = new Series(RATE, instance);
      layer = new Series(LAYER, instance);
      for (int i = 0; i < COUNTERS.size(); i++) {
        for (String name : COUNTERS.get(i).files()) {
          if (Files.exists(path.resolve(name))) {
            files.add(ProcFile.ofAttribute(path.resolve(name)));
            series.add(new Series(COUNTERS.get(i).metric(), instance));
            capacities.add(i < WITH_CAPACITY);
            break;
          }
        }
      }
    }

    void close() throws IOException {
      for (ProcFile file : files) {
        file.close();
      }
    }
  }

  /** Reads the host {@code root}. */
  public InfinibandCollector(HostRoot root, ModuleSettings settings) {
    folder = root.sys().resolve("class/infiniband");
    this.settings = settings;
    ticksPerLook = Math.max(1, LOOK_NANOS / settings.every().toNanos());
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (--ticksToLook <= 0) {
      look();
      ticksToLook = ticksPerLook;
    }
    for (Port port : ports.values()) {
      emit(port, into);
    }
  }

  private void look() throws IOException {
    List<String> devices = SysFolder.names(folder);
    if (devices.isEmpty()) {
      ticksToLook = 0;
      throw new SourceAbsentException("no InfiniBand adapter in " + folder);
    }
    Map<String, Port> found = new LinkedHashMap<>();
    for (String device : devices) {
      if (settings.instances().matches(device)) {
        for (String port : SysFolder.names(folder.resolve(device).resolve("ports"))) {
          if (found.size() < MOST_PORTS) {
            String key = device + "/" + port;
            Port before = ports.get(key);
            found.put(key, before == null ? port(device, port) : before);
          }
        }
      }
    }
    for (Map.Entry<String, Port> entry : ports.entrySet()) {
      if (!found.containsKey(entry.getKey())) {
        entry.getValue().close();
      }
    }
    ports = found;
    for (Port port : ports.values()) {
      describe(port);
    }
  }

  private Port port(String device, String port) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(LABEL, device);
    labels.put("port", port);
    return new Port(folder.resolve(device).resolve("ports").resolve(port), new Instance(labels));
  }

  private void describe(Port port) {
    port.stateText = word(port, "state", port.stateText);
    port.rateText = word(port, "rate", port.rateText);
    port.layerText = word(port, "link_layer", port.layerText);
    port.bytesPerSecond = OptionalDouble.empty();
    try {
      port.bytesPerSecond = speed(reader.read(port.path.resolve("rate").toFile()));
    } catch (IOException unknown) {
      // Without a rate there is no capacity.
      port.rateText = "";
    }
  }

  /** The line of an attribute, the same object while it does not change; empty if there is none. */
  private String word(Port port, String attribute, String before) {
    try {
      ByteScanner in = reader.read(port.path.resolve(attribute).toFile());
      StringBuilder line = new StringBuilder();
      while (in.nextToken()) {
        line.append(line.isEmpty() ? "" : " ").append(in.token());
      }
      String now = line.toString();
      // States are "4: ACTIVE".
      int colon = now.indexOf(": ");
      String plain = colon >= 0 ? now.substring(colon + 2) : now;
      return plain.equals(before) ? before : plain;
    } catch (IOException unknown) {
      return "";
    }
  }

  /** Lines such as "100 Gb/sec (4X EDR)" and "2.5 Gb/sec (1X SDR)": bytes of data per second. */
  static OptionalDouble speed(ByteScanner in) throws IOException {
    double gigabits = in.nextDecimal("rate");
    if (!in.nextToken() || !in.tokenIs(GIGABITS)) {
      throw in.malformed("expected Gb/sec");
    }
    String kind = "";
    while (in.nextToken()) {
      kind = in.token();
    }
    double share = CODED_SPEEDS.contains(kind) ? CODED : 1;
    return gigabits > 0
        ? OptionalDouble.of(gigabits * BYTES_PER_GIGABIT * share)
        : OptionalDouble.empty();
  }

  private static void emit(Port port, Readings into) {
    for (int i = 0; i < port.files.size(); i++) {
      long value;
      try {
        ByteScanner in = port.files.get(i).read();
        in.nextLine();
        value = in.nextUnsigned("count");
      } catch (IOException notCounted) {
        continue;
      }
      if (port.capacities.get(i) && port.bytesPerSecond.isPresent()) {
        into.counter(port.series.get(i), value, port.bytesPerSecond.getAsDouble() / WORD);
      } else {
        into.counter(port.series.get(i), value);
      }
    }
    if (!port.stateText.isEmpty()) {
      into.gauge(port.up, port.stateText.equals("ACTIVE") ? 1 : 0);
      into.info(port.state, port.stateText);
    }
    if (port.bytesPerSecond.isPresent()) {
      into.gauge(port.speed, port.bytesPerSecond.getAsDouble());
    }
    if (!port.rateText.isEmpty()) {
      into.info(port.rate, port.rateText);
    }
    if (!port.layerText.isEmpty()) {
      into.info(port.layer, port.layerText);
    }
  }

  @Override
  public void close() throws IOException {
    for (Port port : ports.values()) {
      port.close();
    }
  }

  private static Metric bytes(String name, String help, String utilisation) {
    return Metric.counter(name, Unit.BYTES_PER_SECOND, help)
        .scaledBy(WORD)
        .withUtilisation(utilisation);
  }

  private static Metric events(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.PER_SECOND, help);
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    for (Counter counter : COUNTERS) {
      all.add(counter.metric());
    }
    all.addAll(List.of(UP, SPEED, STATE, RATE, LAYER));
    return all;
  }
}
