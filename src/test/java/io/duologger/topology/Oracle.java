package io.duologger.topology;

import io.duologger.model.Window;
import io.duologger.topology.RandomRun.Life;
import io.duologger.topology.RandomRun.Offset;
import io.duologger.topology.RandomRun.Read;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the rules say of a random run, worked out from what the fakes saw and the instants of the
 * windows; shares no code with the recorder. A run with a stall has no expectation of which window
 * a late sample belongs to: there {@link #due} and the sums hold only.
 */
final class Oracle {
  /** What a device has in a window. */
  static final class Device {
    long seen;
    long rates;
    long resets;
    long covered;
    final BigInteger[] sums = {BigInteger.ZERO, BigInteger.ZERO};
  }

  /** What a module has in a window. */
  static final class Module {
    long due;
    long n;
    long late;
    final Map<String, Device> devices = new TreeMap<>();
  }

  private final RandomRun run;
  private final List<Window> windows;
  private final List<Offset> segments;
  private final Map<Life, long[]> ticks = new HashMap<>();

  Oracle(RandomRun run, List<Window> windows) {
    this.run = run;
    this.windows = windows;
    this.segments = segments();
  }

  /** The ticks due in the life of a source, whether they count or not. */
  List<Long> ticks(Life life) {
    return Arrays.stream(ticks.computeIfAbsent(life, this::list)).boxed().toList();
  }

  private long[] list(Life life) {
    long every = life.spec.every().toNanos();
    List<Long> ticks = new ArrayList<>();
    long end = Math.min(life.to, run.stopped);
    for (int i = 0; i < segments.size(); i++) {
      long from = Math.max(life.from, segments.get(i).from());
      long to = i + 1 < segments.size() ? Math.min(end, segments.get(i + 1).from()) : end;
      long anchor = -segments.get(i).nanos() - life.spec.lead().toNanos();
      long tick = from + every - Math.floorMod(from - anchor, every);
      for (; tick <= to; tick += every) {
        boolean realigned = i > 0 && !ticks.isEmpty();
        if (!realigned || 2 * (tick - ticks.get(ticks.size() - 1)) >= every) {
          ticks.add(tick);
        }
      }
    }
    return ticks.stream().mapToLong(Long::longValue).toArray();
  }

  /** How many ticks are due by an instant. */
  private long dueBy(Life life, long instant) {
    int found = Arrays.binarySearch(ticks.computeIfAbsent(life, this::list), instant);
    return found < 0 ? -found - 1 : found + 1;
  }

  /** The wall clock as the ticks follow it: it is looked at when windows close. */
  private List<Offset> segments() {
    List<Offset> segments = new ArrayList<>();
    segments.add(run.offsets.get(0));
    for (Window window : windows) {
      long now = run.offsets.get(0).nanos();
      for (Offset offset : run.offsets) {
        if (offset.from() <= window.end()) {
          now = offset.nanos();
        }
      }
      long moved = now - segments.get(segments.size() - 1).nanos();
      boolean onGrid = !run.reloads.contains(window.end()) && !readsAt(window.end());
      if (onGrid && Math.abs(moved) > 1_000_000) {
        segments.add(new Offset(window.end(), now));
      }
    }
    return segments;
  }

  /** The offset of the wall clock that the ticks followed at the end of a window. */
  long offset(Window window) {
    long offset = 0;
    for (Offset segment : segments) {
      if (segment.from() < window.end()) {
        offset = segment.nanos();
      }
    }
    return offset;
  }

  /** The ticks due in a window that count: those after the priming read. */
  long due(Life life, Window window) {
    if (life.reads.isEmpty() || life.from > window.start() || life.to < window.end()) {
      return 0;
    }
    Read priming = life.reads.get(0);
    long limit = life.spec.timeout().toNanos();
    long counted = priming.begin + Math.min(limit, priming.end - priming.begin);
    long from = Math.max(window.start(), counted);
    long due = Math.max(0, dueBy(life, window.end()) - dueBy(life, from));
    boolean extra =
        readsAt(window.end())
            && life.spec.readAtClose()
            && counted < window.end()
            && dueBy(life, window.end()) == dueBy(life, window.end() - 1);
    return due + (extra ? 1 : 0);
  }

  /** Whether modules that are read once a heartbeat are read at an instant off the grid. */
  boolean readsAt(long instant) {
    return instant == run.stopped || run.closes.contains(instant);
  }

  /** When a read was due: as it began, but for one at the stop that had to wait for another. */
  long due(Life life, Read read) {
    boolean waited = life.spec.readAtClose() && run.stopped > 0 && read.begin > run.stopped;
    return waited ? run.stopped : read.begin;
  }

  private boolean good(Life life, Read read) {
    return read.ok && read.end - read.begin <= life.spec.timeout().toNanos();
  }

  /** The window into which a sample is folded; -1 if into none. */
  private int windowOf(Life life, Read read) {
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      if (window.start() < life.from || window.end() < due(life, read)) {
        continue;
      }
      if (window.end() > life.to) {
        return -1;
      }
      long closes = window.end();
      if (due(life, window) > 0) {
        closes += run.grace;
        if (i + 1 < windows.size()) {
          closes = Math.min(closes, windows.get(i + 1).end());
        }
      }
      if (due(life, read) <= window.end() && read.end <= closes) {
        return i;
      }
    }
    return -1;
  }

  /** What each window has of a source. */
  List<Module> expected(Life life) {
    List<Module> expected = new ArrayList<>();
    for (Window window : windows) {
      Module module = new Module();
      module.due = due(life, window);
      expected.add(module);
    }
    Read last = null;
    for (Read read : life.reads) {
      boolean priming = read == life.reads.get(0);
      int index = priming ? 0 : windowOf(life, read);
      if (!good(life, read) || index < 0) {
        continue;
      }
      Module module = expected.get(index);
      if (!priming) {
        module.n++;
        module.late += due(life, read) <= windows.get(index).start() ? 1 : 0;
        fold(module, last, read);
      }
      last = read;
    }
    return expected;
  }

  private static void fold(Module module, Read last, Read read) {
    for (Map.Entry<String, long[]> entry : read.values.entrySet()) {
      Device device = module.devices.computeIfAbsent(entry.getKey(), key -> new Device());
      device.seen++;
      long[] before = last == null ? null : last.values.get(entry.getKey());
      if (before == null) {
        continue;
      }
      long[] now = entry.getValue();
      if (Long.compareUnsigned(now[0], before[0]) < 0
          || Long.compareUnsigned(now[1], before[1]) < 0) {
        device.resets++;
        continue;
      }
      device.rates++;
      device.covered += instant(read) - instant(last);
      for (int i = 0; i < 2; i++) {
        BigInteger increase = new BigInteger(Long.toUnsignedString(now[i] - before[i]));
        device.sums[i] = device.sums[i].add(increase);
      }
    }
  }

  private static long instant(Read read) {
    return read.begin + (read.end - read.begin) / 2;
  }
}
