package io.duologger.stream;

import io.duologger.model.Grid;
import io.duologger.model.Plan;
import io.duologger.model.RecorderClock;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Close;
import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableEmitter;
import io.reactivex.rxjava3.core.Scheduler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The due ticks of one module, on one grid after the other. Each wait is computed anew from the
 * grid, so nothing adds up; a timer that wakes late runs only the latest due tick; a tick nobody is
 * ready for is dropped. Everything runs on the timer's one thread.
 */
final class Ticks {
  private final RecorderClock clock;
  private final Scheduler timer;
  private final LongSupplier number;
  private final LongSupplier start;
  private final LongSupplier end;

  /** The grid in force, and the last tick that was emitted; a tick on it may be due and not yet. */
  private Optional<Grid> grid = Optional.empty();

  private long emitted = Grid.NONE;

  /**
   * @param number the number of the last control event
   * @param start when the plan in force began: then the first read of a new source is due
   * @param end of the run: no tick is due after it
   */
  Ticks(
      RecorderClock clock,
      Scheduler timer,
      LongSupplier number,
      LongSupplier start,
      LongSupplier end) {
    this.clock = clock;
    this.timer = timer;
    this.number = number;
    this.start = start;
    this.end = end;
  }

  /**
   * The ticks of a source from now on. If it goes on with another grid, a tick that came due on the
   * old one comes first, as the timer may realign the grid just before it would have run the tick.
   *
   * @param fresh whether the source is new, so that it is read at once
   */
  Flowable<Tick> of(Plan.Entry entry, boolean fresh) {
    return Flowable.create(
        emitter -> {
          Scheduler.Worker worker = timer.createWorker();
          emitter.setDisposable(worker);
          new Run(entry, worker, emitter).start(fresh);
        },
        BackpressureStrategy.DROP);
  }

  /**
   * The tick that a close off the grid adds: that of a source that is read at such closes, or at
   * the run's last one that is due and has not run.
   */
  Optional<Tick> atClose(Plan.Entry entry, Boundary boundary) {
    boolean extra = entry.source().spec().readAtClose() && boundary.hasLength();
    boolean stops = boundary.why() == Close.STOP;
    if (!extra && !stops) {
      return Optional.empty();
    }
    long due = extra ? boundary.end() : entry.grid().lastAt(boundary.end());
    return due > emitted ? Optional.of(tick(entry, due, true, extra && stops)) : Optional.empty();
  }

  private Tick tick(Plan.Entry entry, long due, boolean atClose, boolean last) {
    emitted = due;
    return new Tick(entry.source(), due, number.getAsLong(), atClose, last);
  }

  /** One grid's turn. */
  private final class Run implements Runnable {
    private final Plan.Entry entry;
    private final Scheduler.Worker worker;
    private final FlowableEmitter<Tick> emitter;
    private long next;

    Run(Plan.Entry entry, Scheduler.Worker worker, FlowableEmitter<Tick> emitter) {
      this.entry = entry;
      this.worker = worker;
      this.emitter = emitter;
    }

    void start(boolean fresh) {
      // a cold program takes longer to come here than a short interval: the plan's instant counts
      long from = fresh ? start.getAsLong() : clock.monotonicNanos();
      long overdue = fresh ? from : lastBefore(entry.grid());
      grid = Optional.of(entry.grid());
      if (fresh || overdue > emitted) {
        emitter.onNext(tick(entry, overdue, false, false));
      }
      next = entry.grid().nextAfter(from);
      await();
    }

    /** The last tick of the grid in force before {@code next} takes over. */
    private long lastBefore(Grid next) {
      return grid.isPresent() ? grid.get().lastAt(next.first() - 1) : Grid.NONE;
    }

    private void await() {
      worker.schedule(this, next - clock.monotonicNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      long now = clock.monotonicNanos();
      if (now >= next) {
        long due = entry.grid().lastAt(Math.min(now, end.getAsLong()));
        // a close at the same instant may have come first and added it
        if (due > emitted) {
          emitter.onNext(tick(entry, due, false, false));
        }
        next = entry.grid().nextAfter(now);
      }
      await();
    }
  }
}
