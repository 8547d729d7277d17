package io.duologger.benchmarks;

import io.duologger.collector.Collector;
import io.duologger.model.Closing;
import io.duologger.model.Grid;
import io.duologger.model.Plan;
import io.duologger.model.Sample;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import io.duologger.stream.SampleRecorder;
import io.duologger.window.FrozenWindow;
import io.duologger.window.PercentileBudget;
import io.duologger.window.WindowAccumulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** The events of a run that reads one module each second, without threads and without waiting. */
final class SyntheticRun {
  private static final long SECOND = 1_000_000_000L;

  private final Collector collector;
  private final long heartbeat;
  private final Source source = new Source(0, SyntheticModule.spec(Duration.ofSeconds(1)));
  private final SampleRecorder recorder = new SampleRecorder();
  private final WindowAccumulator windows =
      new WindowAccumulator("host", new PercentileBudget(1L << 30), Closing.EACH_HEARTBEAT);
  private long now;
  private long closes;

  /**
   * @param ticks a window
   */
  SyntheticRun(Collector collector, int ticks) {
    this.collector = collector;
    this.heartbeat = ticks * SECOND;
    Grid beats = new Grid(0, heartbeat, 1);
    Grid grid = new Grid(0, SECOND, 1);
    Plan plan = new Plan(0, 0, beats, SECOND, false, List.of(new Plan.Entry(source, grid)));
    windows.accept(new StreamEvent.Regrid(0, plan, false, heartbeat));
    windows.accept(new StreamEvent.Sampled(source, sample(), "", true, 0, 0));
  }

  /** Reads the module. */
  Sample sample() {
    recorder.begin();
    try {
      collector.collect(recorder);
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
    // no read starts on the instant
    long started = now + now / SECOND * 7919 % 1_000_000;
    return recorder.end(now, started, started + 20_000);
  }

  /** Folds the samples of a window. */
  void fill() {
    long end = (closes + 1) * heartbeat;
    while (now < end) {
      now += SECOND;
      windows.accept(new StreamEvent.Sampled(source, sample(), "", false, now, closes));
    }
  }

  /** Closes the window that {@link #fill} has filled. */
  FrozenWindow close() {
    long start = closes * heartbeat;
    long end = start + heartbeat;
    StreamEvent boundary =
        new StreamEvent.Boundary(
            ++closes, start, end, StreamEvent.Close.HEARTBEAT, 0, end + heartbeat);
    return windows.accept(boundary).get(0);
  }

  /** A whole window. */
  FrozenWindow window() {
    fill();
    return close();
  }
}
