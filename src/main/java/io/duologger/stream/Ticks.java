package io.duologger.stream;

import io.duologger.model.Plan;
import io.duologger.model.RecorderClock;
import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableEmitter;
import io.reactivex.rxjava3.core.Scheduler;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The due ticks of one source on one grid. Each wait is computed anew from the grid, so nothing
 * adds up; a timer that wakes late runs only the latest due tick; a tick nobody is ready for is
 * dropped. Everything runs on the timer's one thread.
 */
final class Ticks implements Runnable {
  private final Plan.Entry entry;
  private final RecorderClock clock;
  private final Scheduler.Worker worker;
  private final LongSupplier number;
  private final FlowableEmitter<Tick> emitter;
  private long next;

  private Ticks(
      Plan.Entry entry,
      RecorderClock clock,
      Scheduler.Worker worker,
      LongSupplier number,
      FlowableEmitter<Tick> emitter) {
    this.entry = entry;
    this.clock = clock;
    this.worker = worker;
    this.number = number;
    this.emitter = emitter;
  }

  /**
   * @param fresh whether the source is new, so that it is read at once
   * @param number the number of the last control event
   */
  static Flowable<Tick> of(
      Plan.Entry entry, boolean fresh, RecorderClock clock, Scheduler timer, LongSupplier number) {
    return Flowable.create(
        emitter -> {
          Scheduler.Worker worker = timer.createWorker();
          emitter.setDisposable(worker);
          long now = clock.monotonicNanos();
          if (fresh) {
            emitter.onNext(new Tick(entry.source(), now, number.getAsLong()));
          }
          Ticks ticks = new Ticks(entry, clock, worker, number, emitter);
          ticks.next = entry.grid().nextAfter(now);
          ticks.await();
        },
        BackpressureStrategy.DROP);
  }

  private void await() {
    worker.schedule(this, next - clock.monotonicNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    long now = clock.monotonicNanos();
    if (now >= next) {
      emitter.onNext(new Tick(entry.source(), entry.grid().lastAt(now), number.getAsLong()));
      next = entry.grid().nextAfter(now);
    }
    await();
  }
}
