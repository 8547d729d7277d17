package io.duologger.collector.snmp;

import io.duologger.collector.Collector;
import io.duologger.collector.Probe;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.snmp4j.Snmp;

/**
 * Measures what the ports of switches and other devices receive and send, asked over SNMP.
 *
 * <ul>
 *   <li>Source: IF-MIB of RFC 2863 over UDP with GETBULK, SNMP versions 2c and 3: the 64-bit
 *       counters ifHCIn* and ifHCOut*, ifInErrors and its like with 32 bits, ifName, ifAlias,
 *       ifHighSpeed, ifOperStatus
 *   <li>Unit: as in net: bytes and packets per second; the port's speed in bytes per second
 *   <li>Kind: counters, with the speed as capacity of the bytes; gauges; infos
 *   <li>Since kernel: any
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time; one more for each device that is being asked
 * </ul>
 *
 * <p>The series are those of {@code net}, seen from the device: what a port receives (rx) is what
 * the host at the other end of its cable sends. Ports are known by ifName, as their numbers change
 * when a device starts anew; a port without 64-bit counters has no rates of bytes and packets. All
 * devices are asked side by side; one that did not answer is asked again but no more waited for, so
 * that it holds up none. No community or passphrase is ever printed.
 */
public final class SnmpCollector implements Collector {
  static final String ADDRESS = "address";
  static final String VERSION = "version";
  static final String COMMUNITY = "community";
  static final String USER = "user";
  static final String SECURITY = "security";
  static final String AUTH_PROTOCOL = "auth-protocol";
  static final String AUTH_PASSPHRASE = "auth-passphrase";
  static final String PRIVACY_PROTOCOL = "privacy-protocol";
  static final String PRIVACY_PASSPHRASE = "privacy-passphrase";
  static final String INTERFACES = "interfaces";

  private static final String TARGETS = "targets";
  private static final String TIMEOUT = "answer-within";
  private static final String RETRIES = "retries";
  private static final String TARGET = "target";
  private static final String DEVICE = "device";

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** What a walk may take of it; the rest is for the last request. */
  private static final Duration WALK = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Counters of 32 bits, and more packets a second than any port can lose. */
  private static final long WRAP = 1L << Integer.SIZE;

  private static final double CEILING = 1e8;

  private static final Metric UP =
      Metric.gauge("up", Unit.COUNT, "1 if the device has answered, 0 if not.");
  private static final Metric FAILURE = Metric.info("failure", "Why there is no answer.");
  private static final Metric ANSWER =
      Metric.gauge("answer_seconds", Unit.SECONDS, "How long the device took for all ports.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long it has been asked without an end.");
  private static final Metric DEVICES =
      Metric.gauge("devices", Unit.COUNT, "Ports that are included.");

  private static final Metric SPEED =
      Metric.gauge("speed_bytes_per_second", Unit.BYTES_PER_SECOND, "Speed of the port.");
  private static final Metric STATE =
      Metric.info("operstate", "The state of the port by RFC 2863.");
  private static final Metric ALIAS =
      Metric.info("alias", "What the administrator calls the port.");

  private static final List<Metric> BYTES =
      List.of(
          Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Received by the port.")
              .withUtilisation("rx_utilisation"),
          Metric.counter("tx_bytes_per_second", Unit.BYTES_PER_SECOND, "Sent by the port.")
              .withUtilisation("tx_utilisation"));
  private static final List<IfTable.Column> BYTE_COLUMNS =
      List.of(IfTable.Column.HC_IN_OCTETS, IfTable.Column.HC_OUT_OCTETS);

  private static final List<Metric> PACKETS =
      List.of(
          Metric.counter("rx_packets_per_second", Unit.PER_SECOND, "Packets received."),
          Metric.counter("rx_multicast_packets_per_second", Unit.PER_SECOND, "Those to groups."),
          Metric.counter("tx_packets_per_second", Unit.PER_SECOND, "Packets sent."));
  private static final List<IfTable.Column[]> PACKET_COLUMNS =
      List.of(
          new IfTable.Column[] {
            IfTable.Column.HC_IN_UCAST,
            IfTable.Column.HC_IN_MULTICAST,
            IfTable.Column.HC_IN_BROADCAST
          },
          new IfTable.Column[] {IfTable.Column.HC_IN_MULTICAST},
          new IfTable.Column[] {
            IfTable.Column.HC_OUT_UCAST,
            IfTable.Column.HC_OUT_MULTICAST,
            IfTable.Column.HC_OUT_BROADCAST
          });

  private static final List<Metric> TROUBLES =
      List.of(
          trouble("rx_errors", "Packets received with an error."),
          trouble("rx_drops", "Packets received but dropped."),
          trouble("tx_errors", "Packets not sent because of an error."),
          trouble("tx_drops", "Packets dropped instead of sent."));
  private static final List<IfTable.Column> TROUBLE_COLUMNS =
      List.of(
          IfTable.Column.IN_ERRORS,
          IfTable.Column.IN_DISCARDS,
          IfTable.Column.OUT_ERRORS,
          IfTable.Column.OUT_DISCARDS);

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "snmp",
          "ports of switches over SNMP: traffic, errors, utilisation of the link",
          Optional.of(DEVICE),
          metrics(),
          List.of("SNMP 2c and 3: IF-MIB"),
          "",
          Duration.ofSeconds(10),
          LIMIT,
          options());

  private final Surroundings surroundings;
  private final ModuleSettings settings;
  private final List<Asked> devices = new ArrayList<>();
  private volatile boolean closed;

  /** What a device said in how long. */
  private record Answer(Map<String, IfTable.Port> ports, double seconds) {}

  /** A device, the question to it, and its series. */
  private final class Asked {
    final String name;
    final Peer peer;
    final Probe<Answer> probe;
    final Series up;
    final Series failure;
    final Series answer;
    final Series stuck;
    final Series count;
    final Map<String, PortSeries> ports = new HashMap<>();
    boolean down;
    String reason = "";
    private Snmp session;

    Asked(String name, Options options) {
      this.name = name;
      peer =
          new Peer(
              options, settings.options().duration(TIMEOUT), settings.options().integer(RETRIES));
      probe = new Probe<>(surroundings, this::walk);
      Instance instance = Instance.of(TARGET, name);
      up = new Series(UP, instance);
      failure = new Series(FAILURE, instance);
      answer = new Series(ANSWER, instance);
      stuck = new Series(STUCK, instance);
      count = new Series(DEVICES, instance);
    }

    /**
     * Asks, unless it is still being asked. One that did not answer is not waited for; what it says
     * late only tells that it is back, as its counters are those of an earlier time.
     */
    void ask() {
      if (down && probe.stuck().isPresent()) {
        down = answer(Duration.ZERO).isEmpty();
      }
      probe.ask();
    }

    /** What it has said by then; what it has not is noted. */
    Optional<Answer> answer(Duration patience) {
      try {
        Optional<Answer> said = probe.answer(patience);
        if (said.isEmpty() && !down) {
          down = true;
          reason = "no answer yet";
        }
        return said;
      } catch (ExecutionException failed) {
        down = true;
        reason = reason(failed.getCause());
        return Optional.empty();
      }
    }

    private Answer walk() throws IOException {
      long begun = surroundings.clock().monotonicNanos();
      IfTable table = new Walk(surroundings, session(), peer.target(), WALK).run();
      long took = surroundings.clock().monotonicNanos() - begun;
      return new Answer(table.byName(), took / 1e9);
    }

    private synchronized Snmp session() throws IOException {
      if (closed) {
        throw new IOException("the recorder stops");
      }
      if (session == null) {
        session = peer.open();
      }
      return session;
    }

    synchronized void close() throws IOException {
      if (session != null) {
        session.close();
      }
    }
  }

  /** The series of a port. */
  private static final class PortSeries {
    final Series[] bytes;
    final Series[] packets;
    final Series[] troubles;
    final Series speed;
    final Series state;
    final Series alias;

    PortSeries(String target, String device) {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put(TARGET, target);
      labels.put(DEVICE, device);
      Instance instance = new Instance(labels);
      bytes = Series.of(BYTES, instance);
      packets = Series.of(PACKETS, instance);
      troubles = Series.of(TROUBLES, instance);
      speed = new Series(SPEED, instance);
      state = new Series(STATE, instance);
      alias = new Series(ALIAS, instance);
    }
  }

  /** Asks from the host of {@code surroundings}. */
  public SnmpCollector(Surroundings surroundings, ModuleSettings settings) {
    this.surroundings = surroundings;
    this.settings = settings;
    settings
        .options()
        .entries(TARGETS)
        .forEach((name, options) -> devices.add(new Asked(name, options)));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (devices.isEmpty()) {
      throw new SourceAbsentException("no targets are configured");
    }
    for (Asked device : devices) {
      device.ask();
    }
    long begun = surroundings.clock().monotonicNanos();
    for (Asked device : devices) {
      // What is left for one is what the others before it have not used: all were asked at once.
      long used = surroundings.clock().monotonicNanos() - begun;
      Optional<Answer> answer =
          device.down ? Optional.empty() : device.answer(PATIENCE.minusNanos(used));
      into.gauge(device.up, answer.isPresent() ? 1 : 0);
      if (answer.isPresent()) {
        emit(device, answer.get(), into);
      } else {
        into.info(device.failure, device.reason);
        Duration age = device.probe.stuck().orElse(Duration.ZERO);
        if (age.compareTo(PATIENCE) >= 0) {
          into.gauge(device.stuck, age.toNanos() / 1e9);
        }
      }
    }
  }

  /** Only texts of this program: those of the library could name what is secret. */
  private static String reason(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "no address of that name";
    }
    return failure instanceof IOException && failure.getMessage() != null
        ? failure.getMessage()
        : "failed: " + failure.getClass().getSimpleName();
  }

  private void emit(Asked device, Answer answer, Readings into) {
    into.gauge(device.answer, answer.seconds());
    device.ports.keySet().retainAll(answer.ports().keySet());
    int included = 0;
    for (Map.Entry<String, IfTable.Port> entry : answer.ports().entrySet()) {
      String port = entry.getKey();
      if (device.peer.interfaces.matches(port) && settings.instances().matches(port)) {
        emit(
            device.ports.computeIfAbsent(port, key -> new PortSeries(device.name, key)),
            entry.getValue(),
            into);
        included++;
      }
    }
    into.gauge(device.count, included);
  }

  private static void emit(PortSeries series, IfTable.Port port, Readings into) {
    OptionalLong speed = port.speed();
    for (int i = 0; i < series.bytes.length; i++) {
      OptionalLong bytes = port.counter(BYTE_COLUMNS.get(i));
      if (bytes.isPresent() && speed.isPresent()) {
        into.counter(series.bytes[i], bytes.getAsLong(), speed.getAsLong());
      } else if (bytes.isPresent()) {
        into.counter(series.bytes[i], bytes.getAsLong());
      }
    }
    for (int i = 0; i < series.packets.length; i++) {
      counter(series.packets[i], port.sum(PACKET_COLUMNS.get(i)), into);
    }
    for (int i = 0; i < series.troubles.length; i++) {
      counter(series.troubles[i], port.shortCounter(TROUBLE_COLUMNS.get(i)), into);
    }
    if (speed.isPresent()) {
      into.gauge(series.speed, speed.getAsLong());
    }
    port.state().ifPresent(state -> into.info(series.state, state));
    String alias = port.text(IfTable.Column.ALIAS);
    if (!alias.isEmpty()) {
      into.info(series.alias, alias);
    }
  }

  private static void counter(Series series, OptionalLong value, Readings into) {
    if (value.isPresent()) {
      into.counter(series, value.getAsLong());
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (Asked device : devices) {
      device.close();
    }
  }

  private static Metric trouble(String what, String help) {
    return Metric.counter(what + "_per_second", Unit.PER_SECOND, help).wrappingAt(WRAP, CEILING);
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(List.of(UP, FAILURE, ANSWER, STUCK, DEVICES));
    all.addAll(BYTES);
    all.addAll(PACKETS);
    all.addAll(TROUBLES);
    all.addAll(List.of(SPEED, STATE, ALIAS));
    return all;
  }

  private static List<ModuleOption> options() {
    return List.of(
        ModuleOption.entries(
            TARGETS,
            List.of(
                ModuleOption.text(ADDRESS, "", "Where it is: udp:HOST/PORT.").asRequired(),
                ModuleOption.choice(VERSION, "2c", List.of("2c", "3"), "The version of SNMP."),
                ModuleOption.text(COMMUNITY, "", "The community of version 2c."),
                ModuleOption.text(USER, "", "The user of version 3."),
                ModuleOption.choice(
                    SECURITY,
                    "authPriv",
                    List.of("noAuthNoPriv", "authNoPriv", "authPriv"),
                    "What is done with messages of version 3."),
                ModuleOption.choice(
                    AUTH_PROTOCOL,
                    "sha",
                    List.of("md5", "sha", "sha224", "sha256", "sha384", "sha512"),
                    "How messages are authenticated."),
                ModuleOption.text(AUTH_PASSPHRASE, "", "The passphrase for it."),
                ModuleOption.choice(
                    PRIVACY_PROTOCOL,
                    "aes128",
                    List.of("des", "aes128", "aes192", "aes256"),
                    "How messages are encrypted."),
                ModuleOption.text(PRIVACY_PASSPHRASE, "", "The passphrase for it."),
                ModuleOption.list(INTERFACES, List.of("*"), "Which ports, as patterns.")),
            "The devices."),
        ModuleOption.duration(
            TIMEOUT,
            Duration.ofSeconds(1),
            "How long an answer may take before it is asked again."),
        ModuleOption.integer(RETRIES, 1, 0, 5, "How often a device is asked again."));
  }
}
