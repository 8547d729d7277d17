package io.duologger.window;

import io.duologger.model.Grid;
import io.duologger.model.Plan;
import io.duologger.model.Sample;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import java.util.List;

/**
 * What one source has in the open window: its samples, and which of its due ticks have their
 * outcome. One writer.
 */
final class Share {
  private static final long NONE = Grid.NONE;

  private final Source source;
  private final SourceWindow values;
  private final SourceHealth health = new SourceHealth();
  private final boolean settles;
  private Grid grid;
  private boolean counting;

  /** Whether the last event was a priming read: until the reader is free, no tick counts. */
  private boolean priming;

  /** Whether the last read was a priming read and went wrong. */
  private boolean unprimed;

  private boolean owing;
  private boolean reloadedWhileOwing;
  private long countedThrough = Long.MIN_VALUE;
  private long due;
  private long lastDue = NONE;
  private long absent;
  private long n;
  private long late;
  private long settledThrough = NONE;
  private long closedThrough = NONE;

  /**
   * @param entry the source and its ticks
   * @param heartbeat nanoseconds
   * @param settles whether the last tick that finds the first read under way is read later
   */
  Share(Plan.Entry entry, long heartbeat, boolean settles, PercentileBudget budget) {
    this.source = entry.source();
    this.grid = entry.grid();
    this.settles = settles;
    this.values = new SourceWindow(source.spec(), heartbeat / grid.interval(), budget);
  }

  Source source() {
    return source;
  }

  /** Whether the first read has ended, well or not. */
  boolean primed() {
    return counting;
  }

  /** Ticks due after {@code from} follow another grid. */
  void regrid(Grid next, long from) {
    if (counting) {
      countThrough(from);
    }
    grid = next;
  }

  private void countThrough(long time) {
    if (time > countedThrough) {
      long more = grid.count(countedThrough, time);
      if (more > 0) {
        due += more;
        lastDue = grid.lastAt(time);
      }
      countedThrough = time;
    }
  }

  /** The configuration was read again: every info of the next window is news. */
  void reloaded() {
    if (owing) {
      reloadedWhileOwing = true;
    } else {
      values.forgetReportedInfos();
    }
  }

  /** Whether the open window has a sample of the source. */
  boolean sampled() {
    return n > 0;
  }

  /** Whether there is no use in waiting for a first sample of the open window. */
  boolean hopeless() {
    return absent > 0 || unprimed || health.troubled();
  }

  void fold(StreamEvent.OfSource event) {
    settledThrough = Math.max(settledThrough, event.settledThrough());
    if (event instanceof StreamEvent.Sampled sampled) {
      fold(sampled);
    } else if (event instanceof StreamEvent.Missed missed) {
      fold(missed);
    } else {
      health.freed();
      if (priming) {
        startCounting(Math.max(countedThrough, event.settledThrough()));
      }
    }
    priming = event instanceof StreamEvent.Sampled sampled && sampled.priming();
    unprimed = event instanceof StreamEvent.Missed missed && missed.priming();
  }

  private void fold(StreamEvent.Sampled sampled) {
    health.freed();
    values.fold(sampled.sample(), sampled.priming());
    if (sampled.priming()) {
      startCounting(sampled.settledThrough());
      return;
    }
    Sample sample = sampled.sample();
    n++;
    if (sampled.due() <= closedThrough) {
      late++;
    }
    health.readTook(sample.finished() - sample.started());
  }

  private void fold(StreamEvent.Missed missed) {
    boolean counts = !missed.priming() && missed.due() > closedThrough;
    switch (missed.reason()) {
      case ABSENT -> {
        health.freed();
        absent += counts ? 1 : 0;
      }
      case FAILED -> {
        health.freed();
        if (counts) {
          health.failed();
        }
      }
      case TIMEOUT -> {
        health.stuckSince(missed.started());
        if (counts) {
          health.timedOut();
        }
      }
    }
    if (missed.priming()) {
      startCounting(missed.settledThrough());
    }
  }

  private void startCounting(long from) {
    counting = true;
    countedThrough = Math.max(countedThrough, from);
  }

  /** What a source still owes a window that ends. */
  static final class Debt {
    private final Share share;
    private final long end;
    private final long due;
    private final long lastDue;

    private Debt(Share share, long end, long due, long lastDue) {
      this.share = share;
      this.end = end;
      this.due = due;
      this.lastDue = lastDue;
    }

    Share share() {
      return share;
    }

    /** Whether every tick due in the window has its outcome; the ticks of a stuck source have. */
    boolean settled() {
      return lastDue == NONE || share.settledThrough >= lastDue || share.health.stuck();
    }

    /** Closes the source's share of the window, settled or not. */
    FrozenSource close() {
      return share.close(this);
    }
  }

  /**
   * The window ends: counts what is due in it, and goes on counting for the next.
   *
   * @param extra whether the source has a tick due at the end that its grid does not have
   */
  Debt end(long end, boolean extra) {
    owing = true;
    if (!counting) {
      long waits = settles ? grid.lastAt(end) : NONE;
      boolean mine = waits > countedThrough;
      countedThrough = end;
      return new Debt(this, end, mine ? 1 : 0, mine ? waits : NONE);
    }
    boolean running = end > countedThrough;
    countThrough(end);
    if (extra && running && lastDue != end) {
      due++;
      lastDue = end;
    }
    Debt debt = new Debt(this, end, due, lastDue);
    due = 0;
    lastDue = NONE;
    return debt;
  }

  /** The share of the open window as it is at {@code end}; changes nothing. */
  FrozenSource peek(long end) {
    long counted = counting ? due + grid.count(countedThrough, end) : 0;
    // ticks whose read is under way are not missed yet, but for those of a stuck source
    long open = health.stuck() ? end : Math.max(settledThrough, countedThrough);
    long unsettled = grid.count(open, end);
    return new FrozenSource(
        source.spec(),
        grid.interval(),
        Math.max(n - late, counted - (counting ? unsettled : 0) - absent),
        n,
        late,
        n > 0 ? values.peek() : List.of(),
        health.peek(end));
  }

  private FrozenSource close(Debt debt) {
    if (!debt.settled()) {
      health.unfinished();
    }
    FrozenSource frozen =
        new FrozenSource(
            source.spec(),
            grid.interval(),
            debt.due - absent,
            n,
            late,
            n > 0 ? values.freeze() : List.of(),
            health.freeze(debt.end));
    owing = false;
    if (reloadedWhileOwing) {
      reloadedWhileOwing = false;
      values.forgetReportedInfos();
    }
    n = 0;
    late = 0;
    absent = 0;
    closedThrough = debt.end;
    return frozen;
  }

  void release() {
    values.release();
  }
}
