package io.duologger.window;

import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Layout;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds the samples of one source, a {@link Batch} at a time; whoever looks sees all of them
 * folded. While one batch fills, the one before it is folded, a few instances with each sample, so
 * that no sample costs much more than another; but not so few that most of it is loading code into
 * the processor's caches. One writer.
 */
final class SourceWindow {
  /** How many series are folded at once if there are so many: some 20 us. */
  private static final int SERIES_AT_ONCE = 128;

  private final ModuleSpec spec;
  private final Columns columns;
  private final Columns none;
  private final Map<Instance, InstanceState> instances = new LinkedHashMap<>();
  private Layout layout = Layout.EMPTY;
  private InstanceState.Group[] groups = {};
  private Batch filling;
  private Batch folding;

  /** How many of the groups have folded {@link #folding}. */
  private int folded;

  /** How many of the groups are folded with each sample. */
  private int step;

  /**
   * @param spec how the source runs
   * @param expected values that a series gets in a whole window
   * @param budget where memory for columns is asked for
   */
  SourceWindow(ModuleSpec spec, long expected, PercentileBudget budget) {
    this.spec = spec;
    this.columns = new Columns(spec.stats(), expected, budget);
    this.none = new Columns(List.of(), expected, budget);
    int most = Batch.sizeFor(expected);
    this.filling = new Batch(most);
    this.folding = new Batch(most);
  }

  /**
   * Folds a sample, now or with some that follow; its values must not be used by anyone else.
   *
   * @param priming whether only baselines and infos count
   */
  void fold(Sample sample, boolean priming) {
    if (sample.layout() != layout) {
      foldWaiting();
      resolve(sample.layout());
    } else if (priming) {
      foldWaiting();
    }
    filling.add(sample, priming);
    foldUpTo(Math.min(groups.length, folded + step));
    if (filling.full()) {
      foldFull();
      Batch full = filling;
      filling = folding;
      folding = full;
      filling.startAfter(full);
      if (priming) {
        foldFull();
      }
    }
  }

  /** Goes on with the full batch, if there is one. */
  private void foldUpTo(int end) {
    if (folding.size() > 0) {
      for (; folded < end; folded++) {
        groups[folded].fold(folding);
      }
    }
  }

  private void foldFull() {
    foldUpTo(groups.length);
    folding.clear();
    folded = 0;
  }

  private void foldWaiting() {
    foldFull();
    for (InstanceState.Group group : groups) {
      if (filling.size() > 0) {
        group.fold(filling);
      }
    }
    filling.clear();
  }

  private void resolve(Layout next) {
    Map<Instance, List<Integer>> positions = new LinkedHashMap<>();
    for (int i = 0; i < next.count(); i++) {
      Instance instance = next.series(i).instance();
      List<Integer> of = positions.get(instance);
      if (of == null) {
        of = new ArrayList<>();
        positions.put(instance, of);
      }
      of.add(i);
    }
    for (Iterator<List<Integer>> all = positions.values().iterator(); all.hasNext(); ) {
      List<Integer> of = all.next();
      leaveOut(of, next);
      if (of.isEmpty()) {
        all.remove();
      }
    }
    groups = new InstanceState.Group[positions.size()];
    int g = 0;
    for (Map.Entry<Instance, List<Integer>> entry : positions.entrySet()) {
      InstanceState owner = instances.get(entry.getKey());
      if (owner == null) {
        owner = new InstanceState(entry.getKey());
        instances.put(entry.getKey(), owner);
      }
      InstanceState.Finder finder = owner.new Finder();
      List<SeriesState> states = new ArrayList<>();
      for (int position : entry.getValue()) {
        states.add(finder.find(next.series(position), this::state));
      }
      groups[g++] = new InstanceState.Group(owner, states, entry.getValue(), next);
    }
    int least = groups.length / filling.most() + 1;
    step = Math.max(least, groups.length * SERIES_AT_ONCE / Math.max(1, next.count()));
    layout = next;
  }

  /**
   * Leaves the series of an instance out that are not kept, but for counters and ratios beside some
   * that are: all are judged by a reset of any.
   */
  private void leaveOut(List<Integer> instance, Layout layout) {
    boolean intervals = false;
    for (int position : instance) {
      Series series = layout.series(position);
      intervals |= isKept(series) && isInterval(series);
    }
    for (Iterator<Integer> all = instance.iterator(); all.hasNext(); ) {
      Series series = layout.series(all.next());
      if (!isKept(series) && !(intervals && isInterval(series))) {
        all.remove();
      }
    }
  }

  private boolean isKept(Series series) {
    return spec.series().matches(series.metric().name());
  }

  private static boolean isInterval(Series series) {
    Kind kind = series.metric().kind();
    return kind == Kind.COUNTER || kind == Kind.RATIO;
  }

  private SeriesState state(Series series) {
    Columns kept = isKept(series) ? columns : none;
    return switch (series.metric().kind()) {
      case GAUGE -> new GaugeState(series, kept);
      case COUNTER -> watchedUnlessKept(new CounterState(series, kept));
      case RATIO -> watchedUnlessKept(new RatioState(series, kept));
      case INFO -> new InfoState(series, spec.infosOnChange());
      case EVENT -> new EventState(series);
    };
  }

  private SeriesState watchedUnlessKept(IntervalState state) {
    return isKept(state.series()) ? state : new WatchedState(state);
  }

  /** Makes the next report print every info. */
  void forgetReportedInfos() {
    for (InstanceState instance : instances.values()) {
      for (SeriesState state : instance.states()) {
        if (state instanceof InfoState info) {
          info.forget();
        }
      }
    }
  }

  /**
   * Hands the window's result over and starts the next. To be called for windows with a sample
   * only: series that were in none are forgotten, and an info counts as reported.
   */
  List<InstanceState.Frozen> freeze() {
    foldWaiting();
    List<InstanceState.Frozen> frozen = new ArrayList<>(instances.size());
    boolean evicted = false;
    for (Iterator<InstanceState> all = instances.values().iterator(); all.hasNext(); ) {
      InstanceState instance = all.next();
      int before = instance.states().size();
      frozen.add(instance.freeze());
      evicted |= instance.states().size() < before;
      if (instance.states().isEmpty()) {
        all.remove();
      }
    }
    if (evicted) {
      layout = Layout.EMPTY;
      groups = new InstanceState.Group[0];
    }
    return frozen;
  }

  /** What {@link #freeze} would hand over now. */
  List<InstanceState.Frozen> peek() {
    foldWaiting();
    return instances.values().stream().map(InstanceState::peek).toList();
  }

  /** The source is gone: gives its memory back. */
  void release() {
    for (InstanceState instance : instances.values()) {
      for (SeriesState state : instance.states()) {
        state.release();
      }
    }
  }
}
