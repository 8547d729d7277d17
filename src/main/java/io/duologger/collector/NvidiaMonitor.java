package io.duologger.collector;

import io.duologger.collector.tool.Words;
import io.duologger.model.RecorderClock;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * What processes use of NVIDIA's graphics processors, always at hand: {@code nvidia-smi pmon} runs
 * on and tells memory and utilisation. Where it can't, as processors are divided (MIG) or more than
 * it takes (four with older drivers), {@code nvidia-smi --query-compute-apps} is run now and then,
 * which tells the memory of processes that compute. All that takes time is done on another thread,
 * never twice at once. {@link #latest} is used by one thread at a time.
 */
public final class NvidiaMonitor implements Closeable {
  /** What nvidia-smi ends with if its driver is not there. */
  private static final int NO_DRIVER = 9;

  /** The same, no processor, and no library of the driver. */
  private static final Set<Integer> NOTHING = Set.of(6, NO_DRIVER, 12);

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOKS = Duration.ofMillis(500);
  private static final Duration LOOKS_WITHOUT = Duration.ofMinutes(1);
  private static final Duration ASKS = Duration.ofSeconds(10);

  /** What should have been looked at again for so long is no news: whoever looks is stuck. */
  private static final Duration STALE = Duration.ofSeconds(45);

  /** Looked at more seldom, it would have nothing to tell that is not old. */
  public static final Duration LONGEST_EVERY = Duration.ofSeconds(30);

  /** The interval of pmon in seconds is a whole number from 1 to 10. */
  private static final int LONGEST = 10;

  private static final int MOST_BYTES = 256 << 10;
  private static final int SHOWN = 200;
  private static final Pattern CARD = Pattern.compile("GPU [0-9]+:.*");
  private static final Pattern PART = Pattern.compile("\\s+MIG .*");

  private final Surroundings surroundings;
  private final RecorderClock clock;
  private final String command;
  private final Program list;
  private final RunningProgram pmon;
  private final NvidiaProcesses apps;
  private final PmonTable table;
  private final long asks;

  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile long next;
  private volatile Usage shown = Usage.NONE;
  private volatile boolean closed;

  /** How many processors there are, and whether one is divided; 0 until it is known. */
  private int cards;

  private boolean divided;

  /** Whether pmon tells of fewer than there are. */
  private boolean partly;

  /** What was asked last, and when to ask again. */
  private List<Use> asked = List.of();

  private Optional<IOException> refusal = Optional.empty();
  private long nextAsk;

  /**
   * What a process uses of a graphics processor.
   *
   * @param pid the process
   * @param gpu the processor's number, or its own identifier
   * @param memoryBytes empty where that is not told
   * @param busyPercent how much of the time it kept the processor busy; empty where not told
   */
  public record Use(long pid, String gpu, OptionalLong memoryBytes, OptionalInt busyPercent) {}

  /**
   * What is told.
   *
   * @param told whether all processes are: one that is not among them uses none
   * @param busy whether it is told how busy processors are
   * @param uses the processes; one is there once for each processor
   * @param lack what is not told and why; empty if nothing, or if there is nothing to tell
   */
  public record Usage(boolean told, boolean busy, List<Use> uses, String lack) {
    /** Nothing is told. */
    static final Usage NONE = new Usage(false, false, List.of(), "");

    /** Copies the list. */
    public Usage {
      uses = List.copyOf(uses);
    }
  }

  /**
   * Starts nothing until it is looked at.
   *
   * @param command the program nvidia-smi: a path, or a name on the PATH
   * @param every how often it is looked at, at most {@link #LONGEST_EVERY}
   */
  public NvidiaMonitor(Surroundings surroundings, String command, Duration every) {
    this.surroundings = surroundings;
    this.clock = surroundings.clock();
    this.command = command;
    long seconds = Math.max(1, Math.min(LONGEST, every.toSeconds()));
    table = new PmonTable(clock, Duration.ofSeconds(seconds).toNanos());
    asks = Math.max(ASKS.toNanos(), every.toNanos());
    list =
        new Program(surroundings, List.of(command, "-L"), Map.of("LC_ALL", "C"), LIMIT, MOST_BYTES);
    pmon =
        new RunningProgram(
            surroundings,
            List.of(command, "pmon", "-s", "um", "-d", Long.toString(seconds)),
            LIMIT,
            LIMIT.plusSeconds(5 * seconds),
            table::take,
            line -> {});
    apps = new NvidiaProcesses(surroundings, command);
    next = clock.monotonicNanos();
  }

  /** What was told last. Never waits. */
  public Usage latest() {
    long now = clock.monotonicNanos();
    if (now - next >= 0 && !closed && looking.compareAndSet(false, true)) {
      surroundings.threads().execute(this::look);
    }
    return now - next > STALE.toNanos() ? Usage.NONE : shown;
  }

  private void look() {
    Usage usage = Usage.NONE;
    Duration pause = LOOKS;
    try {
      usage = closed ? Usage.NONE : usage();
    } catch (SourceAbsentException none) {
      cards = 0;
      pause = LOOKS_WITHOUT;
    } catch (IOException failed) {
      usage = new Usage(false, false, List.of(), "GPU use: " + failed.getMessage());
      pause = cards == 0 ? LOOKS_WITHOUT : LOOKS;
    } finally {
      shown = usage;
      next = clock.monotonicNanos() + pause.toNanos();
      looking.set(false);
    }
  }

  private Usage usage() throws IOException {
    if (cards == 0) {
      count();
    }
    if (divided) {
      return ask("GPUs are divided (MIG)");
    }
    if (partly) {
      return ask(command + " pmon does not tell of all " + cards + " GPUs");
    }
    boolean prints;
    try {
      prints = pmon.keep(Duration.ZERO);
    } catch (SourceAbsentException gone) {
      throw gone;
    } catch (IOException ended) {
      table.clear();
      if (pmon.status().equals(OptionalInt.of(NO_DRIVER))) {
        throw new SourceAbsentException(ended.getMessage());
      }
      return ask(String.valueOf(ended.getMessage()));
    }
    return prints ? printed() : Usage.NONE;
  }

  private void count() throws IOException {
    Program.Result result = list.run();
    List<String> all = result.text().lines().toList();
    int count = (int) all.stream().filter(line -> CARD.matcher(line).matches()).count();
    if (NOTHING.contains(result.status()) || (result.status() == 0 && count == 0)) {
      throw new SourceAbsentException(command + ": " + Words.printable(result.complaint()));
    }
    if (result.status() != 0) {
      String why = Words.printable(result.complaint());
      throw new IOException(
          command
              + " -L: exit status "
              + result.status()
              + ": "
              + why.substring(0, Math.min(SHOWN, why.length())));
    }
    divided = all.stream().anyMatch(line -> PART.matcher(line).matches());
    partly = false;
    cards = count;
  }

  private Usage printed() throws IOException {
    String bad = table.refused();
    int processors = table.processors();
    if (processors == 0 && !bad.isEmpty()) {
      return ask(bad);
    }
    if (processors < cards) {
      partly = table.isSettled();
      return Usage.NONE;
    }
    return table.present().map(uses -> new Usage(true, true, uses, bad)).orElse(Usage.NONE);
  }

  /** The memory of processes that compute, and why no more than that. */
  private Usage ask(String why) throws IOException {
    long now = clock.monotonicNanos();
    if (nextAsk == 0 || now - nextAsk >= 0) {
      nextAsk = now + asks;
      try {
        asked = new ArrayList<>();
        for (NvidiaProcesses.Use use : apps.read()) {
          asked.add(new Use(use.pid(), use.gpu(), use.memoryBytes(), OptionalInt.empty()));
        }
        refusal = Optional.empty();
      } catch (SourceAbsentException gone) {
        nextAsk = 0;
        throw gone;
      } catch (IOException failed) {
        refusal = Optional.of(failed);
      }
    }
    if (refusal.isPresent()) {
      throw new IOException(why + "; " + refusal.get().getMessage(), refusal.get());
    }
    return new Usage(true, false, asked, "GPU utilisation: " + why);
  }

  /** Kills what runs and starts nothing more; any thread. */
  @Override
  public void close() {
    closed = true;
    pmon.close();
    apps.close();
    list.close();
  }
}
