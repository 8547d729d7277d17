package io.duologger.topology;

import io.duologger.collector.job.JobTally;
import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.JobEnd;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What there is to say of a whole job. Peaks of memory stand side by side, each named for what it
 * is: none of them is the truth alone.
 *
 * @param facts what was known at its start
 * @param end how it ended
 * @param tally what was sampled
 * @param elapsedNanos how long it took
 * @param startedNanos when it started, on the monotonic clock
 * @param every the sample interval
 * @param groupPeak the most memory that its control group had, with the files it has in memory
 * @param note why it ended if not by itself; empty if by itself
 */
record JobSummary(
    JobFacts facts,
    JobEnd end,
    JobTally tally,
    long elapsedNanos,
    long startedNanos,
    Duration every,
    OptionalLong groupPeak,
    Optional<String> note) {
  private static final double SECOND = 1e9;
  private static final int BLOCK = 512;
  private static final long MEBIBYTE = 1 << 20;
  private static final String[] PREFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  private static final Metric ELAPSED =
      Metric.gauge("elapsed_seconds", Unit.SECONDS, "From the start to the end.");
  private static final Metric STATUS = count("exit_status", "As a shell has it.");
  private static final Metric SIGNAL = count("signal", "The number of the signal that ended it.");
  private static final Metric USER =
      Metric.gauge("user_seconds", Unit.SECONDS, "Processor time in programs.");
  private static final Metric SYSTEM =
      Metric.gauge("system_seconds", Unit.SECONDS, "Processor time in the kernel.");
  private static final Metric CORES =
      Metric.gauge("cpu_ratio", Unit.RATIO, "Processor time as a share of one core.");
  private static final Metric SAMPLES = count("samples", "How often it was looked at.");
  private static final Metric RSS_PEAK =
      bytes("rss_sum_peak_bytes", "The highest sampled sum of resident memory.");
  private static final Metric PSS_PEAK =
      bytes("pss_sum_peak_bytes", "The highest sampled sum, shared memory counted once.");
  private static final Metric SWAP_PEAK =
      bytes("swap_sum_peak_bytes", "The highest sampled sum of memory that is swapped out.");
  private static final Metric HWM =
      bytes("largest_hwm_bytes", "The kernel's high-water mark of the largest sampled process.");
  private static final Metric GROUP_PEAK =
      bytes("cgroup_peak_bytes", "The kernel's high-water mark of the control group.");
  private static final Metric RUSAGE =
      bytes("largest_rusage_bytes", "The largest process that was waited for, by the kernel.");
  private static final Metric LIMIT = bytes("memory_limit_bytes", "How much memory it may use.");
  private static final Metric LIMIT_SHARE =
      Metric.gauge("memory_limit_used_ratio", Unit.RATIO, "The peak as a share of the limit.");
  private static final Metric SEEN = count("processes_seen", "Processes that samples saw.");
  private static final Metric PROCESSES = count("processes_peak", "The most at a time.");
  private static final Metric THREADS = count("threads_peak", "The most at a time.");
  private static final Metric LEFT = count("processes_left", "Those that outlived it.");
  private static final Metric MINOR = count("minor_faults", "Page faults without I/O.");
  private static final Metric MAJOR = count("major_faults", "Page faults with I/O.");
  private static final Metric VOLUNTARY = count("voluntary_switches", "Threads that waited.");
  private static final Metric INVOLUNTARY = count("involuntary_switches", "Threads that had to.");
  private static final Metric READ = bytes("read_bytes", "Read from devices.");
  private static final Metric WRITTEN = bytes("written_bytes", "Written to devices.");
  private static final Metric READ_CHARS = bytes("read_calls_bytes", "Read by system calls.");
  private static final Metric WRITTEN_CHARS = bytes("write_calls_bytes", "Written by them.");

  private static final Metric GPU_MEMORY =
      bytes("gpu_memory_peak_bytes", "The highest sampled sum of memory of graphics processors.");
  private static final Metric GPU_PEAK =
      Metric.gauge("gpu_busy_peak_ratio", Unit.RATIO, "The most that were busy: 1 is one.");
  private static final Metric GPU_MEAN =
      Metric.gauge("gpu_busy_mean_ratio", Unit.RATIO, "How many were busy since the first use.");

  private static Metric count(String name, String help) {
    return Metric.gauge(name, Unit.COUNT, help);
  }

  private static Metric bytes(String name, String help) {
    return Metric.gauge(name, Unit.BYTES, help);
  }

  /** Processor time: what the kernel says of those waited for, or what was sampled if more. */
  private double user() {
    return Math.max(end.usage().userNanos() / SECOND, tally.userSeconds());
  }

  private double system() {
    return Math.max(end.usage().systemNanos() / SECOND, tally.systemSeconds());
  }

  private double elapsed() {
    return elapsedNanos / SECOND;
  }

  /** The most that one process had, as far as the kernel tells. */
  private long largest() {
    long sampled = tally.largest().isPresent() ? tally.largest().get().bytes() : 0;
    return Math.max(sampled, end.usage().largestBytes().orElse(0));
  }

  /** Whether the kernel knows of more than was sampled, if anything was. */
  private boolean peakWasMissed() {
    return tally.samples() > 0 && largest() - MEBIBYTE > tally.resident().peak() * 1.02;
  }

  /** The share of the limit that was used at the peak. */
  private Optional<Double> limitShare() {
    if (facts.limit().isEmpty()) {
      return Optional.empty();
    }
    long peak = Math.max(tally.resident().peak(), largest());
    if (facts.limit().get().each()) {
      peak = largest();
    } else if (groupPeak.isPresent()) {
      peak = groupPeak.getAsLong();
    }
    return Optional.of((double) peak / facts.limit().get().bytes());
  }

  /** The line of the record. */
  Line line() {
    List<Aggregate> numbers = new ArrayList<>();
    JobEnd.Usage usage = end.usage();
    add(numbers, ELAPSED, elapsed());
    add(numbers, STATUS, end.status());
    end.signal().ifPresent(signal -> add(numbers, SIGNAL, signal));
    add(numbers, USER, user());
    add(numbers, SYSTEM, system());
    add(numbers, CORES, (user() + system()) / elapsed());
    add(numbers, SAMPLES, tally.samples());
    if (tally.samples() > 0) {
      add(numbers, RSS_PEAK, tally.resident().peak());
      add(numbers, SWAP_PEAK, tally.swap().peak());
      add(numbers, SEEN, tally.processesSeen());
      add(numbers, PROCESSES, tally.processes().peak());
      add(numbers, THREADS, tally.threads().peak());
      add(numbers, LEFT, left());
    }
    tally.proportional().ifPresent(pss -> add(numbers, PSS_PEAK, pss.peak()));
    tally.largest().ifPresent(largest -> add(numbers, HWM, largest.bytes()));
    groupPeak.ifPresent(peak -> add(numbers, GROUP_PEAK, peak));
    usage.largestBytes().ifPresent(largest -> add(numbers, RUSAGE, largest));
    facts.limit().ifPresent(limit -> add(numbers, LIMIT, limit.bytes()));
    limitShare().ifPresent(share -> add(numbers, LIMIT_SHARE, share));
    add(numbers, MINOR, Math.max(usage.minorFaults(), tally.minorFaults()));
    add(numbers, MAJOR, Math.max(usage.majorFaults(), tally.majorFaults()));
    add(numbers, VOLUNTARY, usage.voluntarySwitches());
    add(numbers, INVOLUNTARY, usage.involuntarySwitches());
    if (tally.io().isPresent()) {
      JobTally.Io io = tally.io().get();
      add(numbers, READ, io.readBytes());
      add(numbers, WRITTEN, io.writeBytes());
      add(numbers, READ_CHARS, io.readChars());
      add(numbers, WRITTEN_CHARS, io.writeChars());
    } else {
      add(numbers, READ, usage.inputBlocks() * BLOCK);
      add(numbers, WRITTEN, usage.outputBlocks() * BLOCK);
    }
    if (tally.gpu().isPresent()) {
      JobTally.Gpu gpu = tally.gpu().get();
      gpu.memoryPeakBytes().ifPresent(peak -> add(numbers, GPU_MEMORY, peak));
      gpu.busyPeak().ifPresent(peak -> add(numbers, GPU_PEAK, peak));
      gpu.busyMean().ifPresent(mean -> add(numbers, GPU_MEAN, mean));
    }
    return new Line(
        "job", Instance.of("record", "end"), Optional.empty(), numbers, infos(), List.of());
  }

  private Map<String, String> infos() {
    Map<String, String> infos = new LinkedHashMap<>();
    tally.largest().ifPresent(l -> infos.put("largest_process", l.command() + "[" + l.pid() + "]"));
    facts.limit().ifPresent(limit -> infos.put("memory_limit_source", limit.source()));
    note.ifPresent(why -> infos.put("ended", why));
    if (peakWasMissed()) {
      infos.put("missed_peak", missed());
    }
    return infos;
  }

  private static void add(List<Aggregate> numbers, Metric metric, double value) {
    numbers.add(Aggregate.value(metric, value));
  }

  /** Processes but for the first, which has ended, also if no sample has seen that. */
  private long left() {
    boolean seen = tally.nanos() - (startedNanos + elapsedNanos) >= 0;
    return Math.max(0, tally.processes().now() - (seen ? 0 : 1));
  }

  private String missed() {
    return "a peak between two samples, which are "
        + seconds(every.toNanos() / SECOND)
        + " apart: one process alone had "
        + bytes(largest())
        + ", and no sample saw more than "
        + bytes(tally.resident().peak());
  }

  /** The lines for people. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.join(" ", facts.command())
            + ": "
            + note.map(why -> why + ", ").orElse("")
            + (end.signal().isPresent() ? "signal " + end.signal().getAsInt() + ", " : "")
            + (end.dumped() ? "core dumped, " : "")
            + "exit status "
            + end.status());
    row(lines, "elapsed", seconds(elapsed()));
    row(
        lines,
        "processor time",
        String.format(
            Locale.ROOT,
            "user %s, system %s, %.2f cores on average",
            seconds(user()),
            seconds(system()),
            (user() + system()) / elapsed()));
    memory(lines);
    tally.gpu().ifPresent(gpu -> row(lines, "graphics processors", gpu(gpu)));
    JobEnd.Usage usage = end.usage();
    row(
        lines,
        "processes",
        tally.samples() == 0
            ? "not seen"
            : tally.processesSeen()
                + " seen, at most "
                + tally.processes().peak()
                + " with "
                + tally.threads().peak()
                + " threads at a time"
                + (left() > 0 ? "; " + left() + " still run" : ""));
    row(
        lines,
        "page faults",
        Math.max(usage.majorFaults(), tally.majorFaults())
            + " with I/O, "
            + Math.max(usage.minorFaults(), tally.minorFaults())
            + " without");
    row(
        lines,
        "context switches",
        usage.voluntarySwitches()
            + " voluntary, "
            + usage.involuntarySwitches()
            + " involuntary, of those waited for");
    tally
        .io()
        .ifPresent(
            io -> {
              row(lines, "devices", read(io.readBytes(), io.writeBytes()));
              row(
                  lines,
                  "read and write calls",
                  io.readCalls()
                      + " and "
                      + io.writeCalls()
                      + ", "
                      + read(io.readChars(), io.writeChars()));
            });
    return lines;
  }

  private void memory(List<String> lines) {
    if (tally.samples() > 0) {
      row(
          lines,
          "memory: sampled sum",
          bytes(tally.resident().peak())
              + " after "
              + seconds((tally.residentPeakNanos() - startedNanos) / SECOND)
              + ", of "
              + tally.samples()
              + " samples "
              + seconds(every.toNanos() / SECOND)
              + " apart");
    } else {
      row(lines, "memory: sampled sum", "none, as the job ended before its first sample");
    }
    tally.proportional().ifPresent(pss -> row(lines, "memory: same, PSS", bytes(pss.peak())));
    tally
        .largest()
        .ifPresent(
            largest ->
                row(
                    lines,
                    "memory: largest VmHWM",
                    bytes(largest.bytes()) + " " + largest.command() + "[" + largest.pid() + "]"));
    if (groupPeak.isPresent() && facts.group().isPresent()) {
      JobFacts.Group group = facts.group().get();
      row(
          lines,
          "memory: control group",
          bytes(groupPeak.getAsLong())
              + " with file pages"
              + (group.shared() ? " and this recorder, " + group.name() : ""));
    }
    row(
        lines,
        "memory: rusage",
        end.usage().largestBytes().isPresent()
            ? bytes(end.usage().largestBytes().getAsLong()) + " of the largest waited for"
            : "less than this recorder's own, which hides it");
    if (limitShare().isPresent()) {
      JobFacts.Limit limit = facts.limit().orElseThrow();
      row(
          lines,
          "memory: limit",
          String.format(
              Locale.ROOT,
              "%s (%s)%s, %.1f %% used at the peak",
              bytes(limit.bytes()),
              limit.source(),
              limit.each() ? " for each process" : "",
              100 * limitShare().get()));
    }
    if (peakWasMissed()) {
      row(lines, "memory: missed", missed());
    }
  }

  private static String gpu(JobTally.Gpu gpu) {
    List<String> parts = new ArrayList<>();
    gpu.memoryPeakBytes().ifPresent(peak -> parts.add("memory at most " + bytes(peak)));
    if (gpu.busyMean().isPresent() && gpu.busyPeak().isPresent()) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%.2f busy on average since the first use, at most %.2f",
              gpu.busyMean().getAsDouble(),
              gpu.busyPeak().getAsDouble()));
    }
    return String.join("; ", parts);
  }

  private static String read(long in, long out) {
    return bytes(in) + " read, " + bytes(out) + " written";
  }

  private static void row(List<String> lines, String name, String text) {
    lines.add(String.format(Locale.ROOT, "  %-22s %s", name, text));
  }

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    double scaled = bytes;
    int prefix = 0;
    while (scaled >= 1024 && prefix < PREFIXES.length - 1) {
      scaled /= 1024;
      prefix++;
    }
    return prefix == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %sB", scaled, PREFIXES[prefix]);
  }

  /** A span of time for people. */
  static String seconds(double seconds) {
    double shown = Math.max(0, seconds);
    if (shown < 1) {
      return String.format(Locale.ROOT, "%.0f ms", shown * 1000);
    } else if (shown < 60) {
      return String.format(Locale.ROOT, "%.2f s", shown);
    }
    long whole = (long) shown;
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
