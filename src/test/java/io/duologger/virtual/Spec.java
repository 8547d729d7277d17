package io.duologger.virtual;

import io.duologger.model.Globs;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Stat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes down a {@link ModuleSpec} in few words; spans are seconds. */
public final class Spec {
  private final String name;
  private final Duration every;
  private boolean readAtClose;
  private double lead;
  private double timeout = 5;
  private List<Stat> stats = List.of(Stat.MIN, Stat.MEAN, Stat.MAX, Stat.percentile("50"));
  private Globs series = Globs.ALL;
  private boolean infosOnChange;
  private Map<String, String> options = Map.of();

  private Spec(String name, double every) {
    this.name = name;
    this.every = seconds(every);
  }

  /** The module {@code name}, read each {@code every} seconds. */
  public static Spec of(String name, double every) {
    return new Spec(name, every);
  }

  /** So many seconds, to the nanosecond. */
  public static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** It is read once a heartbeat, and at a stop. */
  public Spec atClose() {
    readAtClose = true;
    return this;
  }

  /** It is read so long before the grid point. */
  public Spec lead(double seconds) {
    lead = seconds;
    return this;
  }

  /** Its time limit. */
  public Spec timeout(double seconds) {
    timeout = seconds;
    return this;
  }

  /** Its statistics, such as {@code p99.9}. */
  public Spec stats(String... wanted) {
    stats = Arrays.stream(wanted).map(text -> Stat.parse(text).orElseThrow()).toList();
    return this;
  }

  /** Which of its series are kept. */
  public Spec series(String... include) {
    series = new Globs(List.of(include), List.of());
    return this;
  }

  /** Infos are printed only when they change. */
  public Spec infosOnChange() {
    infosOnChange = true;
    return this;
  }

  /** An option of its collector; another value makes another source of the module. */
  public Spec option(String value) {
    options = Map.of("option", value);
    return this;
  }

  /** The result. */
  public ModuleSpec build() {
    return new ModuleSpec(
        name,
        every,
        readAtClose,
        seconds(lead),
        seconds(timeout),
        stats,
        series,
        infosOnChange,
        new ModuleSettings(Globs.ALL, false, every, options));
  }
}
