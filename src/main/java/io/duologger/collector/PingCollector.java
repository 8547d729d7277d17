package io.duologger.collector;

import io.duologger.collector.tool.Words;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Measures how long other hosts take to answer, and how often they don't.
 *
 * <ul>
 *   <li>Source: ICMP echo through the system's ping program (of iputils, inetutils or busybox), or
 *       TCP connections
 *   <li>Unit: seconds; shares of 1
 *   <li>Kind: gauges, a ratio, infos
 *   <li>Since kernel: any
 *   <li>Root needed: no; the ping program has the rights that it needs
 *   <li>Threads: used by one at a time; one or three more for each host that is being asked
 * </ul>
 *
 * <p>Each sample sends so many probes to each host as {@code count} says, to all hosts side by side
 * and never while one is still being asked. What has an address and does not answer in time is
 * lost, also if there is no way to it or the port refuses; a name without an address, and a program
 * that can't be run, are a failure but no loss, as nothing was sent. A process for each sample
 * costs 1 to 2 ms of processor time (measured with iputils), and in return each probe has the time
 * that its sample has.
 */
public final class PingCollector implements Collector {
  static final String TARGETS = "targets";
  static final String COUNT = "count";
  static final String PATIENCE = "answer-within";
  static final String FAMILY = "family";
  static final String PROGRAM = "ping";
  static final String ANY = "any";
  static final String IPV4 = "ipv4";
  static final String IPV6 = "ipv6";

  private static final String LABEL = "target";
  private static final int LONGEST_TEXT = 200;

  /** What starting a program and the name service may take without making a sample late. */
  private static final Duration START = Duration.ofMillis(500);

  private static final Metric UP =
      Metric.gauge("up", Unit.COUNT, "1 if it has answered, 0 if not.");
  private static final Metric LOSS =
      Metric.ratio("loss_ratio", Unit.RATIO, "Share of the probes without an answer in time.");
  private static final Metric RTT =
      Metric.gauge("rtt_seconds", Unit.SECONDS, "The round-trip time; of several probes the mean.");
  private static final Metric RTT_MIN =
      Metric.gauge("rtt_min_seconds", Unit.SECONDS, "The shortest of several probes.");
  private static final Metric RTT_MAX =
      Metric.gauge("rtt_max_seconds", Unit.SECONDS, "The longest of several probes.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long it has been asked without an end.");
  private static final Metric ADDRESS = Metric.info("address", "The address that is asked.");
  private static final Metric FAILURE = Metric.info("failure", "Why there is no answer.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "ping",
          "other hosts: round-trip times and losses, by ICMP or TCP",
          Optional.of(LABEL),
          List.of(UP, LOSS, RTT, RTT_MIN, RTT_MAX, STUCK, ADDRESS, FAILURE),
          List.of("ping", "TCP connect"),
          "",
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          List.of(
              ModuleOption.list(TARGETS, List.of(), "The hosts: HOST for ICMP, or tcp:HOST:PORT."),
              ModuleOption.integer(COUNT, 1, 1, 20, "How many probes a sample sends to each."),
              ModuleOption.duration(
                  PATIENCE,
                  Duration.ofSeconds(1),
                  "How long an answer may take, at most three quarters of every."),
              ModuleOption.choice(
                  FAMILY, ANY, List.of(ANY, IPV4, IPV6), "Which addresses of a name are asked."),
              ModuleOption.text(
                  PROGRAM, "ping", "The program ping: a path, or a name on the PATH.")));

  private final Duration every;
  private final List<Asked> hosts = new ArrayList<>();
  private final Surroundings surroundings;
  private final List<PingTarget> targets = new ArrayList<>();

  /** A host, the question to it, and its series. */
  private final class Asked {
    final Probe<PingTarget.Outcome> probe;
    final Duration span;
    final boolean several;
    final Series up;
    final Series loss;
    final Series rtt;
    final Series least;
    final Series most;
    final Series stuck;
    final Series address;
    final Series failure;
    String shown = "";
    long sent;
    long lost;

    Asked(String name, Duration span, boolean several, Callable<PingTarget.Outcome> question) {
      this.span = span;
      this.several = several;
      probe = new Probe<>(surroundings, question);
      Instance instance = Instance.of(LABEL, name);
      up = new Series(UP, instance);
      loss = new Series(LOSS, instance);
      rtt = new Series(RTT, instance);
      least = new Series(RTT_MIN, instance);
      most = new Series(RTT_MAX, instance);
      stuck = new Series(STUCK, instance);
      address = new Series(ADDRESS, instance);
      failure = new Series(FAILURE, instance);
    }
  }

  /** Asks from the host of {@code surroundings}. */
  public PingCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, target -> target::probe);
  }

  /**
   * @param questions how a host is asked
   */
  PingCollector(
      Surroundings surroundings,
      ModuleSettings settings,
      Function<PingTarget, Callable<PingTarget.Outcome>> questions) {
    this.surroundings = surroundings;
    every = settings.every();
    Options options = settings.options();
    Duration most = Duration.ofMillis(Math.max(1, every.toMillis() * 3 / 4));
    Duration given = options.duration(PATIENCE);
    PingTarget.Manner manner =
        new PingTarget.Manner(
            options.text(PROGRAM),
            options.text(FAMILY),
            options.integer(COUNT),
            given.compareTo(most) < 0 ? given : most);
    for (String name : options.list(TARGETS).stream().distinct().toList()) {
      if (settings.instances().matches(name)) {
        PingTarget target = new PingTarget(surroundings, manner, name);
        targets.add(target);
        hosts.add(new Asked(name, target.span(), manner.count() > 1, questions.apply(target)));
      }
    }
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (hosts.isEmpty()) {
      throw new SourceAbsentException("no targets are configured");
    }
    List<Asked> asked = new ArrayList<>();
    for (Asked host : hosts) {
      // What says late how it went is told, and asked again in the next sample, in time with it.
      if (host.probe.stuck().isPresent()) {
        harvest(host, Duration.ZERO, into);
      } else {
        host.probe.ask();
        asked.add(host);
      }
    }
    long begun = surroundings.clock().monotonicNanos();
    for (Asked host : asked) {
      Duration longest = every.multipliedBy(9).dividedBy(10);
      Duration wait = host.span.plus(START);
      // All were asked at once: what one has not used is left for the others.
      long used = surroundings.clock().monotonicNanos() - begun;
      harvest(host, (wait.compareTo(longest) < 0 ? wait : longest).minusNanos(used), into);
    }
  }

  private static void harvest(Asked host, Duration wait, Readings into) {
    Optional<PingTarget.Outcome> outcome = Optional.empty();
    String failure = "no answer yet";
    try {
      outcome = host.probe.answer(wait);
    } catch (ExecutionException failed) {
      Throwable why = failed.getCause();
      failure = why instanceof IOException ? String.valueOf(why.getMessage()) : why.toString();
    }
    boolean answered = outcome.isPresent() && outcome.get().answer().received() > 0;
    into.gauge(host.up, answered ? 1 : 0);
    if (outcome.isPresent()) {
      PingAnswer answer = outcome.get().answer();
      host.sent += answer.sent();
      host.lost += answer.sent() - answer.received();
      times(host, answer.rtts(), into);
      String address = outcome.get().address();
      host.shown = address.equals(host.shown) ? host.shown : address;
      into.info(host.address, host.shown);
      failure = answer.failure().orElse("");
    } else if (host.probe.stuck().isPresent()) {
      into.gauge(host.stuck, host.probe.stuck().get().toNanos() / 1e9);
    }
    // Unchanged where nothing was sent, so that the next share is of all since the last one.
    into.ratio(host.loss, host.lost, host.sent);
    if (!failure.isEmpty()) {
      String text = failure.substring(0, Math.min(failure.length(), LONGEST_TEXT));
      into.info(host.failure, Words.printable(text));
    }
  }

  private static void times(Asked host, List<Double> rtts, Readings into) {
    if (rtts.isEmpty()) {
      return;
    }
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double rtt : rtts) {
      sum += rtt;
      least = Math.min(least, rtt);
      most = Math.max(most, rtt);
    }
    into.gauge(host.rtt, sum / rtts.size());
    if (host.several) {
      into.gauge(host.least, least);
      into.gauge(host.most, most);
    }
  }

  @Override
  public void close() {
    targets.forEach(PingTarget::close);
  }
}
