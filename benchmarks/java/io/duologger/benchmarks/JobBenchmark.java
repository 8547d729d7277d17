package io.duologger.benchmarks;

import io.duologger.collector.job.JobCollector;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.time.Duration;
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
 * What does a sample of a job's tree cost, at the interval that it is made for? Reads are as they
 * are at that interval: one in so many looks at all processes and at what changes seldom. 300
 * microseconds are 3 % of a processor at 10 ms.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JobBenchmark {
  /** How many processes the tree has, its first one included. */
  @Param({"1", "10", "100"})
  public int processes;

  /** The sample interval in milliseconds. */
  @Param({"10", "1000"})
  public int every;

  private Process job;
  private JobCollector collector;
  private Readings readings;

  /** Starts the tree and reads it a few times, by when its files are open. */
  @Setup(Level.Trial)
  public void open(Blackhole blackhole) throws IOException, InterruptedException {
    String tree =
        "i=1; while [ $i -lt %d ]; do sleep 600 & p=\"$p $!\"; i=$((i+1)); done; read x; kill $p"
            .formatted(processes);
    job = new ProcessBuilder("sh", "-c", tree).start();
    ModuleSettings settings =
        ModuleSettings.defaults(JobCollector.DESCRIPTOR, Duration.ofMillis(every));
    settings = settings.with(settings.options().with("pid", Long.toString(job.pid())));
    collector = new JobCollector(ScalingBenchmark.surroundings(HostRoot.running()), settings);
    readings = new Consumed(blackhole);
    do {
      collector.collect(readings);
      job.waitFor(10, TimeUnit.MILLISECONDS);
    } while (collector.tally().processes().now() < processes);
    for (int i = 0; i < 10; i++) {
      collector.collect(readings);
    }
  }

  /** Ends the tree. */
  @TearDown(Level.Trial)
  public void close() throws IOException, InterruptedException {
    collector.close();
    job.getOutputStream().close();
    job.waitFor();
  }

  /** One sample. */
  @Benchmark
  public void sample() throws IOException {
    collector.collect(readings);
  }
}
