package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Makes values up whose statistics are known, for demonstrations and to try a receiver: the n-th
 * sample is the same in every run.
 *
 * <ul>
 *   <li>Source: none
 *   <li>Unit: none, but for samples a second
 *   <li>Kind: gauges and a counter
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 */
public final class TestCollector implements Collector {
  private static final Metric CONST1 =
      Metric.gauge("const1", Unit.COUNT, "The constant const1.").formerly("const1");
  private static final Metric CONST2 =
      Metric.gauge("const2", Unit.COUNT, "The constant const2.").formerly("const2");
  private static final Metric CONST3 =
      Metric.gauge("const3", Unit.COUNT, "The constant const3.").formerly("const3");
  private static final Metric RANDOM =
      Metric.gauge("random", Unit.COUNT, "Evenly spread from 0 to below 1, from the seed.")
          .formerly("random");
  private static final Metric SLOPE =
      Metric.gauge("slope", Unit.COUNT, "0 in the first sample and 1 more in each next one.")
          .formerly("slopeval");
  private static final Metric WAVE =
      Metric.gauge("wave", Unit.COUNT, "A sine from -1 to 1 with so many samples as period says.");
  private static final Metric SPIKE =
      Metric.gauge("spike", Unit.COUNT, "1 in the last sample of each period, else 0.");
  private static final Metric SAMPLES =
      Metric.counter("samples_per_second", Unit.PER_SECOND, "Samples taken.");

  private static final String PERIOD = "period";
  private static final String SEED = "seed";
  private static final int BILLION = 1_000_000_000;

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "test",
          "made-up values with known statistics, for demonstrations and tests",
          Optional.empty(),
          List.of(CONST1, CONST2, CONST3, RANDOM, SLOPE, WAVE, SPIKE, SAMPLES),
          List.of("made up"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of(
              constant("const1", 1),
              constant("const2", 2),
              constant("const3", 3),
              ModuleOption.integer(
                  PERIOD, 60, 2, 1_000_000, "How many samples a wave has, and one spike."),
              ModuleOption.integer(
                  SEED, 0, 0, BILLION, "Which sequence of random numbers is taken.")));

  private final Series[] constants = {series(CONST1), series(CONST2), series(CONST3)};
  private final Series random = series(RANDOM);
  private final Series slope = series(SLOPE);
  private final Series wave = series(WAVE);
  private final Series spike = series(SPIKE);
  private final Series samples = series(SAMPLES);
  private final int[] values;
  private final int period;
  private final SplittableRandom numbers;
  private long taken;

  /** Makes what the settings say. */
  public TestCollector(Surroundings surroundings, ModuleSettings settings) {
    Options options = settings.options();
    values =
        new int[] {
          options.integer(CONST1.name()),
          options.integer(CONST2.name()),
          options.integer(CONST3.name())
        };
    period = options.integer(PERIOD);
    numbers = new SplittableRandom(options.integer(SEED));
  }

  private static ModuleOption constant(String key, int value) {
    return ModuleOption.integer(key, value, -BILLION, BILLION, "The value of " + key + ".");
  }

  private static Series series(Metric metric) {
    return new Series(metric, Instance.HOST);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) {
    for (int i = 0; i < constants.length; i++) {
      into.gauge(constants[i], values[i]);
    }
    long phase = taken % period;
    into.gauge(random, numbers.nextDouble());
    into.gauge(slope, taken);
    into.gauge(wave, Math.sin(2 * Math.PI * phase / period));
    into.gauge(spike, phase == period - 1 ? 1 : 0);
    taken++;
    into.counter(samples, taken);
  }

  @Override
  public void close() {}
}
