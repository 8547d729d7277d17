package io.duologger.window;

import io.duologger.model.Plan;
import io.duologger.model.StreamEvent;
import io.duologger.model.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folds the stream of events into windows: the one place that decides what belongs to which. Due
 * times and the numbers of control events decide, never the order of arrival. Plain Java; events
 * come one at a time.
 *
 * <p>At most two windows are in hand: the open one, and one that has ended and waits for reads
 * under way until each source has settled its last due tick or the grace is over.
 */
public final class WindowAccumulator {
  private static final int LATENESS_AT_FIRST = 64;

  private final String host;
  private final PercentileBudget budget;
  private final Map<Integer, Share> shares = new LinkedHashMap<>();
  private final ArrayDeque<StreamEvent.OfSource> waiting = new ArrayDeque<>();
  private final List<FrozenWindow> out = new ArrayList<>();
  private Plan plan;
  private long number = -1;
  private long start;
  private long plannedEnd;
  private String startedBy = "";
  private Closing closing;
  private Statistics lateness = latenessOfWindow();
  private boolean checked;

  /**
   * @param host the name that reports carry
   * @param budget how much memory raw values may take
   */
  public WindowAccumulator(String host, PercentileBudget budget) {
    this.host = host;
    this.budget = budget;
  }

  private static Statistics latenessOfWindow() {
    return new Statistics(new ValueColumn(LATENESS_AT_FIRST));
  }

  /** A window that has ended and is not yet reported. */
  private static final class Closing {
    private final Window window;
    private boolean last;
    private final List<Integer> order = new ArrayList<>();
    private final Map<Integer, Share.Debt> debts = new LinkedHashMap<>();
    private final Map<Integer, FrozenSource> frozen = new HashMap<>();

    Closing(Window window, boolean last) {
      this.window = window;
      this.last = last;
    }

    void add(Share share, Share.Debt debt) {
      order.add(share.source().id());
      debts.put(share.source().id(), debt);
    }

    List<FrozenSource> inOrder() {
      return order.stream().map(frozen::get).toList();
    }
  }

  /**
   * Folds one event.
   *
   * @return the windows that are complete with it, mostly none
   * @throws PercentileMemoryException once all sources were read the first time, if their series
   *     need too much memory
   */
  public List<FrozenWindow> accept(StreamEvent event) {
    if (event instanceof StreamEvent.OfSource ofSource) {
      acceptOrWait(ofSource);
    } else if (event instanceof StreamEvent.Boundary boundary) {
      end(boundary);
    } else if (event instanceof StreamEvent.Regrid regrid) {
      regrid(regrid);
    } else if (event instanceof StreamEvent.Deadline deadline) {
      if (closing != null && closing.window.end() == deadline.end()) {
        closeAll();
      }
    }
    if (out.isEmpty()) {
      return List.of();
    }
    List<FrozenWindow> complete = List.copyOf(out);
    out.clear();
    return complete;
  }

  private void acceptOrWait(StreamEvent.OfSource event) {
    if (event.after() > number || event.due() > plannedEnd) {
      waiting.add(event);
    } else {
      fold(event);
    }
  }

  private void fold(StreamEvent.OfSource event) {
    int id = event.source().id();
    Share.Debt debt = closing == null ? null : closing.debts.get(id);
    Share share = debt == null ? shares.get(id) : debt.share();
    if (share == null) {
      return;
    }
    if (debt != null && event.due() > closing.window.end()) {
      close(debt);
    }
    share.fold(event);
    if (event instanceof StreamEvent.Sampled sampled && !sampled.priming()) {
      lateness.add(Math.max(0, sampled.sample().started() - sampled.due()) / 1e9);
    }
    if (debt != null && event.due() <= closing.window.end() && debt.settled()) {
      close(debt);
    }
    completeIfSettled();
    checkMemory();
  }

  private void close(Share.Debt debt) {
    int id = debt.share().source().id();
    if (closing.debts.remove(id) != null) {
      closing.frozen.put(id, debt.close());
      if (!shares.containsKey(id)) {
        debt.share().release();
      }
    }
  }

  private void closeAll() {
    List.copyOf(closing.debts.values()).forEach(this::close);
    completeIfSettled();
  }

  private void completeIfSettled() {
    if (closing == null || !closing.debts.isEmpty()) {
      return;
    }
    out.add(
        new FrozenWindow(
            closing.window, host, closing.last, closing.inOrder(), lateness, budget.refused()));
    lateness = latenessOfWindow();
    closing = null;
  }

  private void end(StreamEvent.Boundary boundary) {
    number = boundary.number();
    plannedEnd = boundary.next();
    boolean last = boundary.why() == StreamEvent.Close.STOP;
    if (closing != null && boundary.end() == closing.window.end()) {
      // a window without length takes no grace from the one before it
      closing.last = last;
      startedBy = boundary.why().partial();
      replayWaiting();
      return;
    }
    if (closing != null) {
      closeAll();
    }
    Window window =
        new Window(
            start,
            boundary.end(),
            boundary.end() + plan.wallOffset(),
            reasons(startedBy, boundary.why().partial()),
            boundary.jump());
    closing = new Closing(window, last);
    for (Share share : shares.values()) {
      boolean extra = boundary.why().reads() && share.source().spec().readAtClose();
      closing.add(share, share.end(boundary.end(), extra));
    }
    start = boundary.end();
    startedBy = boundary.why() == StreamEvent.Close.HEARTBEAT ? "" : boundary.why().partial();
    for (Share.Debt debt : List.copyOf(closing.debts.values())) {
      if (debt.settled()) {
        close(debt);
      }
    }
    completeIfSettled();
    replayWaiting();
  }

  private static String reasons(String startedBy, String endedBy) {
    Set<String> reasons = new LinkedHashSet<>(List.of(startedBy, endedBy));
    reasons.remove("");
    return String.join("+", reasons);
  }

  private void regrid(StreamEvent.Regrid regrid) {
    Plan next = regrid.plan();
    if (plan == null) {
      start = next.from();
      startedBy = "start";
    }
    plan = next;
    number = regrid.number();
    plannedEnd = regrid.next();
    Map<Integer, Share> old = new LinkedHashMap<>(shares);
    shares.clear();
    for (Plan.Entry entry : next.entries()) {
      Share share = old.remove(entry.source().id());
      if (share == null) {
        share = new Share(entry, next.heartbeat().interval(), budget);
      } else {
        share.regrid(entry.grid(), next.from());
        if (regrid.reloaded()) {
          share.reloaded();
        }
      }
      shares.put(entry.source().id(), share);
    }
    old.values().stream()
        .filter(gone -> closing == null || !closing.debts.containsKey(gone.source().id()))
        .forEach(Share::release);
    replayWaiting();
  }

  private void replayWaiting() {
    for (int i = waiting.size(); i > 0; i--) {
      acceptOrWait(waiting.remove());
    }
  }

  private void checkMemory() {
    if (!checked && shares.values().stream().allMatch(Share::primed)) {
      checked = true;
      budget.check();
    }
  }
}
