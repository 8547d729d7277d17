package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Window;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The pairs of a report's lines, in the order and under the names that every format shares: the
 * head (time, module, labels, how far the window can be trusted), then numbers, infos and events.
 *
 * <p>No line repeats a key. Names are given in that order; one that is taken already gets the
 * suffix {@code _2}, or the next free number. A number that is absent and an info that is empty
 * keep their name, so that the names of the others do not change from window to window. All events
 * of a name share its key.
 *
 * <p>Used by one thread at a time.
 */
abstract class LineFormat implements Format {
  private static final int XID_DECIMALS = 3;
  private static final int WINDOW_DECIMALS = 6;

  /** Where the bytes go. */
  final Bytes out = new Bytes();

  private final Set<String> keys = new HashSet<>();
  private final Map<Stat, String> suffixes = new HashMap<>();

  @Override
  public final byte[] bytes(Report report) {
    out.clear();
    for (Line line : report.lines()) {
      write(report.window(), line);
    }
    for (Line line : report.self()) {
      write(report.window(), line);
    }
    return out.toArray();
  }

  /** A line begins, with its head. */
  abstract void beginLine();

  /** The pairs of the head are complete. */
  abstract void endHead();

  /** What comes before a value. */
  abstract void beginPair(String key);

  /** A value that is a text. */
  abstract void text(String value);

  /** What comes after a value. */
  abstract void endPair();

  /** An info. */
  abstract void info(String key, String text);

  /** An event; events of one name need not follow each other. */
  abstract void event(String key, String text);

  /** A line ends. */
  abstract void endLine();

  /** What the format writes for the key {@code wanted}, if no other of the line has it. */
  String written(String wanted) {
    return wanted;
  }

  private void write(Window window, Line line) {
    keys.clear();
    beginLine();
    head(window, line);
    endHead();
    for (Aggregate aggregate : line.aggregates()) {
      for (int i = 0; i < aggregate.values().length; i++) {
        String key = free(aggregate.metric().name() + suffix(aggregate.stats().get(i)));
        double value = aggregate.values()[i];
        if (Double.isFinite(value)) {
          beginPair(key);
          Numbers.value(out, value);
          endPair();
        }
      }
    }
    for (Map.Entry<String, String> info : line.infos().entrySet()) {
      info(free(info.getKey()), info.getValue());
    }
    if (!line.events().isEmpty()) {
      Map<String, String> eventKeys = new HashMap<>();
      for (Line.Event event : line.events()) {
        event(eventKeys.computeIfAbsent(event.name(), this::free), event.text());
      }
    }
    endLine();
  }

  private String suffix(Stat stat) {
    String suffix = suffixes.get(stat);
    if (suffix == null) {
      suffix = stat.suffix();
      suffixes.put(stat, suffix);
    }
    return suffix;
  }

  private void head(Window window, Line line) {
    seconds("xid", window.endWall(), XID_DECIMALS);
    textPair("module", line.module());
    for (Map.Entry<String, String> label : line.instance().labels().entrySet()) {
      textPair(label.getKey(), label.getValue());
    }
    seconds("window", window.length(), WINDOW_DECIMALS);
    if (line.head().isPresent()) {
      trust(line.head().get());
    }
    if (!window.partial().isEmpty()) {
      textPair("partial", window.partial());
    }
    if (window.clockJump() != 0) {
      seconds("clock_jump", window.clockJump(), 9);
    }
  }

  private void trust(Line.Head head) {
    seconds("every", head.every(), 9);
    count("n", head.n());
    count("late", head.late());
    count("missed", head.missed());
    if (head.seen() >= 0) {
      count("seen", head.seen());
    }
    if (head.rates() >= 0) {
      count("rates", head.rates());
    }
    if (Double.isFinite(head.covered())) {
      beginPair(free("covered"));
      Numbers.covered(out, head.covered());
      endPair();
    }
    count("resets", head.resets());
    if (head.exact().isPresent()) {
      count("exact", head.exact().get() ? 1 : 0);
    }
  }

  private void textPair(String key, String value) {
    beginPair(free(key));
    text(value);
    endPair();
  }

  private void count(String key, long value) {
    beginPair(free(key));
    Numbers.integer(out, value);
    endPair();
  }

  private void seconds(String key, long nanos, int decimals) {
    beginPair(free(key));
    Numbers.seconds(out, nanos, decimals);
    endPair();
  }

  private String free(String wanted) {
    String key = written(wanted);
    for (int i = 2; !keys.add(key); i++) {
      key = written(wanted + "_" + i);
    }
    return key;
  }
}
