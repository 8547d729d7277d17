package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What the parser of the test reads is what was reported. */
class PrometheusFormatTest {
  private static final Metric BYTES = Metric.gauge("rx_bytes", Unit.BYTES, "Back\\slash\nand \".");

  @Test
  void familiesAreWholeThoughLinesAreByInstance() {
    Exposition page =
        read(
            line("net", Instance.of("device", "eth0"), value(BYTES, 1)),
            line("cpu", Instance.HOST, value(BYTES, 2)),
            line("net", Instance.of("device", "eth1"), value(BYTES, 3)));
    assertEquals(
        List.of(
            new Exposition.Sample(
                "duologger_net_rx_bytes", Map.of("device", "eth0", "stat", "value"), 1),
            new Exposition.Sample(
                "duologger_net_rx_bytes", Map.of("device", "eth1", "stat", "value"), 3)),
        page.of("duologger_net_rx_bytes"));
    assertEquals("Back\\slash\nand \".", page.helps().get("duologger_net_rx_bytes"));
    assertEquals("bytes", page.units().get("duologger_net_rx_bytes"));
    assertEquals(2, page.value("duologger_cpu_rx_bytes", Map.of("stat", "value")));
  }

  @Test
  void eachStatisticIsALabelAndWhatIsAbsentIsLeftOut() {
    List<Stat> stats = List.of(Stat.MIN, Stat.MEAN, Stat.percentile("99.9"), Stat.MAX, Stat.LAST);
    double[] values = {-0.5, Double.NaN, 1e18, Double.POSITIVE_INFINITY, 0};
    Exposition page = read(line("net", Instance.HOST, new Aggregate(BYTES, stats, values)));
    assertEquals(
        List.of(
            new Exposition.Sample("duologger_net_rx_bytes", Map.of("stat", "min"), -0.5),
            new Exposition.Sample("duologger_net_rx_bytes", Map.of("stat", "p99.9"), 1e18),
            new Exposition.Sample("duologger_net_rx_bytes", Map.of("stat", "last"), 0)),
        page.of("duologger_net_rx_bytes"));
  }

  @Test
  void aFamilyOfNothingIsNotThere() {
    Exposition page = read(line("net", Instance.HOST, value(BYTES, Double.NaN)));
    assertTrue(page.helps().keySet().stream().noneMatch(name -> name.contains("rx")));
  }

  @Test
  void suffixesOfOtherTypesAreCutOff() {
    Exposition page =
        read(
            line(
                "x",
                Instance.HOST,
                count("processes_total"),
                count("faults_count_total"),
                count("total_things"),
                count("total"),
                count("processes")));
    assertEquals(
        List.of(
            "duologger_x_processes",
            "duologger_x_faults",
            "duologger_x_total_things",
            "duologger_x",
            "duologger_x_processes_2"),
        page.samples().stream()
            .map(Exposition.Sample::name)
            .filter(name -> name.startsWith("duologger_x"))
            .toList());
  }

  @Test
  void familiesOfOneNameAreToldApartForGood() {
    PrometheusFormat format = new PrometheusFormat();
    Line first = line("a", Instance.HOST, count("b_c"));
    Line second = line("a_b", Instance.HOST, count("c"));
    Line window = line("window", Instance.HOST, count("samples"));
    Exposition page = read(format, List.of(first, second, window), List.of());
    assertEquals(1, page.of("duologger_a_b_c").size());
    assertEquals(1, page.of("duologger_a_b_c_2").size());
    assertEquals(1, page.of("duologger_window_samples_2").size());
    page = read(format, List.of(second), List.of());
    assertEquals(0, page.of("duologger_a_b_c").size());
    assertEquals(1, page.of("duologger_a_b_c_2").size());
  }

  @Test
  void labelsOfOneNameAreToldApart() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("stat", "a");
    labels.put("exported_stat", "b");
    labels.put("le", "c");
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("le", "d");
    infos.put("driver", "e");
    infos.put("alias", "");
    Line line =
        new Line(
            "x",
            new Instance(labels),
            Optional.empty(),
            List.of(count("items")),
            infos,
            List.of(new Line.Event("event", "left out")));
    Exposition page = read(line);
    assertEquals(
        List.of(
            Map.of(
                "exported_stat", "a", "exported_stat_2", "b", "exported_le", "c", "stat", "value")),
        page.of("duologger_x_items").stream().map(Exposition.Sample::labels).toList());
    assertEquals(
        List.of(
            Map.of(
                "exported_stat",
                "a",
                "exported_stat_2",
                "b",
                "exported_le",
                "c",
                "exported_le_2",
                "d",
                "driver",
                "e")),
        page.of("duologger_x_info").stream().map(Exposition.Sample::labels).toList());
  }

  @Test
  void trustIsToldOncePerModuleAndPerInstance() {
    Line.Head whole = new Line.Head(500_000_000, 20, 1, 2, 19, 18, 9.5, 3, Optional.of(true));
    Line.Head less = new Line.Head(500_000_000, 20, 1, 2, 19, 17, 8.5, 2, Optional.of(false));
    Line.Head none = new Line.Head(500_000_000, 20, 1, 2, -1, -1, Double.NaN, 0, Optional.empty());
    Instance eth0 = Instance.of("device", "eth0");
    Exposition page =
        read(
            new PrometheusFormat(),
            List.of(headed("net", eth0, whole), headed("net", eth0, less)),
            List.of(
                headed("self", Instance.of("collector", "net"), none),
                headed("self", Instance.of("collector", "disk"), none)));
    for (String module : List.of("net", "disk")) {
      Map<String, String> labels = Map.of("module", module);
      assertEquals(0.5, page.value("duologger_sample_interval_seconds", labels));
      assertEquals(20, page.value("duologger_window_samples", labels));
      assertEquals(1, page.value("duologger_window_samples_late", labels));
      assertEquals(2, page.value("duologger_window_ticks_missed", labels));
    }
    Map<String, String> device = Map.of("module", "net", "device", "eth0");
    assertEquals(19, page.value("duologger_window_samples_seen", device));
    assertEquals(17, page.value("duologger_window_rates", device));
    assertEquals(8.5, page.value("duologger_window_covered_seconds", device));
    assertEquals(3, page.value("duologger_window_resets", device));
    assertEquals(0, page.value("duologger_window_percentiles_exact", device));
    assertEquals(2, page.of("duologger_window_samples").size());
    assertEquals(1, page.of("duologger_window_samples_seen").size());
  }

  @Test
  void everyReasonOfAPartialWindowIsASample() {
    Window window = new Window(0, 1_500_000_000L, 1_795_429_200_123_456_789L, "start+stop", 0);
    byte[] bytes = new PrometheusFormat().bytes(ReportFixture.report(window));
    Exposition page = Exposition.parse(bytes);
    assertEquals(1, page.value("duologger_window_partial", Map.of("reason", "start")));
    assertEquals(1, page.value("duologger_window_partial", Map.of("reason", "stop")));
    assertEquals(
        1_795_429_200.123457,
        page.value("duologger_window_end_timestamp_seconds", Map.of()),
        "not cut to the 9 digits of other numbers");
    assertEquals(1.5, page.value("duologger_window_length_seconds", Map.of()));
  }

  @Property(tries = 3000)
  void textsArriveAsTheyAre(@ForAll("texts") String label, @ForAll("texts") String info) {
    Line line =
        new Line(
            "net",
            Instance.of("device", label),
            Optional.of(ReportFixture.head()),
            List.of(count("items")),
            Map.of("driver", info),
            List.of(new Line.Event("event", info)));
    Exposition page = read(line);
    Map<String, String> labels = new LinkedHashMap<>();
    if (!label.isEmpty()) {
      labels.put("device", arrived(label));
    }
    labels.put("stat", "value");
    assertEquals(1, page.value("duologger_net_items", labels));
    labels.remove("stat");
    if (!info.isEmpty()) {
      labels.put("driver", arrived(info));
      assertEquals(1, page.value("duologger_net_info", labels));
    }
  }

  @Property(tries = 1000)
  void noSampleIsTwiceWhateverIsReported(
      @ForAll("lines") List<Line> lines, @ForAll("lines") List<Line> self) {
    PrometheusFormat format = new PrometheusFormat();
    Exposition page = read(format, lines, self);
    assertEquals(page.samples(), read(format, lines, self).samples());
    Set<String> families = new TreeSet<>(page.helps().keySet());
    page.samples().forEach(sample -> families.remove(sample.name()));
    assertEquals(Set.of(), families, "families without samples");
  }

  @Provide
  Arbitrary<String> texts() {
    return AnyTextTest.anyText();
  }

  /** Few names, so that they clash. */
  @Provide
  Arbitrary<List<Line>> lines() {
    Arbitrary<String> modules = Arbitraries.of("a", "a_b", "self", "window", "host", "sample");
    Arbitrary<String> names =
        Arbitraries.of(
            "b_c",
            "c",
            "info",
            "samples",
            "total",
            "c_total",
            "stat",
            "reason",
            "le",
            "length_seconds",
            "covered_seconds",
            "interval_seconds",
            "c_2",
            "exported_le");
    Arbitrary<Map<String, String>> texts =
        Arbitraries.maps(names, Arbitraries.of("", "x", "y", "\ud800", "?")).ofMaxSize(3);
    Arbitrary<Aggregate> numbers =
        Combinators.combine(
                names,
                Arbitraries.of(Stat.MIN, Stat.VALUE).list().ofMinSize(1).ofMaxSize(3),
                Arbitraries.of(0.0, 1.0, Double.NaN))
            .as(PrometheusFormatTest::aggregate);
    Arbitrary<Optional<Line.Head>> heads =
        Arbitraries.of(Optional.empty(), Optional.of(ReportFixture.head()));
    return Combinators.combine(modules, texts, heads, numbers.list().ofMaxSize(4), texts)
        .as(
            (module, labels, head, aggregates, infos) ->
                new Line(module, new Instance(labels), head, aggregates, infos, List.of()))
        .list()
        .ofMaxSize(5);
  }

  private static Aggregate aggregate(String name, List<Stat> stats, double value) {
    double[] values = new double[stats.size()];
    Arrays.fill(values, value);
    Unit unit = name.endsWith("_seconds") ? Unit.SECONDS : Unit.COUNT;
    return new Aggregate(Metric.gauge(name, unit, "A number."), stats, values);
  }

  /** What the documentation says of a text. */
  private static String arrived(String text) {
    StringBuilder arrived = new StringBuilder();
    text.codePoints()
        .forEach(
            point ->
                arrived.appendCodePoint(
                    point == 0
                        ? ' '
                        : Character.getType(point) == Character.SURROGATE ? '?' : point));
    return arrived.toString();
  }

  private static Exposition read(Line... lines) {
    return read(new PrometheusFormat(), List.of(lines), List.of());
  }

  private static Exposition read(PrometheusFormat format, List<Line> lines, List<Line> self) {
    return Exposition.parse(format.bytes(new Report(ReportFixture.WHOLE, "node1", lines, self)));
  }

  private static Line line(String module, Instance instance, Aggregate... aggregates) {
    return new Line(module, instance, Optional.empty(), List.of(aggregates), Map.of(), List.of());
  }

  private static Line headed(String module, Instance instance, Line.Head head) {
    return new Line(module, instance, Optional.of(head), new ArrayList<>(), Map.of(), List.of());
  }

  private static Aggregate value(Metric metric, double value) {
    return Aggregate.value(metric, value);
  }

  private static Aggregate count(String name) {
    return ReportFixture.value(name, 1);
  }
}
