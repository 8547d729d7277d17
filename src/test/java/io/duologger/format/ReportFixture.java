package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.model.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports for tests. */
public final class ReportFixture {
  static final long SECOND = 1_000_000_000L;
  public static final Window WHOLE = new Window(0, 600 * SECOND, 1_795_429_200 * SECOND, "", 0);
  static final List<Stat> STATS =
      List.of(Stat.MIN, Stat.MEAN, Stat.percentile("99.9"), Stat.MAX, Stat.VALUE);

  private ReportFixture() {}

  public static Report report(Window window, Line... lines) {
    return new Report(window, "node1", List.of(lines), List.of());
  }

  static Line.Head head() {
    return new Line.Head(SECOND, 600, 0, 0, -1, -1, 600.0, 0, Optional.of(true));
  }

  static Line line(List<Aggregate> aggregates) {
    return new Line(
        "net", Instance.of("device", "eth0"), Optional.of(head()), aggregates, Map.of(), List.of());
  }

  public static Aggregate value(String name, double value) {
    return Aggregate.value(Metric.gauge(name, Unit.COUNT, "A number."), value);
  }

  /** A report with everything that a line can hold. */
  static Report full() {
    Metric received =
        Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Bytes received.");
    Metric errors = Metric.counter("rx_errors_per_second", Unit.PER_SECOND, "Errors.");
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("device", "eth0");
    labels.put("mount", "/mnt/with blank");
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("driver", "e1000e");
    infos.put("model", "Ethernet \"I219-LM\" \\ \u00b5\ud83d\ude00\n");
    infos.put("alias", "");
    infos.put("device", "taken by the label");
    return new Report(
        new Window(0, 599_999_999_500L, 1_795_429_200_500_000_000L, "start,clock", -90 * SECOND),
        "node1",
        List.of(
            new Line(
                "net",
                new Instance(labels),
                Optional.of(
                    new Line.Head(
                        SECOND / 4, 2398, 1, 3, 2397, 2396, 599.25, 2, Optional.of(false))),
                List.of(
                    new Aggregate(received, STATS, new double[] {0, 1234.5678, 9e6, 1e18, 1e-12}),
                    new Aggregate(
                        errors, STATS, new double[] {Double.NaN, 0.1, -0.25, -0.0, 1e9 + 0.5})),
                infos,
                List.of(
                    new Line.Event("alert", "link down"),
                    new Line.Event("driver", "reset"),
                    new Line.Event("alert", "link=\"up\"\r\n"))),
            new Line(
                "df",
                Instance.HOST,
                Optional.of(
                    new Line.Head(60 * SECOND, 0, 0, 10, -1, -1, Double.NaN, 0, Optional.empty())),
                List.of(),
                Map.of(),
                List.of()),
            new Line(
                "kernel",
                Instance.HOST,
                Optional.of(
                    new Line.Head(SECOND, 600, 0, 0, -1, -1, Double.NaN, 0, Optional.empty())),
                List.of(),
                Map.of(),
                List.of(new Line.Event("message", "oom-killer"), new Line.Event("message", "")))),
        List.of(
            new Line(
                "self",
                Instance.HOST,
                Optional.empty(),
                List.of(value("samples_dropped", 0), value("rss_bytes", 61_234_176)),
                Map.of(),
                List.of())));
  }
}
