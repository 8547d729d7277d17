package io.duologger.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.duologger.format.LogfmtFormat;
import io.duologger.model.Aggregate;
import io.duologger.model.Closing;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import io.duologger.runtime.Timekeeper;
import io.duologger.stream.Environment;
import io.duologger.stream.Output;
import io.duologger.stream.Recorder;
import io.duologger.stream.Schedule;
import io.duologger.window.PercentileBudget;
import io.duologger.window.WindowAccumulator;
import io.reactivex.rxjava3.core.Flowable;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Can a run keep up with many series at a high rate? A real recorder with real threads reads a
 * synthetic module and formats its reports; each window prints a line. Not a JMH benchmark; the
 * arguments are the number of series, the sample interval in milliseconds, the heartbeat in seconds
 * and the number of windows.
 */
public final class SyntheticLoad {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final PrintStream out;
  private long lastCpu = SYSTEM.getProcessCpuTime();
  private long lastPauses;
  private long lastPauseMillis;

  private SyntheticLoad(PrintStream out) {
    this.out = out;
  }

  /** Says nothing: the output can't fail. */
  private static final class Silent implements Output.Listener {
    @Override
    public void written(String output) {}

    @Override
    public void failed(String output, java.io.IOException why) throws java.io.IOException {
      throw why;
    }

    @Override
    public void recovered(String output, long lost) {}

    @Override
    public void abandoned(String output, long reports) {}
  }

  /** Runs until the last window is reported. */
  public static void main(String[] arguments) {
    int series = Integer.parseInt(arguments[0]);
    Duration every = Duration.ofMillis(Long.parseLong(arguments[1]));
    Duration heartbeat = Duration.ofSeconds(Long.parseLong(arguments[2]));
    long windows = Long.parseLong(arguments[3]);
    SyntheticLoad load = new SyntheticLoad(System.out);
    load.out.printf(
        Locale.ROOT,
        "%d series, every %d ms, heartbeat %d s, heap at most %d MiB%n",
        series,
        every.toMillis(),
        heartbeat.toSeconds(),
        Runtime.getRuntime().maxMemory() >> 20);
    Schedule schedule =
        Schedule.fromStart(
            Duration.ZERO, heartbeat, Duration.ofSeconds(1), List.of(SyntheticModule.spec(every)));
    Timekeeper timekeeper = Timekeeper.start();
    new Recorder(
            new Environment(
                new SystemClock(),
                timekeeper.timer(),
                Threads.reads(),
                timekeeper::read,
                Threads.single("report")),
            schedule,
            Optional.of(heartbeat.multipliedBy(windows)),
            Closing.EACH_HEARTBEAT,
            Optional.empty(),
            source -> new SyntheticModule(series, SyntheticModule.Kinds.MIXED),
            new WindowAccumulator(
                "host",
                new PercentileBudget(Runtime.getRuntime().maxMemory() / 4 * 3),
                Closing.EACH_HEARTBEAT),
            event -> {},
            List::of,
            List.of(new Output("none", load::print, 4, Threads.single("output"), new Silent())))
        .run(Flowable.never())
        .blockingSubscribe();
  }

  private void print(Report report) {
    long start = System.nanoTime();
    int size = new LogfmtFormat().bytes(report).length;
    long formatted = System.nanoTime() - start;
    long cpu = SYSTEM.getProcessCpuTime();
    long pauses = 0;
    long pauseMillis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      pauses += collector.getCollectionCount();
      pauseMillis += collector.getCollectionTime();
    }
    double samples = own(report, "samples", 0);
    double missed = own(report, "ticks_missed", 0);
    double seconds = report.window().length() / 1e9;
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    out.printf(
        Locale.ROOT,
        "window=%.1f s ticks=%.0f missed=%.0f (%.2f %%) late_p99=%.3f ms late_max=%.3f ms"
            + " cpu=%.1f %% gc=%d (%d ms) heap=%d MiB report=%d bytes, formatted in %.1f ms%n",
        seconds,
        samples + missed,
        missed,
        100 * missed / Math.max(1, samples + missed),
        own(report, "tick_lateness_seconds", 1) * 1e3,
        own(report, "tick_lateness_seconds", 2) * 1e3,
        (cpu - lastCpu) / seconds / 1e7,
        pauses - lastPauses,
        pauseMillis - lastPauseMillis,
        used >> 20,
        size,
        formatted / 1e6);
    lastCpu = cpu;
    lastPauses = pauses;
    lastPauseMillis = pauseMillis;
  }

  /** A number that the run says of itself. */
  private static double own(Report report, String name, int stat) {
    for (Line line : report.self()) {
      for (Aggregate aggregate : line.aggregates()) {
        if (line.instance().labels().isEmpty() && aggregate.metric().name().equals(name)) {
          return aggregate.values()[stat];
        }
      }
    }
    return Double.NaN;
  }
}
