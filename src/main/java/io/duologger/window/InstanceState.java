package io.duologger.window;

import io.duologger.model.Instance;
import io.duologger.model.Layout;
import io.duologger.model.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The series of one instance. Their intervals count or fail together: a device whose one counter
 * was reset has reset them all, so that one covered time holds for all rates of its line.
 */
final class InstanceState {
  private final Instance instance;
  private List<SeriesState> states = new ArrayList<>(1);
  private long lastInstant;
  private long lastSequence = -1;
  private long covered;
  private long rates;
  private long resets;
  private long seen;

  InstanceState(Instance instance) {
    this.instance = instance;
  }

  List<SeriesState> states() {
    return states;
  }

  /** Finds the states of series, which come mostly in the order of the last time. */
  final class Finder {
    private int next;

    /** The state of the series, which {@code make} makes if there is none. */
    SeriesState find(Series series, Function<Series, SeriesState> make) {
      String name = series.metric().name();
      int count = states.size();
      for (int i = 0; i < count; i++) {
        int at = next + i < count ? next + i : next + i - count;
        if (states.get(at).series().metric().name().equals(name)) {
          next = at + 1;
          return states.get(at);
        }
      }
      SeriesState made = make.apply(series);
      states.add(made);
      next = states.size();
      return made;
    }
  }

  /** Where a layout has the series of an instance. */
  static final class Group {
    private final InstanceState owner;
    private final SeriesState[] states;

    /** The states that take values; others where the layout has a series twice. */
    private final SeriesState[] folding;

    private final int[] slots;
    private final boolean[] wide;
    private final boolean intervals;
    private final boolean repeats;

    Group(InstanceState owner, List<SeriesState> states, List<Integer> positions, Layout layout) {
      this.owner = owner;
      this.states = states.toArray(new SeriesState[0]);
      this.folding = this.states.clone();
      this.slots = new int[positions.size()];
      this.wide = new boolean[slots.length];
      boolean any = false;
      for (int i = 0; i < slots.length; i++) {
        slots[i] = layout.slot(positions.get(i));
        wide[i] = layout.wide(positions.get(i));
        any |= this.states[i].hasIntervals();
      }
      this.intervals = any;
      this.repeats = slots.length > 1 && findRepeated();
    }

    /** A counter that a sample has twice is compared with itself only, and has no rates. */
    private boolean findRepeated() {
      Set<SeriesState> once = new HashSet<>();
      Set<SeriesState> twice = new HashSet<>();
      for (SeriesState state : states) {
        if (!once.add(state)) {
          twice.add(state);
        }
      }
      for (int i = 0; i < folding.length; i++) {
        if (twice.contains(states[i]) && states[i] instanceof IntervalState interval) {
          folding[i] = new WatchedState(interval);
        }
      }
      return !twice.isEmpty();
    }

    /** Folds what the samples have of this instance. */
    void fold(Batch batch) {
      if (!repeats) {
        fold(batch, 0, batch.size());
        return;
      }
      for (int i = 0; i < batch.size(); i++) {
        fold(batch, i, i + 1);
      }
    }

    private void fold(Batch batch, int from, int to) {
      batch.narrow(from, to);
      if (intervals) {
        owner.measure(batch);
        for (int i = 0; i < folding.length; i++) {
          folding[i].check(batch, slots[i]);
        }
        owner.judge(batch);
      }
      for (int i = 0; i < folding.length; i++) {
        folding[i].fold(batch, slots[i], wide[i]);
        states[i].markSeen(true);
      }
      owner.folded(batch, intervals);
    }
  }

  /** Finds the intervals between the samples, and where time stood still. */
  private void measure(Batch batch) {
    long[] nanos = batch.nanos();
    boolean continues = lastSequence == batch.sequenceBefore();
    long last = lastInstant;
    for (int i = batch.from(); i < batch.to(); i++) {
      long instant = batch.instant(i);
      if (continues && instant <= last) {
        nanos[i] = Batch.FROZEN;
      } else {
        nanos[i] = continues ? instant - last : 0;
        last = instant;
      }
      batch.resets()[i] = false;
      continues = true;
    }
    lastInstant = last;
  }

  /** Counts the intervals; those with a reset count no further. */
  private void judge(Batch batch) {
    long[] nanos = batch.nanos();
    for (int i = batch.from(); i < batch.to(); i++) {
      if (nanos[i] <= 0) {
        continue;
      }
      if (batch.resets()[i]) {
        resets++;
        nanos[i] = 0;
      } else {
        covered += nanos[i];
        rates++;
      }
    }
  }

  private void folded(Batch batch, boolean intervals) {
    if (!intervals) {
      lastInstant = batch.instant(batch.to() - 1);
    }
    lastSequence = batch.lastSequence();
    if (!batch.priming()) {
      seen += batch.to() - batch.from();
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
    states.forEach(state -> state.peek(frozen::add));
    return frozen(frozen, hasIntervals());
  }

  private boolean hasIntervals() {
    for (SeriesState state : states) {
      if (state.hasIntervals()) {
        return true;
      }
    }
    return false;
  }

  private Frozen frozen(List<FrozenSeries> series, boolean intervals) {
    return new Frozen(instance, series, intervals, covered, rates, resets, seen);
  }

  /** Hands the window's result over, forgets what was not seen in it, and starts the next. */
  Frozen freeze() {
    List<FrozenSeries> frozen = new ArrayList<>(states.size());
    boolean intervals = hasIntervals();
    Consumer<FrozenSeries> into = frozen::add;
    int gone = 0;
    for (SeriesState state : states) {
      state.freeze(into);
      gone += state.seen() ? 0 : 1;
    }
    if (gone > 0) {
      evict(states.size() - gone);
    }
    for (SeriesState state : states) {
      state.markSeen(false);
    }
    Frozen result = frozen(frozen, intervals);
    covered = 0;
    rates = 0;
    resets = 0;
    seen = 0;
    return result;
  }

  private void evict(int left) {
    List<SeriesState> kept = new ArrayList<>(left);
    for (SeriesState state : states) {
      if (state.seen()) {
        kept.add(state);
      } else {
        state.release();
      }
    }
    states = kept;
  }
}
