package io.duologger.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int BUFFER_BYTES = 256 * 1024;

  /** The file. */
  @Param({"/proc/stat", "/proc/net/dev", "/proc/diskstats", "/proc/meminfo"})
  public String file;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private FileChannel channel;

  /** Opens the file. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    channel = FileChannel.open(Path.of(file));
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    channel.close();
  }

  /** Only read. */
  @Benchmark
  public int read() throws IOException {
    return fill();
  }

  /** Read, and add up the numbers. */
  @Benchmark
  public long readAndParse() throws IOException {
    return sumOfNumbers(bytes, fill());
  }

  /** What the JDK offers first, for comparison: open, read, close, a new array each time. */
  @Benchmark
  public long readAllBytesAndParse() throws IOException {
    byte[] all = Files.readAllBytes(Path.of(file));
    return sumOfNumbers(all, all.length);
  }

  private int fill() throws IOException {
    buffer.clear();
    int position = 0;
    for (int count = channel.read(buffer, 0); count > 0; count = channel.read(buffer, position)) {
      position += count;
    }
    buffer.flip();
    buffer.get(bytes, 0, position);
    return position;
  }

  private static long sumOfNumbers(byte[] text, int length) {
    long sum = 0;
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text[i] - '0';
      if (digit >= 0 && digit <= 9) {
        number = number * 10 + digit;
      } else {
        sum += number;
        number = 0;
      }
    }
    return sum + number;
  }
}
