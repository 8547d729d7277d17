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
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures how long tasks waited for a resource: some of them, or all that could run (full).
 *
 * <ul>
 *   <li>Source: /proc/pressure/{cpu,memory,io,irq}, by field name; kernels booted without pressure
 *       accounting refuse to read the files
 *   <li>Unit: share of time, from microseconds; the averages from percent
 *   <li>Kind: counters of total, gauges of the averages
 *   <li>Since kernel: 4.20; cpu full since 5.13, irq (full only) since 6.1
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 */
public final class PressureCollector implements Collector {
  private static final String LABEL = "resource";
  private static final List<String> RESOURCES = List.of("cpu", "memory", "io", "irq");
  private static final byte[][] SCOPE_KEYS = {ByteScanner.key("some"), ByteScanner.key("full")};
  private static final byte[][] AVERAGES = {
    ByteScanner.key("avg10"), ByteScanner.key("avg60"), ByteScanner.key("avg300")
  };
  private static final byte[] TOTAL = ByteScanner.key("total");

  /** Per scope: the share, then the averages. */
  private static final List<List<Metric>> METRICS = List.of(metrics("some"), metrics("full"));

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "pressure",
          "share of time that tasks waited for cpu, memory, io or interrupts",
          Optional.of(LABEL),
          metrics(),
          List.of(
              "/proc/pressure/cpu",
              "/proc/pressure/memory",
              "/proc/pressure/io",
              "/proc/pressure/irq"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of());

  private final Resource[] resources;

  /** What one line says. */
  static final class Scope {
    boolean present;
    long total;
    final boolean[] hasAverage = new boolean[AVERAGES.length];
    final double[] averages = new double[AVERAGES.length];
  }

  /** One file and its series. */
  private static final class Resource {
    final ProcFile file;
    final Scope[] scopes = {new Scope(), new Scope()};
    final Series[][] series;
    boolean read;

    Resource(ProcFile file, Instance instance) {
      this.file = file;
      series = new Series[METRICS.size()][];
      for (int i = 0; i < series.length; i++) {
        series[i] = Series.of(METRICS.get(i), instance);
      }
    }
  }

  /** Reads the host {@code root}; only the resources that the settings want. */
  public PressureCollector(HostRoot root, ModuleSettings settings) {
    Path folder = root.proc().resolve("pressure");
    List<Resource> wanted = new ArrayList<>();
    for (String name : RESOURCES) {
      if (settings.instances().matches(name)) {
        wanted.add(
            new Resource(ProcFile.ofOneRecord(folder.resolve(name)), Instance.of(LABEL, name)));
      }
    }
    resources = wanted.toArray(new Resource[0]);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    int read = 0;
    Optional<String> refusal = Optional.empty();
    for (Resource resource : resources) {
      resource.read = resource.file.exists();
      if (resource.read) {
        Optional<String> refused = load(resource);
        if (refused.isPresent()) {
          refusal = refused;
        } else {
          read++;
        }
      }
    }
    if (read == 0 && resources.length > 0) {
      throw new SourceAbsentException(refusal.orElse("no /proc/pressure"));
    }
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    for (Resource resource : resources) {
      if (resource.read) {
        emit(resource, into);
      }
    }
  }

  /**
   * Reads one file; returns the kernel's refusal if it opens but does not let itself be read
   * (EOPNOTSUPP; the text depends on the locale).
   */
  private static Optional<String> load(Resource resource) throws IOException {
    ByteScanner in;
    try {
      in = resource.file.read();
    } catch (FileSystemException notOpened) {
      throw notOpened;
    } catch (IOException e) {
      if (e.getCause() instanceof ClosedChannelException) {
        throw e;
      }
      return Optional.of(e.getMessage());
    }
    parse(in, resource.scopes);
    return Optional.empty();
  }

  private static void emit(Resource resource, Readings into) {
    for (int s = 0; s < SCOPE_KEYS.length; s++) {
      Scope scope = resource.scopes[s];
      if (scope.present) {
        into.counter(resource.series[s][0], scope.total);
        for (int a = 0; a < AVERAGES.length; a++) {
          if (scope.hasAverage[a]) {
            into.gauge(resource.series[s][a + 1], scope.averages[a]);
          }
        }
      }
    }
  }

  /** Lines "some avg10=1.36 avg60=0.73 avg300=0.72 total=9302248"; of each, total must be there. */
  static void parse(ByteScanner in, Scope[] into) throws IOException {
    for (Scope scope : into) {
      scope.present = false;
    }
    while (in.nextLine()) {
      if (in.nextToken()) {
        for (int s = 0; s < SCOPE_KEYS.length; s++) {
          if (in.tokenIs(SCOPE_KEYS[s])) {
            parseScope(in, into[s]);
            break;
          }
        }
      }
    }
    if (!into[0].present && !into[1].present) {
      throw in.malformed("neither some nor full up to here");
    }
  }

  private static void parseScope(ByteScanner in, Scope into) throws IOException {
    Arrays.fill(into.hasAverage, false);
    while (in.nextTokenUntil('=')) {
      if (in.tokenIs(TOTAL)) {
        into.total = in.nextUnsigned("total");
        into.present = true;
      } else {
        parseAverage(in, into);
      }
    }
    if (!into.present) {
      throw in.malformed("missing total");
    }
  }

  private static void parseAverage(ByteScanner in, Scope into) throws IOException {
    for (int a = 0; a < AVERAGES.length; a++) {
      if (in.tokenIs(AVERAGES[a])) {
        into.averages[a] = in.nextDecimal("average") / 100;
        into.hasAverage[a] = true;
        return;
      }
    }
    in.nextToken();
  }

  @Override
  public void close() throws IOException {
    for (Resource resource : resources) {
      resource.file.close();
    }
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    for (List<Metric> scope : METRICS) {
      all.addAll(scope);
    }
    return all;
  }

  private static List<Metric> metrics(String scope) {
    String who = scope.equals("some") ? "some task" : "all runnable tasks";
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        Metric.counter(scope + "_ratio", Unit.RATIO, "Share of time that " + who + " waited.")
            .scaledBy(1e-6));
    for (String seconds : List.of("10", "60", "300")) {
      metrics.add(
          Metric.gauge(
              scope + "_avg" + seconds + "_ratio",
              Unit.RATIO,
              "The kernel's own average over " + seconds + " s of " + scope + "_ratio."));
    }
    return metrics;
  }
}
