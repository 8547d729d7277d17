package io.duologger.window;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.stream.SampleRecorder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a series holds on the heap, as the garbage collector counts it: all that its window has. */
class MemoryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Stat> STATS =
      List.of(Stat.MEAN, Stat.percentile("50"), Stat.percentile("95"), Stat.percentile("99"));

  private final Random random = new Random(1);
  private final SampleRecorder recorder = new SampleRecorder();
  private Series[] series;
  private long[] totals;
  private SourceWindow window;
  private long before;
  private long now;

  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private void start(int count, int perInstance, int expected) {
    series = new Series[count];
    totals = new long[count];
    for (int i = 0; i < count; i++) {
      Metric metric = Metric.counter("a" + i % perInstance + "_per_second", Unit.PER_SECOND, "A.");
      series[i] = new Series(metric, Instance.of("device", "d" + i / perInstance));
    }
    ModuleSettings settings = new ModuleSettings(Globs.ALL, false, SECOND, Map.of());
    ModuleSpec spec =
        new ModuleSpec(
            "net", SECOND, false, Duration.ZERO, SECOND, STATS, Globs.ALL, false, settings);
    before = used();
    window = new SourceWindow(spec, expected, new PercentileBudget(1L << 40));
  }

  private void fold(int samples) {
    for (int sample = 0; sample < samples; sample++) {
      recorder.begin();
      for (int i = 0; i < series.length; i++) {
        totals[i] += (long) Math.exp(7 + 2 * random.nextGaussian());
        recorder.counter(series[i], totals[i]);
      }
      now += 1_000_000_000;
      window.fold(recorder.end(now, now, now), false);
    }
  }

  private void report(List<InstanceState.Frozen> closed) {
    Percentiles asked = new Percentiles(STATS);
    for (InstanceState.Frozen instance : closed) {
      FrozenSeries.Output output = new FrozenSeries.Output(600, asked);
      instance.series().forEach(one -> one.describe(output));
    }
  }

  private void assertHeld(long most, String when) {
    long each = (used() - before) / series.length;
    System.out.printf("%d bytes a series %s%n", each, when);
    assertTrue(each <= most, () -> each + " bytes a series " + when);
  }

  private void assertSmall(int perInstance, long most) {
    start(8_000, perInstance, 600);
    fold(10);
    for (int round = 0; round < 3; round++) {
      fold(590);
      String when = "with a full window, " + perInstance + " an instance";
      assertHeld(most, when);
      List<InstanceState.Frozen> closed = window.freeze();
      fold(10);
      assertHeld(most, "before its report, " + perInstance + " an instance");
      report(closed);
    }
  }

  @Test
  void sixHundredSamplesTakeSixKilobytes() {
    assertSmall(20, 6 << 10);
  }

  @Test
  void aSeriesThatIsAloneOnItsInstanceTakesTheInstanceToo() {
    assertSmall(1, 6400);
  }

  @Test
  void anyNumberOfSamplesTakesAHundredKilobytes() {
    start(100, 10, 40_000);
    for (int round = 0; round < 2; round++) {
      fold(4_000);
      assertHeld(100 << 10, "after 4,000 samples");
      fold(36_000);
      assertHeld(100 << 10, "after 40,000 samples");
      List<InstanceState.Frozen> closed = window.freeze();
      fold(4_096);
      assertHeld(100 << 10, "before the report of 40,000 samples");
      report(closed);
    }
  }
}
