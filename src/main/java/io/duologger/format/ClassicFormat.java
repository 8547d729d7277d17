package io.duologger.format;

import io.duologger.model.Report;
import java.util.Comparator;
import java.util.List;

/**
 * Reports as the lines of the Perl tools: {@code xid=SECONDS} and so many {@code key=value} pairs a
 * line, under the keys of {@link OldNames}. ASCII; a text that needs it is quoted as in {@link
 * LogfmtFormat}, but a comma needs no quotes. A pair whose value is longer than 40 characters has a
 * line of its own; one whose value is empty is its key alone. No key is twice in a report: the
 * second event of a name is {@code name_2}. The self-report is left out; a report without values
 * has no line. A line ends early if its next pair would exceed a limit of bytes; a pair that is too
 * long for a line of its own goes out whole.
 *
 * <p>Used by one thread at a time.
 */
public final class ClassicFormat implements Format {
  private static final int LONG_VALUE = 40;

  private final boolean showXid;
  private final boolean showKeys;
  private final boolean sorted;
  private final int pairs;
  private final int maxBytes;
  private final Naming names = new OldNames(new UniqueNames("xid"), true, true);
  private final Bytes out = new Bytes();
  private int lineStart;

  /**
   * With a layout, and without a limit of bytes.
   *
   * @param showXid whether each line begins with the time
   * @param showKeys whether values have their keys before them; the time always has
   * @param sorted whether the keys are in alphabetical order
   * @param pairs how many pairs a line has at most, its time not counted
   */
  public ClassicFormat(boolean showXid, boolean showKeys, boolean sorted, int pairs) {
    this(showXid, showKeys, sorted, pairs, Integer.MAX_VALUE);
  }

  /**
   * With a layout and a limit.
   *
   * @param showXid whether each line begins with the time
   * @param showKeys whether values have their keys before them; the time always has
   * @param sorted whether the keys are in alphabetical order
   * @param pairs how many pairs a line has at most, its time not counted
   * @param maxBytes the number of bytes of a line, its line feed not counted
   */
  public ClassicFormat(boolean showXid, boolean showKeys, boolean sorted, int pairs, int maxBytes) {
    if (pairs < 1) {
      throw new IllegalArgumentException("a line must have room for a pair, not " + pairs);
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("the limit of a line must be above 0: " + maxBytes);
    }
    this.showXid = showXid;
    this.showKeys = showKeys;
    this.sorted = sorted;
    this.pairs = pairs;
    this.maxBytes = maxBytes;
  }

  @Override
  public byte[] bytes(Report report) {
    out.clear();
    List<NamedValue> values = names.values(report);
    if (sorted) {
      values.sort(Comparator.comparing(NamedValue::name));
    }
    int onLine = 0;
    for (NamedValue value : values) {
      boolean alone = value.text().length() > LONG_VALUE;
      if (onLine > 0 && (alone || onLine == pairs)) {
        out.put('\n');
        onLine = 0;
      }
      if (onLine == 0) {
        beginLine(report);
      }
      int pairStart = out.size();
      pair(value);
      if (onLine > 0 && out.size() - lineStart > maxBytes) {
        out.cut(pairStart);
        out.put('\n');
        onLine = 0;
        beginLine(report);
        pair(value);
      }
      onLine = alone ? pairs : onLine + 1;
    }
    if (onLine > 0) {
      out.put('\n');
    }
    return out.toArray();
  }

  private void beginLine(Report report) {
    lineStart = out.size();
    if (showXid) {
      out.ascii("xid=");
      Numbers.integer(out, Math.floorDiv(report.window().endWall(), Numbers.SECOND));
    }
  }

  private void pair(NamedValue value) {
    if (out.size() > lineStart) {
      out.put(' ');
    }
    if (showKeys) {
      out.ascii(value.name());
      if (value.text().isEmpty()) {
        return;
      }
      out.put('=');
    }
    LogfmtText.appendList(out, value.text());
  }
}
