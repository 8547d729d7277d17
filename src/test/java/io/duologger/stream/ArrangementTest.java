package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Closing;
import io.duologger.model.StreamEvent;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.RecorderTestDriver;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import io.duologger.window.PercentileBudget;
import io.duologger.window.WindowAccumulator;
import io.reactivex.rxjava3.core.Flowable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * In whatever order the sources of events are subscribed to, and tasks due at the same instant run,
 * the lines are the same.
 */
class ArrangementTest {
  private static final class Arranged extends Recorder {
    private final UnaryOperator<List<Flowable<StreamEvent>>> order;

    Arranged(
        Environment environment,
        List<Output> outputs,
        Spec[] specs,
        VirtualReads reads,
        UnaryOperator<List<Flowable<StreamEvent>>> order) {
      super(
          environment,
          Schedule.onEpoch(
              Spec.seconds(10),
              Spec.seconds(1),
              java.util.Arrays.stream(specs).map(Spec::build).toList()),
          Optional.of(Spec.seconds(65)),
          Closing.EACH_HEARTBEAT,
          Optional.empty(),
          source ->
              new FakeCollector(
                  source.name(),
                  (number, into) -> {
                    if (source.name().equals("disk") && number % 10 == 0) {
                      reads.pause(Spec.seconds(0.3));
                    }
                    into.counter(Signals.FORKS, 10L * number);
                    into.gauge(Signals.LOAD, number);
                  }),
          new WindowAccumulator("node1", new PercentileBudget(1 << 20), Closing.EACH_HEARTBEAT),
          event -> {},
          List::of,
          outputs);
      this.order = order;
    }

    @Override
    List<Flowable<StreamEvent>> arrange(List<Flowable<StreamEvent>> sources) {
      return order.apply(sources);
    }
  }

  private static List<String> lines(Random ties, UnaryOperator<List<Flowable<StreamEvent>>> order) {
    VirtualTime time =
        ties == null ? new VirtualTime(Scenario.HOUR) : new VirtualTime(Scenario.HOUR, ties);
    Spec[] specs = {
      Spec.of("cpu", 1), Spec.of("net", 0.5), Spec.of("disk", 1).timeout(2).stats("min", "max")
    };
    try (VirtualReads reads = new VirtualReads(time.scheduler());
        RecorderTestDriver driver =
            new RecorderTestDriver(
                time,
                reads,
                (environment, outputs) ->
                    new Arranged(environment, outputs, specs, reads, order)::run)) {
      driver.advance(Spec.seconds(33.3));
      time.stepWall(Spec.seconds(-0.25));
      driver.advance(Spec.seconds(40));
      assertEquals(true, driver.completed());
      return driver.lines();
    }
  }

  private static List<Flowable<StreamEvent>> reversed(List<Flowable<StreamEvent>> sources) {
    List<Flowable<StreamEvent>> reversed = new ArrayList<>(sources);
    Collections.reverse(reversed);
    return reversed;
  }

  @Test
  void sampleDueAtTheBoundaryIsInItInBothOrdersOfSubscription() {
    List<String> lines = lines(null, sources -> sources);
    assertEquals(7 * 3, lines.size());
    assertEquals(lines, lines(null, ArrangementTest::reversed));
  }

  @Test
  void orderOfTasksDueAtTheSameInstantDoesNotMatter() {
    List<String> lines = lines(null, sources -> sources);
    for (int seed = 0; seed < 50; seed++) {
      assertEquals(lines, lines(new Random(seed), sources -> sources), "seed " + seed);
      assertEquals(lines, lines(new Random(seed), ArrangementTest::reversed), "seed " + seed);
    }
  }
}
