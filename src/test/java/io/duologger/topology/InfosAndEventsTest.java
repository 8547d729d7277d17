package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Infos are printed when they change; events are bounded. */
class InfosAndEventsTest {
  private static final Series MODEL =
      new Series(Metric.info("model", "Model."), Instance.of("device", "sda"));
  private static final Series MESSAGE = new Series(Metric.event("message", "M."), Instance.HOST);

  private static FakeCollector.Script model(String... perTenReads) {
    return (number, into) -> {
      into.gauge(Signals.LOAD, number);
      into.info(MODEL, perTenReads[Math.min(Math.max(0, number - 1) / 10, perTenReads.length - 1)]);
    };
  }

  private static List<String> models(Scenario run) {
    return run.lines("disk").stream()
        .filter(line -> line.has("device"))
        .map(line -> line.text("model"))
        .toList();
  }

  @Test
  void lastValueOfTheWindowIsPrintedEachTime() {
    try (Scenario run =
        new Scenario()
            .module(
                Spec.of("disk", 1), (number, into) -> into.info(MODEL, "m" + (number + 5) / 10))) {
      run.run(30);
      assertEquals(List.of("m1", "m2", "m3"), models(run));
    }
  }

  @Test
  void infoOnChangeIsPrintedAfterStartAndOnChangeOnly() {
    try (Scenario run =
        new Scenario().module(Spec.of("disk", 1).infosOnChange(), model("a", "a", "b", "b", "a"))) {
      run.run(60);
      assertEquals(List.of("a", "", "b", "", "a", ""), models(run));
    }
  }

  @Test
  void changeWithinTheWindowThatIsTakenBackIsNoChange() {
    try (Scenario run =
        new Scenario()
            .module(
                Spec.of("disk", 1).infosOnChange(),
                (number, into) -> into.info(MODEL, number == 15 ? "b" : "a"))) {
      run.run(30);
      assertEquals(List.of("a", "", ""), models(run));
    }
  }

  @Test
  void infoOfASlowModuleIsPrintedInItsFirstWindowWithASample() {
    try (Scenario run =
        new Scenario(2)
            .module(Spec.of("disk", 30).infosOnChange(), (number, into) -> into.info(MODEL, "a"))) {
      run.run(100);
      assertEquals(List.of("a", "", ""), models(run));
      assertEquals(run.xid(28), run.lines("disk").get(0).text("xid"));
    }
  }

  @Test
  void infoIsPrintedInTheFirstWindowWithASampleAfterFailures() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1).infosOnChange(),
          (number, into) -> {
            if (number > 0 && number <= 10) {
              throw new IOException("no");
            }
            into.info(MODEL, "a");
          });
      run.run(30);
      assertEquals(List.of("a", ""), models(run));
    }
  }

  @Test
  void reloadPrintsEveryInfoAgain() {
    Spec spec = Spec.of("disk", 1).infosOnChange();
    try (Scenario run = new Scenario().module(spec, model("a"))) {
      run.run(25).reload(spec).run(50);
      assertEquals(List.of("a", "", "", "a", "", ""), models(run));
    }
  }

  @Test
  void reloadPrintsEveryInfoAgainThoughAReadWasUnderWay() {
    Spec spec = Spec.of("disk", 1).infosOnChange();
    try (Scenario run = new Scenario()) {
      run.module(
          spec,
          (number, into) -> {
            if (number == 25) {
              run.pause(0.5);
            }
            into.info(MODEL, "a");
          });
      run.run(25).reload(spec).run(50);
      assertEquals(List.of("a", "", "", "a", "", ""), models(run));
    }
  }

  @Test
  void vanishedInfoIsGoneFromTheLine() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1),
          (number, into) -> {
            into.gauge(new Series(Signals.LOAD.metric(), MODEL.instance()), 1);
            if (number <= 10) {
              into.info(MODEL, "a");
            }
          });
      run.run(20);
      assertEquals(List.of("a", ""), models(run));
    }
  }

  @Test
  void eventsAreAllPrintedInOrder() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            into.event(MESSAGE, "first of " + number);
            into.event(MESSAGE, "second of " + number);
          });
      run.run(20);
      assertEquals(40, run.lines("cpu").size());
      assertEquals("first of 11", second(run).get(0).text("message"));
      assertEquals("second of 11", second(run).get(1).text("message"));
      assertEquals("second of 20", second(run).get(19).text("message"));
    }
  }

  private static List<ReportLine> second(Scenario run) {
    return run.lines("cpu").stream().filter(l -> l.text("xid").equals(run.xid(20))).toList();
  }

  @Test
  void eventsPastAHundredAreCountedAndNotKept() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            for (int i = 0; i < 13; i++) {
              into.event(MESSAGE, number + "/" + i);
            }
          });
      run.run(20);
      List<ReportLine> lines = second(run);
      assertEquals(100, lines.stream().filter(line -> line.has("message")).count());
      assertEquals(
          List.of("30"),
          lines.stream()
              .filter(line -> line.has("message_dropped"))
              .map(line -> line.text("message_dropped"))
              .toList());
    }
  }

  @Test
  void boundHoldsPerSeries() {
    Series other = new Series(Metric.event("other", "O."), Instance.HOST);
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            for (int i = 0; i < 13; i++) {
              into.event(MESSAGE, "x");
            }
            into.event(other, "y");
          });
      run.run(20);
      assertEquals(10, second(run).stream().filter(line -> line.has("other")).count());
    }
  }
}
