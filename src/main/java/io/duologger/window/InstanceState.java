package io.duologger.window;

import io.duologger.model.Instance;
import io.duologger.model.Layout;
import io.duologger.model.Sample;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of one instance. Their intervals count or fail together: a device whose one counter
 * was reset has reset them all, so that one covered time holds for all rates of its line.
 */
final class InstanceState {
  private final Instance instance;
  private final Map<String, SeriesState> states = new LinkedHashMap<>();
  private long lastInstant;
  private long lastSequence = -1;
  private long covered;
  private long rates;
  private long resets;
  private long seen;

  InstanceState(Instance instance) {
    this.instance = instance;
  }

  Map<String, SeriesState> states() {
    return states;
  }

  /** Where a layout has the series of an instance. */
  static final class Group {
    private final InstanceState owner;
    private final SeriesState[] states;
    private final int[] positions;
    private final boolean intervals;

    Group(InstanceState owner, List<SeriesState> states, List<Integer> positions) {
      this.owner = owner;
      this.states = states.toArray(new SeriesState[0]);
      this.positions = positions.stream().mapToInt(Integer::intValue).toArray();
      this.intervals = states.stream().anyMatch(SeriesState::hasIntervals);
    }

    /** Folds what a sample has of this instance. */
    void fold(Sample sample, long sequence, boolean priming) {
      Layout layout = sample.layout();
      long instant = sample.instant();
      boolean continues = intervals && owner.lastSequence == sequence - 1;
      long nanos = continues ? instant - owner.lastInstant : 0;
      boolean frozenClock = continues && nanos <= 0;
      boolean whole = true;
      for (int i = 0; i < states.length; i++) {
        SeriesState state = states[i];
        state.markSeen(true);
        if (frozenClock && state.hasIntervals()) {
          state.keepBaseline(sequence);
        } else {
          whole &= state.read(sample, layout, positions[i], sequence, nanos, priming);
        }
      }
      owner.lastSequence = sequence;
      if (!priming) {
        owner.seen++;
      }
      if (frozenClock) {
        return;
      }
      owner.lastInstant = instant;
      if (continues) {
        owner.finish(nanos, whole, states);
      }
    }
  }

  private void finish(long nanos, boolean whole, SeriesState[] read) {
    if (!whole) {
      resets++;
      return;
    }
    covered += nanos;
    rates++;
    for (SeriesState state : read) {
      state.accept(nanos);
    }
  }

  /**
   * The result of an instance in a closed window.
   *
   * @param covered nanoseconds
   * @param hasIntervals whether any of its series is a counter or a ratio
   */
  record Frozen(
      Instance instance,
      List<FrozenSeries> series,
      boolean hasIntervals,
      long covered,
      long rates,
      long resets,
      long seen) {}

  /** What {@link #freeze} would hand over now; changes nothing. */
  Frozen peek() {
    List<FrozenSeries> frozen = new ArrayList<>(states.size());
    states.values().forEach(state -> state.peek(frozen::add));
    return frozen(frozen, hasIntervals());
  }

  private boolean hasIntervals() {
    return states.values().stream().anyMatch(SeriesState::hasIntervals);
  }

  private Frozen frozen(List<FrozenSeries> series, boolean intervals) {
    return new Frozen(instance, series, intervals, covered, rates, resets, seen);
  }

  /** Hands the window's result over, forgets what was not seen in it, and starts the next. */
  Frozen freeze() {
    List<FrozenSeries> frozen = new ArrayList<>(states.size());
    boolean intervals = hasIntervals();
    for (Iterator<SeriesState> all = states.values().iterator(); all.hasNext(); ) {
      SeriesState state = all.next();
      state.freeze(frozen::add);
      if (!state.seen()) {
        state.release();
        all.remove();
      }
      state.markSeen(false);
    }
    Frozen result = frozen(frozen, intervals);
    covered = 0;
    rates = 0;
    resets = 0;
    seen = 0;
    return result;
  }
}
