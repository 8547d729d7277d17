package io.duologger.stream;

import io.duologger.model.Closing;
import io.duologger.model.Grid;
import io.duologger.model.Plan;
import io.duologger.model.RecorderClock;
import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Close;
import io.duologger.model.StreamEvent.Deadline;
import io.duologger.model.StreamEvent.Patience;
import io.duologger.model.StreamEvent.Regrid;
import io.duologger.model.StreamEvent.Request;
import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableEmitter;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Makes the control events of a run: closes windows on the grid and off it, watches the wall clock,
 * and is the only one to say where the grid lies. Everything runs on the timer's one thread, where
 * the ticks run too.
 */
final class Pacemaker {
  /** A wall clock that moves by more than this against the monotonic clock has stepped. */
  private static final long STEP = TimeUnit.SECONDS.toNanos(1);

  private static final long WATCH = TimeUnit.SECONDS.toNanos(1);

  /**
   * So long after every module should have its first sample a request waits for those that have
   * not.
   */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

  private static final long NEVER = Long.MAX_VALUE;

  private final RecorderClock clock;
  private final Scheduler timer;
  private final Optional<Duration> length;
  private final Closing closing;
  private final OptionalLong lastRun;
  private final Plans plans;
  private Schedule schedule;
  private long patientUntil;
  private FlowableEmitter<StreamEvent> emitter;
  private Scheduler.Worker worker;
  private Plan plan;
  private long windowStart;
  private long nextEnd;
  private long stopAt = NEVER;
  private long number = -1;
  private boolean stopped;
  private Disposable beat = Disposable.disposed();

  /**
   * @param timer runs everything on one thread
   * @param schedule what holds until a reload
   * @param length how long the run lasts; empty if until it is told to stop
   * @param closing what closes windows
   * @param lastRun when the run ended that this one goes on from
   */
  Pacemaker(
      RecorderClock clock,
      Scheduler timer,
      Schedule schedule,
      Optional<Duration> length,
      Closing closing,
      OptionalLong lastRun) {
    this.clock = clock;
    this.timer = timer;
    this.schedule = schedule;
    this.length = length;
    this.closing = closing;
    this.lastRun = lastRun;
    this.plans = new Plans(schedule.start() == Start.EPOCH);
  }

  /** The number of the last control event; for the timer's thread. */
  long number() {
    return number;
  }

  /** When the plan in force began, monotonic nanoseconds; for the timer's thread. */
  long planned() {
    return plan.from();
  }

  /** When the run ends by itself, monotonic nanoseconds; for the timer's thread. */
  long end() {
    return stopAt;
  }

  /** The heartbeat in force, nanoseconds. */
  long heartbeat() {
    return plan == null ? schedule.heartbeat().toNanos() : plan.heartbeat().interval();
  }

  /** How long after a first read the next follows, nanoseconds; 0 if the grid decides. */
  long settle() {
    return schedule.settle().toNanos();
  }

  /** The grace in force, nanoseconds. */
  long grace() {
    return schedule.grace().toNanos();
  }

  /**
   * The control events, from subscription on; completes after the last window's grace. To be
   * subscribed to once.
   */
  Flowable<StreamEvent> events(Flowable<Command> commands) {
    return Flowable.create(
        subscriber -> {
          emitter = subscriber;
          worker = timer.createWorker();
          CompositeDisposable all = new CompositeDisposable(worker);
          subscriber.setDisposable(all);
          worker.schedule(this::start);
          all.add(commands.subscribe(c -> worker.schedule(() -> obey(c)), subscriber::tryOnError));
        },
        BackpressureStrategy.BUFFER);
  }

  private void start() {
    long now = clock.monotonicNanos();
    windowStart = lastRun.orElse(now);
    plan = plans.first(schedule, now, windowStart, WallOffset.of(clock));
    nextEnd = endAfter(windowStart);
    if (length.isPresent()) {
      stopAt = now + length.get().toNanos();
    }
    patientUntil = now + settle() + PATIENCE;
    emitter.onNext(new Regrid(++number, plan, false, plannedEnd()));
    awaitBeat();
    awaitWatch();
  }

  /** When the open window ends if nothing comes between: ticks due later are none of it. */
  private long plannedEnd() {
    return Math.min(nextEnd, stopAt);
  }

  /**
   * The end of a window that starts off the grid; one that would be shorter than a tenth of a
   * heartbeat gets the next.
   */
  private long endAfter(long start) {
    if (closing == Closing.ON_REQUEST) {
      return NEVER;
    }
    long end = plan.heartbeat().nextAfter(start);
    boolean tooShort = (end - start) * 10 < heartbeat();
    return tooShort ? end + heartbeat() : end;
  }

  /** Waits for the end of the open window, and no longer for the one it waited for before. */
  private void awaitBeat() {
    beat.dispose();
    if (plannedEnd() < NEVER) {
      long wait = plannedEnd() - clock.monotonicNanos();
      beat = worker.schedule(this::beat, wait, TimeUnit.NANOSECONDS);
    }
  }

  private void beat() {
    long now = clock.monotonicNanos();
    if (now >= stopAt) {
      stop(stopAt);
      return;
    }
    if (now >= nextEnd) {
      closeOnGrid(now);
    }
    awaitBeat();
  }

  /**
   * Closes the window that is due; where the timer slept through whole heartbeats, one long window.
   */
  private void closeOnGrid(long now) {
    long end = now - nextEnd >= heartbeat() ? plan.heartbeat().lastAt(now) : nextEnd;
    long moved = WallOffset.of(clock) - plan.wallOffset();
    if (Math.abs(moved) > STEP) {
      closeForStep(end, moved);
      return;
    }
    boolean realign = Math.abs(moved) > WallOffset.NOISE && schedule.start() == Start.EPOCH;
    Plan next = realign ? plans.realigned(plan, now, moved) : plan;
    nextEnd = next.heartbeat().nextAfter(end);
    close(end, Close.HEARTBEAT, 0);
    if (realign) {
      follow(next, false);
    }
  }

  private void awaitWatch() {
    long now = clock.monotonicNanos();
    long next = new Grid(plans.anchor(), WATCH, now).nextAfter(now);
    worker.schedule(this::watch, next - now, TimeUnit.NANOSECONDS);
  }

  private void watch() {
    long now = clock.monotonicNanos();
    if (stopped || now >= stopAt) {
      return;
    }
    long moved = WallOffset.of(clock) - plan.wallOffset();
    if (Math.abs(moved) > STEP) {
      closeForStep(Math.max(windowStart, Math.min(now, nextEnd)), moved);
      awaitBeat();
    }
    awaitWatch();
  }

  private void closeForStep(long end, long moved) {
    long now = clock.monotonicNanos();
    Plan next = plans.stepped(plan, now, moved);
    plan = next;
    nextEnd = endAfter(Math.max(end, now));
    close(end, Close.CLOCK, moved);
    follow(next, false);
  }

  private void close(long end, Close why, long jump) {
    long start = windowStart;
    windowStart = end;
    emitter.onNext(new Boundary(++number, start, end, why, jump, plannedEnd()));
    worker.schedule(() -> deadline(end), plan.grace(), TimeUnit.NANOSECONDS);
  }

  private void deadline(long end) {
    emitter.onNext(new Deadline(end));
    boolean ofTheLastClose = end == windowStart;
    if (stopped && ofTheLastClose) {
      emitter.onComplete();
    }
  }

  private void follow(Plan next, boolean reloaded) {
    plan = next;
    emitter.onNext(new Regrid(++number, next, reloaded, plannedEnd()));
  }

  private void obey(Command command) {
    if (stopped) {
      return;
    }
    long now = clock.monotonicNanos();
    if (now >= stopAt) {
      stop(stopAt);
    } else if (command instanceof Command.Reload reload) {
      reload(reload.schedule(), now);
    } else if (command instanceof Command.Close) {
      closeNow(now);
    } else if (command instanceof Command.Request) {
      request(now);
    } else {
      stop(now);
    }
  }

  private void closeNow(long now) {
    if (now >= nextEnd) {
      closeOnGrid(now);
    }
    nextEnd = endAfter(now);
    close(now, Close.SIGNAL, 0);
    awaitBeat();
  }

  private void request(long now) {
    if (closing == Closing.ON_REQUEST) {
      emitter.onNext(new Request(++number, now, plannedEnd()));
      worker.schedule(() -> deadline(now), grace(), TimeUnit.NANOSECONDS);
      worker.schedule(
          () -> emitter.onNext(new Patience(now)), patientUntil - now, TimeUnit.NANOSECONDS);
    }
  }

  private void reload(Schedule next, long now) {
    if (now >= nextEnd) {
      closeOnGrid(now);
    }
    schedule = next;
    patientUntil = now + settle() + PATIENCE;
    Plan following = plans.reloaded(plan, next, now);
    plan = following;
    nextEnd = endAfter(now);
    close(now, Close.RELOAD, 0);
    follow(following, true);
    awaitBeat();
  }

  /**
   * Closes the last window.
   *
   * @param end its end, now or before
   */
  private void stop(long end) {
    if (stopped) {
      return;
    }
    if (end >= nextEnd) {
      closeOnGrid(end);
    }
    stopped = true;
    beat.dispose();
    nextEnd = NEVER;
    close(Math.max(end, windowStart), Close.STOP, 0);
  }
}
