package io.duologger.window;

import io.duologger.model.Closing;
import io.duologger.model.Grid;
import io.duologger.model.Plan;
import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Close;
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
 *
 * <p>Where windows close on request, each request gets one window, in order: the one that it
 * closes, the one that the last request closed, or before the first close the open one as far as it
 * is, for which it waits until every source has a sample or its patience ends.
 */
public final class WindowAccumulator {
  private final String host;
  private final PercentileBudget budget;
  private final Closing rule;
  private final ArrayDeque<Long> requests = new ArrayDeque<>();
  private final Map<Integer, Share> shares = new LinkedHashMap<>();
  private final ArrayDeque<StreamEvent.OfSource> waiting = new ArrayDeque<>();
  private final List<FrozenWindow> out = new ArrayList<>();
  private Plan plan;
  private long number = -1;
  private long start;
  private long plannedEnd;
  private long lastDue = Grid.NONE;
  private String startedBy = "";
  private Ended ended;
  private FrozenWindow answer;
  private final SingleValues lateness = new SingleValues();
  private boolean checked;

  /**
   * @param host the name that reports carry
   * @param budget how much memory raw values may take
   * @param rule what closes windows
   */
  public WindowAccumulator(String host, PercentileBudget budget, Closing rule) {
    this.host = host;
    this.budget = budget;
    this.rule = rule;
  }

  /** A window that has ended and is not yet reported. */
  private static final class Ended {
    private final Window window;
    private final boolean asked;
    private boolean last;
    private final List<Integer> order = new ArrayList<>();
    private final Map<Integer, Share.Debt> debts = new LinkedHashMap<>();
    private final Map<Integer, FrozenSource> frozen = new HashMap<>();

    Ended(Window window, boolean asked, boolean last) {
      this.window = window;
      this.asked = asked;
      this.last = last;
    }

    void add(Share share, Share.Debt debt) {
      order.add(share.source().id());
      debts.put(share.source().id(), debt);
    }

    List<FrozenSource> inOrder() {
      List<FrozenSource> sources = new ArrayList<>();
      for (int id : order) {
        sources.add(frozen.get(id));
      }
      return sources;
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
    } else if (event instanceof StreamEvent.Request request) {
      request(request);
    } else if (event instanceof StreamEvent.Patience patience) {
      while (waits() && requests.peek() <= patience.at()) {
        answerOldestWithOpenWindow();
      }
    } else if (event instanceof StreamEvent.Deadline deadline) {
      if (ended != null && ended.window.end() == deadline.end()) {
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
    Share.Debt debt = ended == null ? null : ended.debts.get(id);
    Share share = debt == null ? shares.get(id) : debt.share();
    if (share == null) {
      return;
    }
    if (debt != null && event.due() > ended.window.end()) {
      close(debt);
    }
    share.fold(event);
    lastDue = Math.max(lastDue, event.due());
    if (event instanceof StreamEvent.Sampled sampled && !sampled.priming()) {
      lateness.add(Math.max(0, sampled.sample().started() - sampled.due()) / 1e9);
    }
    if (debt != null && event.due() <= ended.window.end() && debt.settled()) {
      close(debt);
    }
    completeIfSettled();
    checkMemory();
    answerIfSampled();
  }

  private void request(StreamEvent.Request request) {
    number = request.number();
    boolean due = request.at() - start >= plan.heartbeat().interval();
    requests.add(request.at());
    if (ended != null && ended.asked) {
      // the window that the request before this one closed answers both
      replayWaiting();
    } else if (due && shares.values().stream().anyMatch(Share::sampled)) {
      end(
          new StreamEvent.Boundary(
              request.number(), start, request.at(), Close.ANSWER, 0, request.next()));
    } else {
      replayWaiting();
      if (answer != null) {
        answerAll(answer);
      } else {
        answerIfSampled();
      }
    }
  }

  /** Whether there are requests that no window which has ended will answer. */
  private boolean waits() {
    return !requests.isEmpty() && (ended == null || !ended.asked);
  }

  private void answerAll(FrozenWindow with) {
    for (; !requests.isEmpty(); requests.remove()) {
      out.add(with);
    }
  }

  private void answerIfSampled() {
    if (!requests.isEmpty()
        && ended == null
        && shares.values().stream().allMatch(share -> share.sampled() || share.hopeless())) {
      answerWithOpenWindow();
    }
  }

  private void answerWithOpenWindow() {
    while (waits()) {
      answerOldestWithOpenWindow();
    }
  }

  private void answerOldestWithOpenWindow() {
    closeAll();
    long end = Math.max(requests.remove(), lastDue);
    Window window = new Window(start, end, end + plan.wallOffset(), startedBy, 0);
    List<FrozenSource> sources = shares.values().stream().map(share -> share.peek(end)).toList();
    out.add(
        new FrozenWindow(window, host, false, true, sources, lateness.copy(), budget.refused()));
  }

  private void close(Share.Debt debt) {
    int id = debt.share().source().id();
    if (ended.debts.remove(id) != null) {
      ended.frozen.put(id, debt.close());
      if (!shares.containsKey(id)) {
        debt.share().release();
      }
    }
  }

  private void closeAll() {
    if (ended == null) {
      return;
    }
    for (Share.Debt debt : List.copyOf(ended.debts.values())) {
      close(debt);
    }
    completeIfSettled();
  }

  private void completeIfSettled() {
    if (ended == null || !ended.debts.isEmpty()) {
      return;
    }
    boolean onRequest = rule == Closing.ON_REQUEST;
    FrozenWindow window =
        new FrozenWindow(
            ended.window,
            host,
            ended.last,
            onRequest ? ended.asked : ended.window.length() > 0,
            ended.inOrder(),
            lateness.take(),
            budget.refused());
    if (ended.asked) {
      answer = window;
      answerAll(window);
    } else if (!onRequest || ended.last) {
      out.add(window);
    }
    ended = null;
  }

  private void end(StreamEvent.Boundary boundary) {
    number = boundary.number();
    plannedEnd = boundary.next();
    boolean last = boundary.why() == Close.STOP;
    if (last) {
      answerWithOpenWindow();
    }
    if (ended != null && boundary.end() == ended.window.end()) {
      // a window without length takes no grace from the one before it
      ended.last = last;
      startedBy = boundary.why().partial();
      replayWaiting();
      return;
    }
    if (ended != null) {
      closeAll();
    }
    Window window =
        new Window(
            start,
            boundary.end(),
            boundary.end() + plan.wallOffset(),
            reasons(startedBy, boundary.why().partial()),
            boundary.jump());
    ended = new Ended(window, boundary.why() == Close.ANSWER, last);
    for (Share share : shares.values()) {
      boolean extra = boundary.why().reads() && share.source().spec().readAtClose();
      ended.add(share, share.end(boundary.end(), extra));
    }
    start = boundary.end();
    startedBy = boundary.why() == Close.HEARTBEAT ? "" : boundary.why().partial();
    for (Share.Debt debt : List.copyOf(ended.debts.values())) {
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
      startedBy = next.heartbeat().anchor() == start ? "" : "start";
    }
    plan = next;
    number = regrid.number();
    plannedEnd = regrid.next();
    Map<Integer, Share> old = new LinkedHashMap<>(shares);
    shares.clear();
    for (Plan.Entry entry : next.entries()) {
      Share share = old.remove(entry.source().id());
      if (share == null) {
        share = new Share(entry, next.heartbeat().interval(), next.settles(), budget);
      } else {
        share.regrid(entry.grid(), next.from());
        if (regrid.reloaded()) {
          share.reloaded();
        }
      }
      shares.put(entry.source().id(), share);
    }
    for (Share gone : old.values()) {
      if (ended == null || !ended.debts.containsKey(gone.source().id())) {
        gone.release();
      }
    }
    replayWaiting();
  }

  private void replayWaiting() {
    for (int i = waiting.size(); i > 0; i--) {
      acceptOrWait(waiting.remove());
    }
  }

  private void checkMemory() {
    if (!checked && primed()) {
      checked = true;
      budget.check();
    }
  }

  private boolean primed() {
    for (Share share : shares.values()) {
      if (!share.primed()) {
        return false;
      }
    }
    return true;
  }
}
