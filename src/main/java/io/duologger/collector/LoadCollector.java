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
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Measures the load averages and the number of tasks.
 *
 * <ul>
 *   <li>Source: /proc/loadavg, five fields; the kernel updates the averages every 5 s
 *   <li>Unit: tasks (running, runnable or in uninterruptible sleep)
 *   <li>Kind: gauges
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 */
public final class LoadCollector implements Collector {
  private static final Metric LOAD1 =
      Metric.gauge("load1", Unit.COUNT, "Load average over 1 minute.");
  private static final Metric LOAD5 =
      Metric.gauge("load5", Unit.COUNT, "Load average over 5 minutes.");
  private static final Metric LOAD15 =
      Metric.gauge("load15", Unit.COUNT, "Load average over 15 minutes.");
  private static final Metric RUNNABLE =
      Metric.gauge("runnable_tasks", Unit.COUNT, "Tasks that run or could run now.");
  private static final Metric TASKS = Metric.gauge("tasks", Unit.COUNT, "Tasks that exist.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "load",
          "load averages and numbers of tasks",
          Optional.empty(),
          List.of(LOAD1, LOAD5, LOAD15, RUNNABLE, TASKS),
          List.of("/proc/loadavg"),
          "",
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          List.of());

  private final ProcFile file;
  private final Values values = new Values();
  private final Series load1 = new Series(LOAD1, Instance.HOST);
  private final Series load5 = new Series(LOAD5, Instance.HOST);
  private final Series load15 = new Series(LOAD15, Instance.HOST);
  private final Series runnable = new Series(RUNNABLE, Instance.HOST);
  private final Series tasks = new Series(TASKS, Instance.HOST);

  /** What one read of the file says. */
  static final class Values {
    double load1;
    double load5;
    double load15;
    long runnable;
    long tasks;
  }

  /** Reads the host {@code root}. */
  public LoadCollector(HostRoot root, ModuleSettings settings) {
    file = ProcFile.ofOneRecord(root.proc().resolve("loadavg"));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    parse(Sources.read(file), values);
    into.gauge(load1, values.load1);
    into.gauge(load5, values.load5);
    into.gauge(load15, values.load15);
    into.gauge(runnable, values.runnable);
    into.gauge(tasks, values.tasks);
  }

  /** proc(5): three averages, runnable/existing tasks, last process id. */
  static void parse(ByteScanner in, Values into) throws IOException {
    in.nextLine();
    into.load1 = in.nextDecimal("1-minute load");
    into.load5 = in.nextDecimal("5-minute load");
    into.load15 = in.nextDecimal("15-minute load");
    if (!in.nextTokenUntil('/')) {
      throw in.malformed("missing runnable/existing tasks");
    }
    into.runnable = in.unsigned("runnable tasks");
    into.tasks = in.nextUnsigned("tasks");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
