package io.duologger.collector.file;

import io.duologger.collector.Probe;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.LinePattern;
import io.duologger.collector.tool.NewLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;

/**
 * One file that is followed, and what is looked for in it. It is read on a thread of its own, never
 * twice at a time, so that a file that hangs holds up no other. Used by one thread at a time.
 */
final class WatchedLog {
  private static final int LONGEST_TEXT = 1000;

  private final NewLines lines;
  private final List<Search> searches = new ArrayList<>();
  private final Probe<Found> probe;
  private boolean open = true;

  /**
   * What is looked for.
   *
   * @param expression a regular expression
   * @param texts how many lines that have it are told in one read
   */
  record Wanted(String expression, int texts) {}

  /**
   * What came of one pattern in one read.
   *
   * @param count in how many lines it was
   * @param texts the first of them
   * @param value the number in the last of them that has one
   * @param gaveUp whether a search took too long: it was no more looked for in this read
   */
  record Match(long count, List<String> texts, OptionalDouble value, boolean gaveUp) {}

  /**
   * What came of one read.
   *
   * @param progress how far it got
   * @param lines how many lines it had
   * @param matches of each pattern, in their order
   */
  record Found(NewLines.Progress progress, long lines, List<Match> matches) {}

  /** One pattern in one read. Only the thread that reads has it. */
  private static final class Search {
    private final LinePattern pattern;
    private final int most;
    private long count;
    private List<String> texts = new ArrayList<>();
    private OptionalDouble value = OptionalDouble.empty();

    Search(Wanted wanted) {
      pattern = new LinePattern(wanted.expression());
      most = wanted.texts();
    }

    void begin() {
      pattern.begin();
      count = 0;
      texts = new ArrayList<>();
      value = OptionalDouble.empty();
    }

    void take(String line) {
      if (!pattern.isIn(line)) {
        return;
      }
      count++;
      if (texts.size() < most) {
        texts.add(line.substring(0, Math.min(line.length(), LONGEST_TEXT)));
      }
      OptionalDouble number = pattern.value();
      value = number.isPresent() ? number : value;
    }

    Match match() {
      return new Match(count, texts, value, pattern.gaveUp());
    }
  }

  /**
   * How a file is read.
   *
   * @param fromStart whether what it holds at first is new
   * @param most how many bytes are read at once
   * @param idleReads so many reads without anything new end the interest in a file that was moved
   *     away
   */
  record Manner(boolean fromStart, int most, int idleReads) {}

  WatchedLog(Surroundings surroundings, Path file, Manner manner, List<Wanted> wanted) {
    lines = new NewLines(file, manner.fromStart(), manner.most(), manner.idleReads());
    wanted.forEach(each -> searches.add(new Search(each)));
    probe = new Probe<>(surroundings, this::read);
  }

  private Found read() throws IOException {
    searches.forEach(Search::begin);
    long[] count = new long[1];
    NewLines.Progress progress =
        lines.read(
            line -> {
              count[0]++;
              for (Search search : searches) {
                search.take(line);
              }
            });
    return new Found(progress, count[0], searches.stream().map(Search::match).toList());
  }

  /** Starts a read, unless one has not ended yet. Returns at once. */
  void ask() {
    probe.ask();
  }

  /**
   * What came of the read, waiting for it until {@code patience} has passed since it began; empty
   * if it has not ended by then.
   */
  Optional<Found> found(Duration patience) throws ExecutionException {
    Optional<Found> found = probe.answer(patience);
    found.ifPresent(read -> open = read.progress().open());
    return found;
  }

  /** Whether there may be more of it, also if there is no file of its name any more. */
  boolean isBusy() {
    return open || probe.stuck().isPresent();
  }

  /** For how long a read has not ended; empty if none is under way. */
  Optional<Duration> stuck() {
    return probe.stuck();
  }

  /** A file that is being read is left to the end of the process: closing it might hang as well. */
  void close() throws IOException {
    if (probe.stuck().isEmpty()) {
      lines.close();
    }
  }
}
