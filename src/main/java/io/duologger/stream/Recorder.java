package io.duologger.stream;

import io.duologger.collector.Collector;
import io.duologger.model.Closing;
import io.duologger.model.Line;
import io.duologger.model.Plan;
import io.duologger.model.Report;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Close;
import io.duologger.model.StreamEvent.Regrid;
import io.duologger.window.FrozenWindow;
import io.duologger.window.WindowAccumulator;
import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run: ticks to reads to events, events to windows, windows to reports, reports to outputs.
 *
 * <pre>
 *   pacemaker ── boundaries, regrids, deadlines ──────────────┐
 *        └─ per module: ticks ─ drop ─ read, one at a time ───┴─ merge ─ window ─ report ─┬─ queue ─ sink
 *                                                                                         └─ queue ─ sink
 * </pre>
 */
public class Recorder {
  /**
   * From the stop on, everything that is left may take so long: reads under way their grace, then
   * the outputs.
   */
  private static final long STOP_LIMIT_MILLIS = 4_500;

  /** What of that is for the outputs, where a grace is longer than the rest. */
  private static final long OUTPUT_LIMIT_MILLIS = 2_500;

  private final Environment environment;
  private final Pacemaker pacemaker;
  private final Optional<LastRun> lastRun;
  private final Function<Source, Collector> collectors;
  private final WindowAccumulator windows;
  private final Consumer<StreamEvent> observer;
  private final Supplier<List<Line>> process;
  private final List<Output> outputs;

  /** The modules that a plan so far had an entry for; for the timer's thread. */
  private final Set<String> joined = new HashSet<>();

  /**
   * @param schedule what holds until a reload
   * @param length how long the run lasts; empty if until it is told to stop
   * @param closing what closes windows
   * @param lastRun what a run with {@link Start#LAST_RUN} goes on from; empty for any other
   * @param collectors makes the collector of a source
   * @param windows folds the events
   * @param observer sees every event before it is folded, one at a time
   * @param process lines of what is measured of the process, asked once a report
   * @param outputs where reports go
   */
  public Recorder(
      Environment environment,
      Schedule schedule,
      Optional<Duration> length,
      Closing closing,
      Optional<LastRun> lastRun,
      Function<Source, Collector> collectors,
      WindowAccumulator windows,
      Consumer<StreamEvent> observer,
      Supplier<List<Line>> process,
      List<Output> outputs) {
    this.environment = environment;
    this.pacemaker =
        new Pacemaker(
            environment.clock(),
            environment.timer(),
            schedule,
            length,
            closing,
            lastRun.isPresent() ? lastRun.get().end() : OptionalLong.empty());
    this.lastRun = lastRun;
    this.collectors = collectors;
    this.windows = windows;
    this.observer = observer;
    this.process = process;
    this.outputs = List.copyOf(outputs);
  }

  /**
   * Runs until a command or the run's length ends it. Completes when the last report is written or
   * the time for that is over; fails with whatever nothing can go on after. Emits nothing: a
   * Completable would be that too, but loads sixty classes more. To be subscribed to once.
   */
  public Flowable<Report> run(Flowable<Command> commands) {
    return pacemaker
        .events(commands)
        .publish(
            control -> {
              Flowable<?> late =
                  control
                      .filter(Recorder::stops)
                      .delay(
                          stop ->
                              Flowable.timer(
                                  stopLimit(), TimeUnit.MILLISECONDS, environment.timer()));
              return written(reports(events(control))).takeUntil(late);
            })
        .doOnComplete(this::end);
  }

  private void end() {
    for (Output output : outputs) {
      output.end();
    }
  }

  private long stopLimit() {
    long grace = TimeUnit.NANOSECONDS.toMillis(pacemaker.grace());
    return Math.max(STOP_LIMIT_MILLIS, grace + OUTPUT_LIMIT_MILLIS);
  }

  private Flowable<Report> written(Flowable<Report> reports) {
    return reports.publish(this::writtenByEach);
  }

  private Flowable<Report> writtenByEach(Flowable<Report> shared) {
    List<Flowable<Report>> written = new ArrayList<>();
    for (Output output : outputs) {
      written.add(output.consume(shared));
    }
    return Flowable.merge(written);
  }

  private Flowable<Report> reports(Flowable<StreamEvent> events) {
    return events
        .map(this::fold)
        .filter(complete -> !complete.isEmpty())
        .takeUntil(Recorder::ends)
        .concatMapIterable(complete -> complete)
        .observeOn(environment.reports())
        .filter(FrozenWindow::isReported)
        .map(window -> window.report(process));
  }

  private List<FrozenWindow> fold(StreamEvent event) {
    observer.accept(event);
    return windows.accept(event);
  }

  private static boolean ends(List<FrozenWindow> complete) {
    return complete.get(complete.size() - 1).last();
  }

  /** All events; the sources in the order that {@link #arrange} says, which must not matter. */
  private Flowable<StreamEvent> events(Flowable<StreamEvent> control) {
    Flowable<StreamEvent> modules =
        Flowable.merge(
            control
                .ofType(Regrid.class)
                .concatMapIterable(regrid -> joining(regrid, control.startWithItem(regrid))),
            Integer.MAX_VALUE);
    return Flowable.merge(arrange(List.of(control, modules)));
  }

  /**
   * The events of each module that had no entry in any plan before. So a run pays for those that it
   * has, not for all that there are.
   *
   * @param control from {@code regrid} on
   */
  private List<Flowable<StreamEvent>> joining(Regrid regrid, Flowable<StreamEvent> control) {
    List<Flowable<StreamEvent>> modules = new ArrayList<>();
    for (Plan.Entry entry : regrid.plan().entries()) {
      String name = entry.source().name();
      if (joined.add(name)) {
        modules.add(module(name, control));
      }
    }
    return modules;
  }

  /** The order in which the sources of events are subscribed to. */
  List<Flowable<StreamEvent>> arrange(List<Flowable<StreamEvent>> sources) {
    return sources;
  }

  private static boolean stops(StreamEvent event) {
    return event instanceof Boundary boundary && boundary.why() == Close.STOP;
  }

  /** A module's entry in the plan in force, and whether its source is another than before. */
  private record Turn(Optional<Plan.Entry> entry, boolean fresh) {
    static final Turn NONE = new Turn(Optional.empty(), false);

    Turn then(Optional<Plan.Entry> next) {
      return new Turn(next, !source(next).equals(source(entry)));
    }

    private static Optional<Source> source(Optional<Plan.Entry> entry) {
      return entry.isPresent() ? Optional.of(entry.get().source()) : Optional.empty();
    }

    /** The ticks of its turn; none, without an end, if the module has no entry. */
    Flowable<Tick> on(Ticks ticks) {
      return entry.isPresent() ? ticks.of(entry.get(), fresh) : Flowable.never();
    }

    /** The tick that a close off the grid adds, if any. */
    List<Tick> atClose(Ticks ticks, Boundary boundary) {
      Optional<Tick> tick =
          entry.isPresent() ? ticks.atClose(entry.get(), boundary) : Optional.empty();
      return tick.isPresent() ? List.of(tick.get()) : List.of();
    }
  }

  private Flowable<StreamEvent> module(String name, Flowable<StreamEvent> control) {
    Sampler sampler =
        new Sampler(
            collectors,
            environment.clock(),
            environment.timer(),
            environment.reads(),
            environment.quickReads(),
            pacemaker::heartbeat,
            pacemaker::settle,
            lastRun);
    Ticks ticks =
        new Ticks(
            environment.clock(),
            environment.timer(),
            pacemaker::number,
            pacemaker::planned,
            pacemaker::end);
    Flowable<Turn> turns =
        control
            .ofType(Regrid.class)
            .map(regrid -> regrid.plan().entry(name))
            .distinctUntilChanged()
            .scan(Turn.NONE, Turn::then);
    Flowable<Tick> onGrid = turns.switchMap(turn -> turn.on(ticks));
    Flowable<Tick> atClose =
        control
            .ofType(Boundary.class)
            .filter(boundary -> boundary.why().reads())
            .takeUntil(Recorder::stops)
            .withLatestFrom(turns, (boundary, turn) -> turn.atClose(ticks, boundary))
            .concatMapIterable(tick -> tick);
    return Flowable.merge(onGrid.takeUntil(control.filter(Recorder::stops)), atClose)
        .onBackpressureDrop(sampler::skip)
        .flatMap(sampler::read, 1);
  }
}
