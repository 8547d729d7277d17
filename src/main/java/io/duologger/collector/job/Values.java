package io.duologger.collector.job;

import io.duologger.model.Instance;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.util.Arrays;
import java.util.Set;

/** The values of one instance, as far as they are known, and its series. One thread at a time. */
final class Values {
  private final Series[] series = new Series[Value.ALL.length];
  private final long[] values = new long[Value.ALL.length];
  private final boolean[] known = new boolean[Value.ALL.length];

  /** Values of {@code instance}. */
  Values(Instance instance) {
    for (Value value : Value.ALL) {
      series[value.ordinal()] = new Series(value.metric, instance);
    }
  }

  void clear() {
    Arrays.fill(known, false);
    Arrays.fill(values, 0);
  }

  /** Begins anew, with 0 for those of {@code lasting} that were known. */
  void restart(Set<Value> lasting) {
    for (Value value : Value.ALL) {
      known[value.ordinal()] &= lasting.contains(value);
    }
    Arrays.fill(values, 0);
  }

  void set(Value value, long is) {
    values[value.ordinal()] = is;
    known[value.ordinal()] = true;
  }

  /** Adds to what is known, which may be nothing. */
  void add(Value value, long more) {
    values[value.ordinal()] += more;
    known[value.ordinal()] = true;
  }

  /** What is not told, whatever was added. */
  void forget(Value value) {
    known[value.ordinal()] = false;
  }

  boolean has(Value value) {
    return known[value.ordinal()];
  }

  long get(Value value) {
    return values[value.ordinal()];
  }

  void emit(Readings into) {
    for (int i = 0; i < series.length; i++) {
      if (known[i]) {
        if (Value.ALL[i].counter) {
          into.counter(series[i], values[i]);
        } else {
          into.gauge(series[i], values[i]);
        }
      }
    }
  }
}
