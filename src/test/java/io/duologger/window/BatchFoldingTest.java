package io.duologger.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Aggregate;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.stream.SampleRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Folding in batches yields to the last bit what folding value by value yields. */
class BatchFoldingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Stat> STATS =
      List.of(
          Stat.MIN,
          Stat.MEAN,
          Stat.MAX,
          Stat.LAST,
          Stat.VALUE,
          Stat.percentile("99.9"),
          Stat.percentile("0.1"),
          Stat.percentile("50"),
          Stat.percentile("28"));
  private static final List<Metric> METRICS =
      List.of(
          Metric.counter("plain_per_second", Unit.PER_SECOND, "A.").scaledBy(0.3),
          Metric.counter("wrapping_per_second", Unit.PER_SECOND, "A.").wrappingAt(1 << 20, 1e5),
          Metric.counter("loaded_per_second", Unit.PER_SECOND, "A.").withUtilisation("load"),
          Metric.counter("hidden_per_second", Unit.PER_SECOND, "A."),
          Metric.ratio("share_ratio", Unit.RATIO, "A.").wrappingAt(1 << 20, 1e5),
          Metric.gauge("level", Unit.COUNT, "A.").scaledBy(1.7),
          Metric.gauge("hidden", Unit.COUNT, "A."),
          Metric.info("name", "A."),
          Metric.event("message", "A."));

  private final List<Series> series = new ArrayList<>();
  private final Map<Series, long[]> totals = new HashMap<>();
  private final SampleRecorder recorder = new SampleRecorder();
  private final Globs kept = new Globs(List.of("*"), List.of("hidden*"));
  private ValueByValue plain;
  private Random random;
  private SourceWindow batched;
  private long now = 1;

  /** Whether counters jump close to 2^64, and time stands still. */
  private boolean leaps = true;

  BatchFoldingTest() {
    for (Instance instance :
        List.of(Instance.HOST, Instance.of("device", "a"), Instance.of("device", "b"))) {
      for (Metric metric : METRICS) {
        series.add(new Series(metric, instance));
      }
    }
  }

  private boolean isKept(Series of) {
    return kept.matches(of.metric().name());
  }

  private void start(long seed, int expected) {
    random = new Random(seed);
    plain = new ValueByValue(STATS, this::isKept);
    totals.clear();
    ModuleSettings settings = new ModuleSettings(Globs.ALL, false, SECOND, Map.of());
    ModuleSpec spec =
        new ModuleSpec("net", SECOND, false, Duration.ZERO, SECOND, STATS, kept, true, settings);
    batched = new SourceWindow(spec, expected, new PercentileBudget(1L << 30));
  }

  private void read(Series of) {
    long[] total = totals.computeIfAbsent(of, key -> new long[2]);
    int how = random.nextInt(400);
    if (how == 0) {
      Arrays.fill(total, random.nextInt(1000));
    } else if (how == 1 && leaps) {
      Arrays.fill(total, -1L - random.nextInt(1000));
    } else if (how > 100) {
      total[0] += random.nextInt(2000);
      total[1] += random.nextInt(10_000);
    }
    Metric metric = of.metric();
    switch (metric.kind()) {
      case COUNTER -> {
        long value = metric.modulus() > 0 ? total[0] & metric.modulus() - 1 : total[0];
        if (metric.utilisation().isPresent() && random.nextInt(50) > 0) {
          recorder.counter(of, value, random.nextInt(5) * 800.0);
        } else {
          recorder.counter(of, value);
        }
      }
      case RATIO -> recorder.ratio(of, total[0] & metric.modulus() - 1, total[1]);
      case GAUGE -> recorder.gauge(of, random.nextInt(9) == 0 ? -0.0 : random.nextGaussian());
      case INFO -> recorder.info(of, "text" + random.nextInt(40) / 39);
      case EVENT -> {
        for (int i = random.nextInt(8) - 5; i > 0; i--) {
          recorder.event(of, "event " + random.nextInt());
        }
      }
    }
  }

  private Sample sample(List<Series> present) {
    recorder.begin();
    present.forEach(this::read);
    int step = leaps ? random.nextInt(30) : 30;
    now +=
        step == 0 ? 0 : step == 1 ? -random.nextInt(1000) : 500_000_000 + random.nextInt(1 << 30);
    return recorder.end(now, now, now + random.nextInt(1000));
  }

  private void fold(List<Series> present, boolean priming) {
    Sample sample = sample(present);
    plain.fold(sample, priming);
    batched.fold(sample, priming);
  }

  private static List<String> text(List<InstanceState.Frozen> instances) {
    List<String> result = new ArrayList<>();
    Percentiles asked = new Percentiles(STATS);
    for (InstanceState.Frozen frozen : instances) {
      result.add(
          frozen.instance().labels()
              + " "
              + List.of(
                  frozen.hasIntervals(),
                  frozen.covered(),
                  frozen.rates(),
                  frozen.resets(),
                  frozen.seen()));
      for (FrozenSeries one : frozen.series()) {
        FrozenSeries.Output output = new FrozenSeries.Output(ValueByValue.COVERED, asked);
        one.describe(output);
        output.infos.forEach((name, text) -> result.add(name + "=" + text));
        for (Line.Event event : output.events) {
          result.add(event.name() + "=" + event.text());
        }
        for (Aggregate aggregate : output.aggregates) {
          result.add(aggregate.metric().name() + " " + Arrays.toString(aggregate.values()));
        }
      }
    }
    return result;
  }

  private static void assertLines(List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertEquals(expected.get(i), actual.get(i));
    }
    assertEquals(expected.size(), actual.size());
  }

  private List<Series> some() {
    double part = random.nextDouble() * 1.5;
    return series.stream().filter(s -> random.nextDouble() < part).toList();
  }

  @Property(tries = 300)
  void yieldsTheSame(@ForAll long seed) {
    start(seed, 1 + new Random(seed).nextInt(100));
    fold(some(), true);
    for (int turn = 0; turn < 40; turn++) {
      List<Series> present = some();
      for (int i = random.nextInt(40); i >= 0; i--) {
        fold(present, random.nextInt(100) == 0);
      }
      switch (random.nextInt(4)) {
        case 0 -> assertLines(plain.freeze(), text(batched.freeze()));
        case 1 -> assertLines(plain.peek(), text(batched.peek()));
        default -> {}
      }
    }
    assertLines(plain.freeze(), text(batched.freeze()));
  }

  @Example
  void yieldsTheSamePastTheExactLimit() {
    // What is far smaller than the largest is less exact there, depending on which came first.
    leaps = false;
    for (int samples : new int[] {4096, 4097, 4110, 5000, 8000}) {
      start(samples, samples);
      List<Series> present = series.subList(0, METRICS.size());
      for (int i = 0; i < samples; i++) {
        fold(present, false);
      }
      assertLines(plain.peek(), text(batched.peek()));
      assertLines(plain.freeze(), text(batched.freeze()));
    }
  }
}
