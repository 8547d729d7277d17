package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Globs;
import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file holds, a parser returns or throws an IOException that names path and line. */
class ParserFuzzTest {
  private static final Path HOSTS = Path.of("src/test/resources/hosts");

  private interface Parser {
    void parse(ByteScanner in) throws IOException;
  }

  private static void survives(byte[] content, Parser parser) {
    try {
      parser.parse(Scan.bytes(content));
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith(Scan.SOURCE + " line "), e.getMessage());
      assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), e.getMessage());
      assertTrue(e.getMessage().length() < 200, e.getMessage());
    }
  }

  private static List<Parser> parsers() {
    List<Parser> parsers = new ArrayList<>(plain());
    CgroupFiles.UNIFIED.forEach(
        source -> parsers.add(in -> source.parser().parse(in, new CgroupFiles.Values())));
    for (List<CgroupFiles.Source> sources : CgroupFiles.BY_CONTROLLER.values()) {
      sources.forEach(
          source -> parsers.add(in -> source.parser().parse(in, new CgroupFiles.Values())));
    }
    return parsers;
  }

  private static List<Parser> plain() {
    return List.of(
        in ->
            CpuCollector.parse(
                in, new CpuCollector.Stat(FixtureHost.defaults(CpuCollector.DESCRIPTOR))),
        in -> {
          if (in.nextLine()) {
            InfinibandCollector.speed(in);
          }
        },
        in -> LustreCollector.parse(in, new LustreCollector.Values()),
        in -> LoadCollector.parse(in, new LoadCollector.Values()),
        in -> MemoryCollector.parseMeminfo(in, MemoryCollector.Values.ofMeminfo()),
        in -> MemoryCollector.parseVmstat(in, MemoryCollector.Values.ofVmstat()),
        in ->
            PressureCollector.parse(
                in,
                new PressureCollector.Scope[] {
                  new PressureCollector.Scope(), new PressureCollector.Scope()
                }),
        in ->
            NetCollector.parse(
                in, NetCollector.table(FixtureHost.defaults(NetCollector.DESCRIPTOR))),
        in ->
            DiskCollector.parse(
                in, DiskCollector.table(FixtureHost.defaults(DiskCollector.DESCRIPTOR))),
        in -> ProtocolTable.parse(in, TcpCollector.tcp(), TcpCollector.udp()),
        in -> ProtocolTable.parse(in, TcpCollector.extensions()),
        in -> TcpCollector.parseSix(in, TcpCollector.udp(), 0),
        in -> new SocketCounts().parse(in),
        in -> new NfsCalls().parse(in),
        in -> NfsMountStats.into(NfsCollector.table(new Globs(List.of("*"), List.of()))).parse(in),
        in -> MountTable.parse(in, new ArrayList<>()),
        in -> SwapDevices.parse(in, new ArrayList<>()),
        OsCollector::bootTime,
        CpufreqFiles::uptimeMicros);
  }

  @Property(tries = 500)
  void anyBytesAreParsedOrRefused(@ForAll byte[] content) {
    parsers().forEach(parser -> survives(content, parser));
  }

  @Property(tries = 500)
  void anyTextOfTheRightWordsIsParsedOrRefused(@ForAll("kernelText") String content) {
    parsers().forEach(parser -> survives(content.getBytes(StandardCharsets.UTF_8), parser));
  }

  @Property(tries = 500)
  void damagedKernelFilesAreParsedOrRefused(@ForAll("damaged") byte[] content) {
    parsers().forEach(parser -> survives(content, parser));
  }

  @Provide
  Arbitrary<String> kernelText() {
    return Arbitraries.of(
            "cpu",
            "cpu0",
            "cpu1",
            "intr",
            "ctxt",
            "processes",
            "MemTotal:",
            "MemFree:",
            "kB",
            "pswpin",
            "oom_kill",
            "some",
            "full",
            "avg10=",
            "total=",
            "1.5",
            "eth0:",
            "lo:1",
            "Tcp:",
            "Tcp: InSegs MaxConn",
            "Tcp: 1 -1",
            "Udp:",
            "TcpExt:",
            "ListenDrops",
            "Udp6InDatagrams",
            "TCP:",
            "inuse",
            "rpc",
            "proc4",
            "device s:/e mounted on",
            "/a\\040b with fstype nfs statvers=1.1",
            "age:",
            "bytes: 1 2 3 4 5 6 7 8",
            "per-op",
            "READ: 1 2 3 4 5 6 7 8",
            "|",
            "\n",
            "\n",
            "\n",
            " ",
            "8",
            "0",
            "sda",
            "partition",
            "/a\\040b",
            "-",
            "/dev/sda",
            "18446744073709551616",
            "-1",
            "2/86",
            "ü")
        .list()
        .ofMaxSize(120)
        .map(words -> String.join(" ", words));
  }

  @Provide
  Arbitrary<byte[]> damaged() {
    Arbitrary<byte[]> files =
        Arbitraries.of(
                "stat",
                "loadavg",
                "meminfo",
                "vmstat",
                "net/dev",
                "net/snmp",
                "net/snmp6",
                "net/netstat",
                "net/sockstat",
                "net/sockstat6",
                "../../nfs3/proc/net/rpc/nfs",
                "../../nfs4/proc/self/mountstats",
                "diskstats",
                "swaps",
                "pressure/io")
            .map(ParserFuzzTest::fixture);
    return Combinators.combine(
            files,
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.bytes())
        .as(ParserFuzzTest::damage);
  }

  private static byte[] fixture(String name) {
    try {
      return Files.readAllBytes(HOSTS.resolve("small/proc").resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Cuts the file off and changes a byte. */
  private static byte[] damage(byte[] file, double cut, double at, byte to) {
    byte[] damaged = Arrays.copyOf(file, (int) (file.length * cut));
    if (damaged.length > 0) {
      damaged[(int) (at * (damaged.length - 1))] = to;
    }
    return damaged;
  }

  @Example
  void hugeInputTakesBoundedTime() {
    byte[] oneLine = new byte[4 << 20];
    Arrays.fill(oneLine, (byte) '9');
    byte[] manyLines = "cpu9 1 2 3 4\n".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
    byte[] emptyLines = new byte[4 << 20];
    Arrays.fill(emptyLines, (byte) '\n');
    for (Parser parser : parsers()) {
      for (byte[] content : List.of(oneLine, manyLines, emptyLines)) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> survives(content, parser));
      }
    }
  }

  @Example
  void veryManyDevicesTakeBoundedTime() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("8 0 d").append(i).append(" 0 0 0 0 0 0 0 0 0 0 0\n");
    }
    byte[] content = text.toString().getBytes(StandardCharsets.US_ASCII);
    for (Parser parser : parsers()) {
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> survives(content, parser));
    }
  }
}
