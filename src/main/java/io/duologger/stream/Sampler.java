package io.duologger.stream;

import io.duologger.collector.Collector;
import io.duologger.collector.SourceAbsentException;
import io.duologger.model.RecorderClock;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Freed;
import io.duologger.model.StreamEvent.Missed;
import io.duologger.model.StreamEvent.Reason;
import io.duologger.model.StreamEvent.Sampled;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Reads one module for its ticks, one read at a time: whoever subscribes to {@link #read} must not
 * ask for another before it completes, which it does only when the read has really ended. A read is
 * never interrupted. When the module's source changes, the old collector is closed and the first
 * read of the new one is the priming read.
 *
 * <p>Its state belongs to the read under way; the stream's one-at-a-time rule hands it from thread
 * to thread.
 */
final class Sampler {
  /**
   * A read that takes no longer is fast: handing it to another thread costs a good part of that.
   */
  private static final long FAST_NANOS = 500_000;

  private final Function<Source, Collector> collectors;
  private final RecorderClock clock;
  private final Scheduler timer;
  private final Executor executor;
  private final QuickReads quickly;
  private final LongSupplier heartbeat;
  private final LongSupplier settle;
  private final Optional<LastRun> lastRun;
  private final SampleRecorder recorder = new SampleRecorder();
  private Source source;
  private Collector collector;

  /** Whether one of the last two reads was fast: on busy processors any may be slow at times. */
  private boolean quick;

  /** Whether the last one was. */
  private boolean fast;

  private boolean absent;
  private long lookAgain;
  private volatile Tick skipped;
  private volatile Read settling;

  /**
   * @param collectors makes the collector of a source
   * @param timer where time limits run out
   * @param executor where reads run; must start each at once
   * @param quickly where a read runs if it should be quick: behind others like it
   * @param heartbeat its length in nanoseconds: an absent source is looked for no more often
   * @param settle how long after the priming read the first tick that found it under way is read,
   *     so that there are values soon; 0 if that tick is skipped like any other
   * @param lastRun what takes the place of the priming read
   */
  Sampler(
      Function<Source, Collector> collectors,
      RecorderClock clock,
      Scheduler timer,
      Executor executor,
      QuickReads quickly,
      LongSupplier heartbeat,
      LongSupplier settle,
      Optional<LastRun> lastRun) {
    this.collectors = collectors;
    this.clock = clock;
    this.timer = timer;
    this.executor = executor;
    this.quickly = quickly;
    this.heartbeat = heartbeat;
    this.settle = settle;
    this.lastRun = lastRun;
  }

  /**
   * A tick finds a read under way: it has no reading, unless the read has only to settle, or the
   * tick is the run's last, which is read next. Runs on the timer's thread.
   */
  void skip(Tick tick) {
    skipped = tick;
    Read waiting = settling;
    if (tick.atClose() && waiting != null) {
      waiting.goOn();
    }
  }

  /** Ticks are settled up to then while {@code tick} is read, but for one that is read next. */
  private long settledThrough(Tick tick) {
    Tick last = skipped;
    return last == null
        ? tick.due()
        : Math.max(tick.due(), last.due() - (isNext(last, tick) ? 1 : 0));
  }

  /** Whether a tick that found the read for {@code tick} under way is read after it. */
  private static boolean isNext(Tick last, Tick tick) {
    return last != null && last.last() && last.due() > tick.due() && last.source() == tick.source();
  }

  /**
   * The outcome of a tick: one event, or after the time limit a {@link Missed} and in the end a
   * {@link Freed}.
   */
  Flowable<StreamEvent> read(Tick tick) {
    if (absent && tick.source() == source && tick.due() < lookAgain) {
      return Flowable.just(
          new Missed(
              source,
              tick.due(),
              tick.due(),
              Reason.ABSENT,
              "",
              false,
              settledThrough(tick),
              tick.after()));
    }
    if (lastRun.isPresent() && tick.source() != source) {
      source = tick.source();
      return Flowable.just(
          new Sampled(
              source, lastRun.get().last(source), "", true, settledThrough(tick), tick.after()),
          freed(tick));
    }
    return new Outcome(tick);
  }

  private Freed freed(Tick tick) {
    Tick last = skipped;
    long settled = last == null ? tick.due() : Math.max(tick.due(), last.due());
    return new Freed(tick.source(), tick.due(), settled, tick.after());
  }

  /**
   * What becomes of a tick: starts its read when it is subscribed to, once. Emits no more than a
   * few events, requested or not. A class of its own, as there is one a tick.
   */
  private final class Outcome extends Flowable<StreamEvent> implements Subscription {
    private final Tick tick;
    private Subscriber<? super StreamEvent> subscriber;
    private volatile boolean cancelled;

    Outcome(Tick tick) {
      this.tick = tick;
    }

    @Override
    protected void subscribeActual(Subscriber<? super StreamEvent> to) {
      subscriber = to;
      to.onSubscribe(this);
      new Read(tick, this).start();
    }

    @Override
    public void request(long events) {}

    @Override
    public void cancel() {
      cancelled = true;
    }

    void emit(StreamEvent event) {
      if (!cancelled) {
        subscriber.onNext(event);
      }
    }

    void complete() {
      if (!cancelled) {
        subscriber.onComplete();
      }
    }

    void fail(Throwable fatal) {
      if (!cancelled) {
        subscriber.onError(fatal);
      }
    }
  }

  /**
   * One read under way. The lock makes its emissions come one after the other; nothing below waits
   * for it.
   */
  private final class Read implements Runnable {
    private final Tick tick;
    private final Outcome outcome;
    private final long limit;
    private final boolean priming;
    private Disposable overdue = Disposable.disposed();
    private long started;
    private boolean settled;

    Read(Tick tick, Outcome outcome) {
      this.tick = tick;
      this.outcome = outcome;
      this.limit = tick.source().spec().timeout().toNanos();
      this.priming = tick.source() != source;
    }

    void start() {
      started = clock.monotonicNanos();
      if (quick && !priming) {
        quickly.execute(this, new Slow(this));
      } else {
        limit();
        executor.execute(this);
      }
    }

    /** Sees to it that the time limit runs out. */
    private synchronized void limit() {
      if (!settled) {
        long left = started + limit - clock.monotonicNanos();
        overdue = timer.scheduleDirect(new Overdue(this), left, TimeUnit.NANOSECONDS);
      }
    }

    private synchronized void runOut() {
      if (!settled) {
        settled = true;
        outcome.emit(timedOut(started));
      }
    }

    private Missed timedOut(long since) {
      return new Missed(
          tick.source(),
          tick.due(),
          since,
          Reason.TIMEOUT,
          "no end within " + limit / 1_000_000 + " ms",
          priming,
          settledThrough(tick),
          tick.after());
    }

    @Override
    public void run() {
      try {
        long begun = clock.monotonicNanos();
        StreamEvent event = attempt(begun);
        boolean fastBefore = fast;
        fast = clock.monotonicNanos() - begun <= FAST_NANOS;
        quick = fast || fastBefore;
        finish(event);
      } catch (Error fatal) {
        outcome.fail(fatal);
      }
    }

    private StreamEvent attempt(long begun) {
      try {
        if (priming) {
          leaveSource();
        }
        if (collector == null) {
          collector = collectors.apply(source);
        }
        recorder.begin();
        collector.collect(recorder);
        long finished = clock.monotonicNanos();
        absent = false;
        if (finished - begun > limit) {
          return timedOut(begun);
        }
        return new Sampled(
            source,
            recorder.end(tick.due(), begun, finished),
            recorder.lacking(),
            priming,
            hasToSettle() ? tick.due() : settledThrough(tick),
            tick.after());
      } catch (SourceAbsentException notHere) {
        absent = true;
        lookAgain = tick.due() + heartbeat.getAsLong();
        return missed(begun, Reason.ABSENT, notHere);
      } catch (IOException | RuntimeException failed) {
        absent = false;
        return missed(begun, Reason.FAILED, failed);
      }
    }

    /** Whether a tick that found this read under way is read after it. */
    private boolean hasToSettle() {
      return priming && settle.getAsLong() > 0;
    }

    private Missed missed(long begun, Reason reason, Exception why) {
      String detail =
          why instanceof IOException ? String.valueOf(why.getMessage()) : why.toString();
      return new Missed(
          tick.source(),
          tick.due(),
          begun,
          reason,
          detail,
          priming,
          settledThrough(tick),
          tick.after());
    }

    private void leaveSource() throws IOException {
      source = tick.source();
      Collector old = collector;
      collector = null;
      if (old != null) {
        old.close();
      }
    }

    private synchronized void finish(StreamEvent event) {
      overdue.dispose();
      if (!settled) {
        settled = true;
        outcome.emit(event);
        if (hasToSettle() && event instanceof Sampled) {
          settling = this;
          timer.scheduleDirect(this::goOn, settle.getAsLong(), TimeUnit.NANOSECONDS);
          return;
        }
        boolean timedOut = event instanceof Missed missed && missed.reason() == Reason.TIMEOUT;
        Tick last = skipped;
        if (isNext(last, tick) && !timedOut && !outcome.cancelled) {
          new Read(last, outcome).start();
          return;
        }
        // the first folding of all loads half the program: ticks that find it under way are not
        // missed
        if (priming || timedOut) {
          outcome.emit(freed(tick));
        }
      } else {
        outcome.emit(freed(tick));
      }
      outcome.complete();
    }

    /**
     * The priming read has settled: reads for the last tick that found it under way. Runs on the
     * timer's thread.
     */
    private void goOn() {
      if (settling != this) {
        return;
      }
      settling = null;
      Tick late = skipped;
      if (late == null) {
        outcome.emit(freed(tick));
        outcome.complete();
        return;
      }
      outcome.emit(new Freed(tick.source(), tick.due(), late.due() - 1, tick.after()));
      new Read(late, outcome).start();
    }
  }

  /** A read that should have been quick takes long. */
  private record Slow(Read read) implements Runnable {
    @Override
    public void run() {
      read.limit();
    }
  }

  /** The time limit of a read runs out. A class, not a lambda: there is one a tick. */
  private record Overdue(Read read) implements Runnable {
    @Override
    public void run() {
      read.runOut();
    }
  }
}
