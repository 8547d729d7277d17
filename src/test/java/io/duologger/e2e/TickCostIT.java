package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a tick costs the whole process in steady state, counted and not timed: what it allocates and
 * its system calls. Five modules tick each 10 ms; a tick is one read of one module, so that a round
 * of all of them is five. What a report costs is in it too, shared by the ticks between reports.
 *
 * <p>The bounds are above what is measured by what a busy machine adds (other wake-ups, shorter
 * windows), and are to be lowered with it.
 */
class TickCostIT {
  /** Bytes on the heap a tick, of all threads. */
  private static final double MOST_BYTES = 1_200;

  /** System calls a tick, of all threads of the process and whatever kind. */
  private static final double MOST_CALLS = 4.5;

  /** The kinds of system calls that a tick is made of, and how many of each. */
  private static final Map<String, Double> MOST_OF_KIND = Map.of("futex", 2.5, "pread64", 2.5);

  /** Any other kind: less than one a report, or one of the JVM's own. */
  private static final double MOST_OF_OTHERS = 0.5;

  /**
   * The one that is not counted: the JVM's compilers make it for every class that they look up
   * ({@code ttyLocker::release_tty_if_locked}), so that it tells only what was compiled meanwhile.
   */
  private static final String OF_COMPILERS = "gettid";

  /** Until classes are loaded, what runs often is compiled, and a report was written. */
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private static final Duration SPAN = Duration.ofSeconds(5);

  /** A line of strace's table: share, seconds, each, calls, perhaps errors, kind. */
  private static final Pattern KIND =
      Pattern.compile(" *[0-9.]+ +[0-9.]+ +[0-9]+ +([0-9]+) +(?:[0-9]+ +)?([a-z0-9_]+)");

  /** A line of jcmd's for one of the generations. */
  private static final Pattern USED =
      Pattern.compile(" *(?:def new|tenured|DefNew|Tenured)\\b.*total.*used ([0-9]+)K.*");

  @TempDir private Path folder;
  private Path config;

  /** As far as that can be had without what depends on the machine. */
  @BeforeEach
  void writeConfiguration() throws Exception {
    config =
        Files.writeString(
            folder.resolve("x.conf"),
            """
            heartbeat = 10 s
            modules {
              cpu { every = 10 ms, per-cpu = none }
              memory.every = 10 ms
              load.every = 10 ms
              disk.every = 10 ms
              net { every = 10 ms, include = ["lo"] }
            }
            outputs = [ { type = stdout } ]
            """);
  }

  @Test
  void aTickAllocatesLittle() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      Machine.missing("the program " + jcmd);
    }
    Path collections = folder.resolve("gc.log");
    ProcessBuilder command = Running.command("--config", config.toString());
    // Nothing is collected meanwhile, and what is used is what was asked for, byte by byte.
    command
        .environment()
        .put(
            "DUOLOGGER_JAVA_OPTS",
            "-Xms600m -Xmx600m -Xmn500m -XX:-UseTLAB -Xlog:gc:file=" + collections);
    try (Running recorder = Running.start(command)) {
      warmUp(recorder);
      used(jcmd, recorder);
      close(recorder);
      // A close follows a look at the heap at both ends, so that the time between them cancels out.
      long bytesBefore = used(jcmd, recorder);
      long ticksBefore = close(recorder);
      recorder.pass(SPAN);
      long bytes = used(jcmd, recorder) - bytesBefore;
      long ticks = close(recorder) - ticksBefore;
      assertFalse(Files.readString(collections).contains("Pause"), "the heap was collected");
      String measured =
          "%d ticks allocated %d bytes, %.0f a tick"
              .formatted(ticks, bytes, (double) bytes / ticks);
      System.out.println("cost of a tick: " + measured);
      assertTrue(ticks > 0 && bytes > 0, measured);
      assertTrue(
          bytes <= MOST_BYTES * ticks,
          () ->
              measured
                  + ", and the bound is "
                  + MOST_BYTES
                  + ". What allocates: start sbin/duologger with five modules at 10 ms and"
                  + " DUOLOGGER_JAVA_OPTS=-XX:StartFlightRecording=filename=x.jfr,settings=profile,"
                  + " stop it, then: jfr print --events jdk.ObjectAllocationSample x.jfr");
      stop(recorder);
    }
  }

  @Test
  void aTickMakesFewSystemCalls() throws Exception {
    Machine.needsPrograms("strace");
    Path table = folder.resolve("strace");
    try (Running recorder = Running.duologger("--config", config.toString())) {
      warmUp(recorder);
      try (Running strace =
          Running.start(
              new ProcessBuilder(
                  "strace",
                  "-f",
                  "-c",
                  "-e",
                  "trace=!" + OF_COMPILERS,
                  "-o",
                  table.toString(),
                  "-p",
                  "" + recorder.pid()))) {
        Running.poll(
            Running.MARGIN,
            "strace",
            () -> !strace.isAlive() || strace.err().stream().anyMatch(l -> l.contains("attached")),
            strace::all);
        if (!strace.isAlive()) {
          Machine.missing("the right to trace a process: " + strace.all());
        }
        long ticksBefore = close(recorder);
        recorder.pass(SPAN);
        long ticks = close(recorder) - ticksBefore;
        strace.signal("INT");
        strace.exitWithin(Running.MARGIN);
        assertFew(calls(table), ticks);
      }
      stop(recorder);
    }
  }

  private static void assertFew(Map<String, Long> calls, long ticks) {
    long all = calls.values().stream().mapToLong(Long::longValue).sum();
    String measured =
        "%d ticks made %d system calls, %.2f a tick: %s"
            .formatted(ticks, all, (double) all / ticks, eachTick(calls, ticks));
    System.out.println("cost of a tick: " + measured);
    assertTrue(ticks > 0 && all > 0, measured);
    Map<String, Double> bounds = new TreeMap<>(MOST_OF_KIND);
    calls.keySet().forEach(kind -> bounds.putIfAbsent(kind, MOST_OF_OTHERS));
    List<String> over =
        bounds.entrySet().stream()
            .filter(bound -> calls.getOrDefault(bound.getKey(), 0L) > bound.getValue() * ticks)
            .map(bound -> bound.getKey() + " (bound " + bound.getValue() + ")")
            .toList();
    String closer =
        ". Where they come from: start sbin/duologger with five modules at 10 ms, then:"
            + " strace -f -k -e trace=futex -p PID, or without -e for all of them";
    assertEquals(List.of(), over, () -> "too many of a kind. " + measured + closer);
    assertTrue(all <= MOST_CALLS * ticks, () -> measured + ", bound " + MOST_CALLS + closer);
  }

  private static String eachTick(Map<String, Long> calls, long ticks) {
    return calls.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(entry -> "%s %.3f".formatted(entry.getKey(), (double) entry.getValue() / ticks))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Long> calls(Path table) throws Exception {
    Map<String, Long> calls = new TreeMap<>();
    for (String line : Files.readAllLines(table)) {
      Matcher matcher = KIND.matcher(line);
      if (matcher.matches() && !matcher.group(2).equals("total")) {
        calls.put(matcher.group(2), Long.parseLong(matcher.group(1)));
      }
    }
    return calls;
  }

  /** The bytes of the heap that are in use. */
  private static long used(Path jcmd, Running recorder) throws Exception {
    List<String> told = Running.run(jcmd.toString(), "" + recorder.pid(), "GC.heap_info");
    List<Long> kilobytes =
        told.stream()
            .map(USED::matcher)
            .filter(Matcher::matches)
            .map(matcher -> Long.parseLong(matcher.group(1)))
            .toList();
    assertEquals(2, kilobytes.size(), told::toString);
    return (kilobytes.get(0) + kilobytes.get(1)) * 1024;
  }

  private static void warmUp(Running recorder) throws Exception {
    recorder.poll(Running.MARGIN, "signal handler", () -> recorder.catches(Running.USR1));
    recorder.pass(WARM_UP);
    close(recorder);
  }

  /** Closes the window, and gives the ticks that were read from the start to its end. */
  private static long close(Running recorder) throws Exception {
    long before = requests(recorder);
    recorder.signal("USR1");
    recorder.poll(Running.MARGIN, "report on request", () -> requests(recorder) > before);
    Map<String, Long> ticks = new TreeMap<>();
    for (Logfmt line : recorder.reported()) {
      if (!line.module().equals("self")) {
        ticks.put(line.text("xid") + " " + line.module(), line.integer("n"));
      }
    }
    return ticks.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The windows that were closed by a request and have been reported; self comes last. */
  private static long requests(Running recorder) {
    return recorder.reported("self").stream()
        .filter(line -> line.partial().contains("request"))
        .map(line -> line.text("xid"))
        .distinct()
        .count();
  }

  private static void stop(Running recorder) throws Exception {
    recorder.signal("TERM");
    assertEquals(0, recorder.exitWithin(Duration.ofSeconds(6)), recorder::all);
    assertEquals(List.of(), recorder.err());
  }
}
