package io.duologger.format;

import static io.duologger.format.SensorFixture.line;
import static io.duologger.format.SensorFixture.number;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OldNamesTest {
  private static final List<Stat> ONE = SensorFixture.ONE;
  private static final Instance HOST = Instance.HOST;

  @Test
  void waitingForIoIsBusyUnlessOnlyTheOtherShareIsThere() {
    assertEquals(
        "cpu=50",
        pairs(
            line("cpu", HOST, number("busy_ratio", ONE, 0.2), number("nonidle_ratio", ONE, 0.5))));
    assertEquals("cpu=20", pairs(line("cpu", HOST, number("busy_ratio", ONE, 0.2))));
    assertEquals(
        "cpu_list=9",
        pairs(
            line(
                "cpu",
                Instance.of("cpu", "0"),
                number("busy_ratio", ONE, 0.2),
                number("nonidle_ratio", ONE, 0.0999))));
  }

  @Test
  void processorsAreListedByNumberAndOnlyPlausibleOnes() {
    List<Stat> meanToo = List.of(Stat.MAX, Stat.MEAN);
    assertEquals(
        "cpu_list=30,,10",
        pairs(
            line("cpu", Instance.of("cpu", "2"), number("busy_ratio", meanToo, 1, 0.1)),
            line("cpu", Instance.of("cpu", "1"), number("busy_ratio", ONE, Double.NaN)),
            line("cpu", Instance.of("cpu", "0"), number("busy_ratio", ONE, 0.3)),
            line("cpu", Instance.of("cpu", "999999999"), number("busy_ratio", ONE, 0.3)),
            line("cpu", Instance.of("cpu", "x"), number("busy_ratio", ONE, 0.3))));
    assertEquals(
        "",
        pairs(
            line(
                "cpu",
                Instance.of("cpu", "0"),
                number("busy_ratio", List.of(Stat.percentile("95")), 0.3))));
  }

  @Test
  void aJobsFirstProcessHasThePlainNamesAndTheOthersAPrefix() {
    assertEquals(
        "VmHWM=5 VmRSS=4 Threads=1 chld_VmRSS_max=70 chld_Threads_max=2",
        pairs(
            line("job", Instance.of("scope", "tree"), number("resident_bytes", ONE, 74)),
            line(
                "job",
                Instance.of("scope", "children"),
                number("threads", List.of(Stat.MAX), 2),
                number("resident_bytes", List.of(Stat.MAX), 70)),
            line(
                "job",
                Instance.of("scope", "root"),
                number("threads", ONE, 1),
                number("resident_bytes", ONE, 4),
                number("cpu_ratio", ONE, 1),
                number("hwm_bytes", ONE, 5)),
            line("job", Instance.of("pid", "7"), number("resident_bytes", ONE, 9))));
  }

  @Test
  void aDifferenceIsThereOnlyForStatisticsOfWhichItIsExact() {
    List<Stat> stats = List.of(Stat.MIN, Stat.MEAN, Stat.LAST, Stat.percentile("50"));
    assertEquals(
        "virtual_total_min=9 virtual_total_mean=9 virtual_total_last=9 virtual_total_p50=9"
            + " virtual_used_min=1 virtual_used_mean=2 virtual_used_last=4 virtual_used_p50=3"
            + " virtual_free_mean=7 virtual_free_last=5",
        pairs(
            line(
                "memory",
                HOST,
                number("vmalloc_total_bytes", stats, 9, 9, 9, 9),
                number("vmalloc_used_bytes", stats, 1, 2.4, 4, 3))));
    assertEquals(
        "virtual_used=1", pairs(line("memory", HOST, number("vmalloc_used_bytes", ONE, 1))));
  }

  @Test
  void sumsAreOverTheInterfacesThatHaveAllOfIt() {
    Line whole =
        line(
            "net",
            Instance.of("device", "eth0"),
            number("rx_errors_per_second", ONE, 1),
            number("rx_drops_per_second", ONE, 2),
            number("rx_fifo_errors_per_second", ONE, 4));
    Line rest =
        line(
            "net",
            Instance.of("device", "eth0"),
            number("rx_frame_errors_per_second", ONE, 8.5),
            number("rx_bytes_per_second", ONE, 100));
    Line reset =
        line(
            "net",
            Instance.of("device", "eth1"),
            number("rx_errors_per_second", ONE, Double.NaN),
            number("rx_drops_per_second", ONE, 2),
            number("rx_fifo_errors_per_second", ONE, 4),
            number("rx_frame_errors_per_second", ONE, 8));
    assertEquals("bytes_in=100 packeterrs_in=15.5", pairs(whole, rest, reset));
    assertEquals("", pairs(whole, reset));
  }

  @Test
  void hostTotalsAreNotSummedAgain() {
    assertEquals(
        "bytes_out=5",
        pairs(
            line("net", HOST, number("tx_bytes_per_second", ONE, 7)),
            line("net", Instance.of("device", "eth0"), number("tx_bytes_per_second", ONE, 5))));
  }

  @Test
  void hostsThatDoNotAnswerHaveMinusOne() {
    assertEquals(
        "ping=0.045 ping_2=-1 ping_3=12.5",
        pairs(
            line("ping", target("gw"), number("up", ONE, 1)),
            line("ping", target("gw"), number("rtt_seconds", ONE, 0.000045)),
            line("ping", target("lost"), number("up", ONE, 0), number("loss_ratio", ONE, 1)),
            line("ping", target("far"), number("up", ONE, 1), number("rtt_seconds", ONE, 0.0125))));
    List<Stat> two = List.of(Stat.MEAN, Stat.MAX);
    assertEquals(
        "ping_mean=-1 ping_max=-1", pairs(line("ping", target("lost"), number("up", two, 0, 0))));
    assertEquals("", pairs(line("ping", target("missed"))));
  }

  private static Instance target(String name) {
    return Instance.of("target", name);
  }

  @Test
  void whatProgramsPrintHasTheKeysThatTheyPrint() {
    assertEquals(
        "gflops=41.5 raid_state=ok gflops_2=7",
        pairs(
            line("exec", Instance.of("program", "linpack"), number("exit_status", ONE, 0)),
            printed("linpack", "gflops", Map.of(), 41.5),
            printed("raid", "raid.state", Map.of("text", "ok")),
            printed("other", "gflops", Map.of(), 7)));
  }

  private static Line printed(
      String program, String key, Map<String, String> texts, double... values) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("program", program);
    labels.put("key", key);
    Metric value = Metric.gauge("value", Unit.COUNT, "A value.").formerly("{key}");
    List<Aggregate> numbers = new ArrayList<>();
    for (double each : values) {
      numbers.add(Aggregate.value(value, each));
    }
    return new Line("exec", new Instance(labels), Optional.empty(), numbers, texts, List.of());
  }

  @Test
  void otherStatisticsThanTheMeanAreThoseOfAnInterface() {
    List<Stat> high = List.of(Stat.percentile("95"));
    assertEquals(
        "bytes_in_eth0_p95=5 bytes_in_a_b_p95=6 bytes_in_a_b_p95_2=7",
        pairs(
            line("net", Instance.of("device", "eth0"), number("rx_bytes_per_second", high, 5)),
            line("net", Instance.of("device", "a.b"), number("rx_bytes_per_second", high, 6)),
            line("net", Instance.of("device", "a-b"), number("rx_bytes_per_second", high, 7)),
            line("net", HOST, number("devices", high, 3))));
    List<Stat> max = List.of(Stat.MAX);
    assertEquals(
        "bytes_out_max1m=6 packets_out_eth0_max=2",
        pairs(
            line(
                "net",
                Instance.of("device", "eth0"),
                number("tx_bytes_per_second", max, 5),
                number("tx_packets_per_second", max, 2)),
            line("net", Instance.of("device", "eth1"), number("tx_bytes_per_second", max, 6))));
  }

  @Test
  void theFastestLinkCountsInGigabits() {
    List<Stat> stats = List.of(Stat.MIN, Stat.MEAN, Stat.MAX);
    assertEquals(
        "num_eth=2 eth_speed=0.1",
        pairs(
            line("net", HOST, number("devices", stats, 1, 1.5, 2)),
            line(
                "net",
                Instance.of("device", "eth0"),
                number("speed_bytes_per_second", ONE, 12_500_000)),
            line(
                "net",
                Instance.of("device", "eth1"),
                number("speed_bytes_per_second", ONE, 1_250_000))));
  }

  @Test
  void withoutASwapDeviceNothingIsSwapped() {
    assertEquals(
        "disk_rd=3 disk_sec_rd=8 swap_rd=0 swap_sec_rd=0",
        pairs(
            line(
                "disk",
                HOST,
                number("reads_per_second", ONE, 3),
                number("read_bytes_per_second", ONE, 4096),
                number("writes_per_second", ONE, Double.NaN))));
    assertEquals(
        "disk_rd=3 swap_wr=2",
        pairs(
            line(
                "disk",
                HOST,
                number("reads_per_second", ONE, 3),
                number("swap_writes_per_second", ONE, 2))));
  }

  @Test
  void whatTheOldToolsDidNotMeasureIsLeftOutOfTheirModulesOnly() {
    assertEquals(
        "pressure_io_full_ratio=0.123456789",
        pairs(
            line("load", HOST, number("tasks", ONE, 3)),
            line("disk", Instance.of("device", "sda"), number("reads_per_second", ONE, 3)),
            line(
                "pressure",
                Instance.of("resource", "io"),
                number("full_ratio", ONE, 0.123456789))));
  }

  @Test
  void whatProcessorsCountThemselvesGoesBeforeWhatTheKernelSays() {
    Line host =
        line(
            "cpufreq",
            HOST,
            number("mean_frequency_hertz", ONE, 2.5e9),
            number("host_awake_ratio", ONE, 0.25));
    Line first =
        line(
            "cpufreq",
            Instance.of("cpu", "0"),
            number("frequency_hertz", ONE, 2e9),
            number("awake_ratio", ONE, 0.5));
    Line third = line("cpufreq", Instance.of("cpu", "2"), number("frequency_hertz", ONE, 3e9));
    assertEquals(
        "tstat_c0pct=25 tstat_ghz=2.5 tstat_clist=50 tstat_glist=2,,3", pairs(host, first, third));
    assertEquals(
        "tstat_c0pct=10 tstat_ghz=3.1 tstat_clist=,12 tstat_glist=,3.2",
        pairs(
            host,
            first,
            line(
                "cpufreq",
                HOST,
                number("host_c0_ratio", ONE, 0.1),
                number("mean_busy_frequency_hertz", ONE, 3.1e9)),
            line(
                "cpufreq",
                Instance.of("cpu", "1"),
                number("c0_ratio", ONE, 0.12),
                number("busy_frequency_hertz", ONE, 3.2e9))));
  }

  @Test
  void otherModulesNameTheirOldKeysThemselves() {
    Metric free = SensorFixture.metric("available_bytes").formerly("*_free");
    Metric clock = Metric.gauge("clock_hertz", Unit.HERTZ, "A rate.").formerly("mhz", 1e-6);
    Metric busy = SensorFixture.metric("busy_ratio").formerly("gpu_pct");
    assertEquals(
        "tmp_free=4096 scratch_a_free=1 root_free=2 mhz=2400 gpu_pct=50 gpu_pct_max=75 gpu_pct_2=9",
        pairs(
            line("x", Instance.of("mount", "/tmp"), new Aggregate(free, ONE, new double[] {4096})),
            line("x", Instance.of("mount", "/scratch/a"), one(free, 1), number("b", ONE, 7)),
            line("x", Instance.of("mount", "/"), one(free, 2)),
            line("y", HOST, one(clock, 2.4e9), number("c", ONE, 7)),
            line(
                "z",
                Instance.of("gpu", "0"),
                new Aggregate(busy, List.of(Stat.VALUE, Stat.MAX), new double[] {0.5, 0.75})),
            line("z", Instance.of("gpu", "1"), one(busy, 0.0999))));
  }

  @Test
  void aKeyThatIsTheInstanceIsNoneWithoutOne() {
    Metric calls = SensorFixture.metric("calls").formerly("*");
    assertEquals(
        "read=2 gpu_pct=1",
        pairs(
            line("x", HOST, one(calls, 3)),
            line("x", Instance.of("call", "read"), one(calls, 2)),
            line("y", HOST, one(SensorFixture.metric("busy").formerly("gpu_pct"), 1))));
  }

  @Test
  void whatProcessesCallThemselvesIsNoKeyOfAnythingElse() {
    Metric time = Metric.counter("cpu_ratio", Unit.RATIO, "x.").formerly("cpu:*");
    Metric count = Metric.gauge("processes", Unit.COUNT, "x.").formerly("num:*");
    Line[] lines = {
      line("process", HOST, one(time, 1.5), one(count, 120)),
      line("process", Instance.of("command", "list"), one(time, 0.5), one(count, 2)),
      line("process", Instance.of("command", "a b=c\nxid"), one(time, 0.25), one(count, 1)),
      line("process", Instance.of("command", "a_b_c xid"), one(count, 3)),
      line("process", Instance.of("command", ":"), one(count, 4))
    };
    assertEquals(
        "cpu:list=50 num:list=2 cpu:a_b_c_xid=25 num:a_b_c_xid=1 num:a_b_c_xid_2=3 num:root=4",
        pairs(lines));
    assertEquals(
        "cpu__list=50 num__list=2 cpu__a_b_c_xid=25 num__a_b_c_xid=1 num__a_b_c_xid_2=3 num__root=4",
        pairs(new OldNames(new UniqueNames("xid"), false, false), lines));
  }

  @Test
  void messagesOfTheKernelAreNumberedInEachReport() {
    Naming names = new OldNames(new UniqueNames("xid"), true, true);
    Line count = line("kernel", HOST, number("errors_per_second", ONE, 2));
    Line oom = told("oom", "Out of memory: Killed process 1 (a)");
    Line disk = told("io_error", "I/O error, dev sda", "I/O error, dev sdb");
    assertEquals(
        "dmesg1=Out of memory: Killed process 1 (a) dmesg2=I/O error, dev sda"
            + " dmesg3=I/O error, dev sdb",
        pairs(names, count, oom, disk));
    assertEquals("dmesg1=I/O error, dev sda dmesg2=I/O error, dev sdb", pairs(names, count, disk));
    assertEquals("", pairs(names, count));
  }

  private static Line told(String category, String... texts) {
    return new Line(
        "kernel",
        Instance.of("category", category),
        Optional.empty(),
        List.of(),
        Map.of(),
        Stream.of(texts).map(text -> new Line.Event("message", text)).toList());
  }

  @Test
  void valuesOfFilesHaveTheKeysThatTheFilesHave() {
    Metric value = SensorFixture.metric("value").formerly("{key}");
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("file", "values");
    labels.put("key", "hd_errs_ttl");
    Instance plain = new Instance(labels);
    labels.put("key", "state");
    Line state =
        new Line(
            "textfile",
            new Instance(labels),
            Optional.empty(),
            List.of(),
            Map.of("text", "ok"),
            List.of());
    labels.put("key", "node_temp");
    labels.put("sensor", "cpu 1");
    assertEquals(
        "hd_errs_ttl=3 state=ok node_temp_cpu_1=41.5",
        pairs(
            line("textfile", plain, one(value, 3)),
            state,
            line("textfile", new Instance(labels), one(value, 41.5)),
            line("textfile", Instance.of("file", "values"), number("age_seconds", ONE, 9))));
  }

  private static Aggregate one(Metric metric, double value) {
    return new Aggregate(metric, ONE, new double[] {value});
  }

  private static String pairs(Line... lines) {
    return pairs(new OldNames(new UniqueNames("xid"), true, true), lines);
  }

  private static String pairs(Naming names, Line... lines) {
    return names.values(SensorFixture.report(List.of(lines), List.of())).stream()
        .map(value -> value.name() + "=" + value.text())
        .collect(Collectors.joining(" "));
  }
}
