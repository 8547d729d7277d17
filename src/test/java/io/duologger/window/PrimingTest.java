package io.duologger.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Closing;
import io.duologger.model.Globs;
import io.duologger.model.Grid;
import io.duologger.model.Layout;
import io.duologger.model.Line;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Plan;
import io.duologger.model.Sample;
import io.duologger.model.Source;
import io.duologger.model.Stat;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Close;
import io.duologger.model.StreamEvent.Freed;
import io.duologger.model.StreamEvent.Regrid;
import io.duologger.model.StreamEvent.Sampled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From when on the ticks of a new source count. Times are tenths of a second. */
class PrimingTest {
  private static final long TENTH = 100_000_000L;
  private static final Duration EVERY = Duration.ofNanos(TENTH);
  private static final Source SOURCE =
      new Source(
          0,
          new ModuleSpec(
              "load",
              EVERY,
              false,
              Duration.ZERO,
              EVERY,
              List.of(Stat.MEAN),
              Globs.ALL,
              false,
              new ModuleSettings(Globs.ALL, false, EVERY, Map.of())));

  private final WindowAccumulator windows =
      new WindowAccumulator("host", new PercentileBudget(1 << 20), Closing.EACH_HEARTBEAT);

  private static Sampled sampled(long due, boolean priming) {
    Sample sample =
        new Sample(due * TENTH, due * TENTH, due * TENTH, Layout.EMPTY, new long[0], new String[0]);
    return new Sampled(SOURCE, sample, "", priming, due * TENTH, 0);
  }

  private Line.Head headAfter(Freed freed, int... ticks) {
    Grid grid = new Grid(0, TENTH, 1);
    Plan plan =
        new Plan(
            0, 0, new Grid(0, 10 * TENTH, 1), TENTH, false, List.of(new Plan.Entry(SOURCE, grid)));
    windows.accept(new Regrid(0, plan, false, 10 * TENTH));
    windows.accept(sampled(0, true));
    windows.accept(freed);
    for (int tick : ticks) {
      windows.accept(sampled(tick, false));
    }
    return windows
        .accept(new Boundary(1, 0, 10 * TENTH, Close.HEARTBEAT, 0, 20 * TENTH))
        .get(0)
        .report(List::of)
        .lines()
        .get(0)
        .head()
        .orElseThrow();
  }

  @Test
  void ticksThatFindTheFoldingOfThePrimingReadUnderWayAreNotDue() {
    Freed freed = new Freed(SOURCE, 0, 3 * TENTH, 0);
    Line.Head head = headAfter(freed, 4, 5, 6, 7, 8, 9, 10);
    assertEquals(7, head.n());
    assertEquals(0, head.missed());
  }

  @Test
  void ticksSkippedLaterAreMissed() {
    Freed freed = new Freed(SOURCE, 0, 0, 0);
    Line.Head head = headAfter(freed, 1, 2, 5, 6, 7, 8, 9, 10);
    assertEquals(8, head.n());
    assertEquals(2, head.missed());
  }
}
