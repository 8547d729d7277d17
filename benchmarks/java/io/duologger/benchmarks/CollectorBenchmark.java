package io.duologger.benchmarks;

import io.duologger.collector.Collector;
import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does one read of a module cost on this host, with its defaults, beside the plain read and
 * byte-wise parse of the files that it reads each tick? With {@code -prof gc} it shows what is
 * allocated a tick.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CollectorBenchmark {
  /** The module's name. */
  @Param({"cpu", "load", "memory", "net", "tcp", "disk", "pressure"})
  public String module;

  /** What the modules read each tick. */
  private static final Map<String, List<String>> FILES =
      Map.of(
          "cpu", List.of("stat"),
          "load", List.of("loadavg"),
          "memory", List.of("meminfo", "vmstat"),
          "net", List.of("net/dev"),
          "tcp", List.of("net/snmp", "net/snmp6", "net/netstat", "net/sockstat", "net/sockstat6"),
          "disk", List.of("diskstats", "swaps"),
          "pressure", List.of("pressure/cpu", "pressure/memory", "pressure/io", "pressure/irq"));

  private PlainReads plain;
  private Collector collector;
  private Readings readings;

  /** Makes the collector; its first read, which opens files, is not measured. */
  @Setup(Level.Trial)
  public void open(Blackhole blackhole) throws IOException {
    CollectorType type = Collectors.find(module).orElseThrow();
    ModuleSettings settings = ModuleSettings.defaults(type.descriptor(), Duration.ofSeconds(1));
    collector = type.factory().create(ScalingBenchmark.surroundings(HostRoot.running()), settings);
    readings = new Consumed(blackhole);
    collector.collect(readings);
    Path proc = HostRoot.running().proc();
    plain = new PlainReads(FILES.get(module).stream().map(proc::resolve).toList());
  }

  /** Closes both. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    plain.close();
    collector.close();
  }

  /** One tick's read. */
  @Benchmark
  public void collect() throws IOException {
    collector.collect(readings);
  }

  /** The floor: the same files, read again and their numbers added up. */
  @Benchmark
  public long plain() throws IOException {
    return plain.readAndParse();
  }
}
