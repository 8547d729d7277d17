package io.duologger.stream;

import io.duologger.model.Grid;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Plan;
import io.duologger.model.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the plans of a run: where the grid lies and which sources tick on it, at the start, after a
 * reload and when the wall clock has moved. All times are monotonic nanoseconds. For the timer's
 * thread.
 */
final class Plans {
  private final boolean onEpoch;
  private long anchor;
  private int sources;

  /**
   * @param onEpoch whether the grid lies on the Unix epoch; otherwise it is the run's own, and the
   *     wall clock moves nothing
   */
  Plans(boolean onEpoch) {
    this.onEpoch = onEpoch;
  }

  /** A tick would be due then; for whoever wants to wake with them. */
  long anchor() {
    return anchor;
  }

  /**
   * The plan that a run starts with.
   *
   * @param start where its first window begins, now or before
   * @param offset wall minus monotonic clock
   */
  Plan first(Schedule schedule, long now, long start, long offset) {
    anchor =
        switch (schedule.start()) {
          case EPOCH -> -offset;
          case OWN -> now + schedule.settle().toNanos();
          case LAST_RUN -> start;
        };
    long beat = schedule.heartbeat().toNanos() + now - start;
    Grid heartbeat = new Grid(onEpoch ? anchor : start, beat, now + 1);
    List<Plan.Entry> entries = new ArrayList<>();
    for (ModuleSpec spec : schedule.modules()) {
      entries.add(entry(spec, schedule, heartbeat, anchor, now));
    }
    return plan(schedule, start, offset, heartbeat, entries);
  }

  /** The plan after a reload: modules that it does not change keep their sources and grids. */
  Plan reloaded(Plan old, Schedule schedule, long now) {
    Grid heartbeat = new Grid(old.heartbeat().anchor(), schedule.heartbeat().toNanos(), now + 1);
    long from = schedule.settle().isZero() ? anchor : now + schedule.settle().toNanos();
    List<Plan.Entry> entries = new ArrayList<>();
    for (ModuleSpec spec : schedule.modules()) {
      entries.add(
          old.entry(spec.name())
              .filter(e -> e.source().spec().equals(spec))
              .orElseGet(() -> entry(spec, schedule, heartbeat, from, now)));
    }
    return plan(schedule, now, old.wallOffset(), heartbeat, entries);
  }

  private static Plan plan(
      Schedule schedule, long from, long offset, Grid heartbeat, List<Plan.Entry> entries) {
    boolean settles = !schedule.settle().isZero();
    return new Plan(from, offset, heartbeat, schedule.grace().toNanos(), settles, entries);
  }

  private Plan.Entry entry(
      ModuleSpec spec, Schedule schedule, Grid heartbeat, long from, long now) {
    // A heartbeat that goes on from a last run is as long as that is ago.
    boolean onceABeat =
        spec.every().equals(schedule.heartbeat()) || schedule.start() == Start.LAST_RUN;
    long interval = onceABeat ? heartbeat.interval() : spec.every().toNanos();
    long early = from - spec.lead().toNanos();
    // the first tick of a run that settles has no lead that would put it off by an interval
    long first = early <= now && now < from ? from : early;
    Grid grid = new Grid(first, interval, Math.max(now + 1, first));
    return new Plan.Entry(new Source(sources++, spec), grid);
  }

  /**
   * The plan after the wall clock moved a little: ticks and closes due after {@code from} follow
   * the new grid.
   *
   * @param moved nanoseconds against the monotonic clock
   */
  Plan realigned(Plan old, long from, long moved) {
    return moved(old, from, moved, old.heartbeat());
  }

  /** The plan after the wall clock stepped: the open window ends, so closes begin anew. */
  Plan stepped(Plan old, long now, long moved) {
    Grid beats = old.heartbeat();
    return moved(
        old, now, moved, onEpoch ? new Grid(anchor - moved, beats.interval(), now + 1) : beats);
  }

  private Plan moved(Plan old, long from, long moved, Grid heartbeat) {
    long offset = old.wallOffset() + moved;
    if (!onEpoch) {
      return new Plan(from, offset, heartbeat, old.grace(), old.settles(), old.entries());
    }
    anchor = -offset;
    List<Plan.Entry> entries = old.entries().stream().map(e -> realigned(e, from)).toList();
    Grid beats = heartbeat.anchor() == anchor ? heartbeat : heartbeat.realigned(anchor, from);
    return new Plan(from, offset, beats, old.grace(), old.settles(), entries);
  }

  private Plan.Entry realigned(Plan.Entry entry, long from) {
    long lead = entry.source().spec().lead().toNanos();
    return new Plan.Entry(entry.source(), entry.grid().realigned(anchor - lead, from));
  }
}
