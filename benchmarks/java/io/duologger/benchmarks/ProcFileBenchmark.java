package io.duologger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/**
 * What does one tick's read of a kernel file cost at least: read again through an open handle, into
 * the same buffer, and every number in it parsed? The floor for what a collector may cost.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProcFileBenchmark {
  /** The file. */
  @Param({
    "/proc/stat",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/vmstat",
    "/proc/net/dev",
    "/proc/diskstats",
    "/proc/swaps"
  })
  public String file;

  private PlainReads reads;

  /** Opens the file. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    reads = new PlainReads(List.of(Path.of(file)));
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    reads.close();
  }

  /** Only read. */
  @Benchmark
  public long read() throws IOException {
    return reads.read();
  }

  /** Read, and add up the numbers. */
  @Benchmark
  public long readAndParse() throws IOException {
    return reads.readAndParse();
  }

  /** What the JDK offers first, for comparison: open, read, close, a new array each time. */
  @Benchmark
  public long readAllBytesAndParse() throws IOException {
    byte[] all = Files.readAllBytes(Path.of(file));
    return PlainReads.sumOfNumbers(all, all.length);
  }
}
