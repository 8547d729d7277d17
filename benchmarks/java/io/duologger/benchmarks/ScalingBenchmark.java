package io.duologger.benchmarks;

import io.duologger.collector.Collector;
import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.collector.Surroundings;
import io.duologger.model.Globs;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * How does the cost of a module's read grow with the number of its things: processors, disks,
 * interfaces? All of them are included, on a host made of plain files in a temporary folder, read
 * once a second; beside it the plain read and byte-wise parse of the same file.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScalingBenchmark {
  /** The module's name and how many of its things there are. */
  @Param({
    "cpu 1", "cpu 16", "cpu 64", "cpu 256",
    "disk 1", "disk 10", "disk 100", "disk 1000",
    "net 1", "net 10", "net 100", "net 1000"
  })
  public String things;

  private Path folder;
  private PlainReads plain;
  private Collector collector;
  private Readings readings;

  /** Makes the host and the collector; its first read, which opens files, is not measured. */
  @Setup(Level.Trial)
  public void open(Blackhole blackhole) throws IOException {
    folder = Files.createTempDirectory("scaling");
    String module = things.split(" ")[0];
    int count = Integer.parseInt(things.split(" ")[1]);
    Path file =
        switch (module) {
          case "cpu" -> processors(count);
          case "disk" -> disks(count);
          default -> interfaces(count);
        };
    CollectorType type = Collectors.find(module).orElseThrow();
    Duration every = Duration.ofSeconds(1);
    ModuleSettings defaults = ModuleSettings.defaults(type.descriptor(), every);
    ModuleSettings all = new ModuleSettings(Globs.ALL, true, every, defaults.options());
    collector = type.factory().create(surroundings(HostRoot.at(folder)), all);
    readings = new Consumed(blackhole);
    collector.collect(readings);
    plain = new PlainReads(List.of(file));
  }

  static Surroundings surroundings(HostRoot root) {
    return new Surroundings(root, new SystemClock(), Threads.reads());
  }

  private Path write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path processors(int count) throws IOException {
    StringBuilder text = new StringBuilder("cpu  3634000 0 1381000 2955840 419 0 20 12 0 0\n");
    for (int i = 0; i < count; i++) {
      text.append("cpu").append(i).append(" 176600 0 66600 14793700 4500 0 700 300 0 0\n");
    }
    text.append("intr 1165820").append(" 0 17 4096".repeat(100));
    text.append("\nctxt 248643\nbtime 1795453733\nprocesses 3757\nprocs_running 2\n");
    return write("proc/stat", text + "procs_blocked 0\n");
  }

  private Path disks(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      Files.createDirectories(folder.resolve("sys/block/sd" + i + "/device"));
      text.append("   8  16 sd").append(i);
      text.append(" 102165 11444 3841015 404703 80509 39608 1323584 42398 0 62640 471515");
      text.append(" 106906 108 1117559 23700 5599 712\n");
    }
    return write("proc/diskstats", text.toString());
  }

  private Path interfaces(int count) throws IOException {
    StringBuilder text = new StringBuilder("Inter-| Receive | Transmit\n face |bytes |bytes\n");
    for (int i = 0; i < count; i++) {
      String name = "eth" + i;
      Files.createDirectories(folder.resolve("sys/class/net/" + name + "/device"));
      write("sys/class/net/" + name + "/speed", "1000\n");
      write("sys/class/net/" + name + "/carrier", "1\n");
      write("sys/class/net/" + name + "/operstate", "up\n");
      text.append(name).append(": 119095209    5675    0    0    0     0          0         0");
      text.append("   850539    5246    0    0    0     0       0          0\n");
    }
    return write("proc/net/dev", text.toString());
  }

  /** Closes both and removes the host. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    plain.close();
    collector.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** One tick's read. */
  @Benchmark
  public void collect() throws IOException {
    collector.collect(readings);
  }

  /** The floor: the same file, read again and its numbers added up. */
  @Benchmark
  public long plain() throws IOException {
    return plain.readAndParse();
  }
}
