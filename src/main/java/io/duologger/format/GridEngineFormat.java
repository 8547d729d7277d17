package io.duologger.format;

import io.duologger.model.Report;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports as the load report of a Grid Engine load sensor: {@code begin}, a line {@code
 * HOST:NAME:VALUE} for each value, {@code end}. The first value is {@code duologger_heartbeat}, the
 * end of the window in seconds since the epoch, since Grid Engine goes on sending the last report
 * of a sensor that is dead.
 *
 * <p>Byte sizes are integers, other numbers plain decimals. In a text each character that is not
 * printable ASCII, and each blank, becomes an underscore; an empty text is left out, and of the
 * events of a name only the last is told. Grid Engine reads each part of a line into 1,000 bytes
 * and does not check: a longer text is cut, a value with a longer name is left out, and for a host
 * whose name is longer or would break the line there are no values at all. The self-report is left
 * out.
 *
 * <p>Used by one thread at a time.
 */
public final class GridEngineFormat implements Format {
  private static final int PART_BYTES = 999;
  private static final String HEARTBEAT = "duologger_heartbeat";

  private final Naming names;
  private final Bytes out = new Bytes();

  /**
   * With names of one kind.
   *
   * @param oldNames whether values have the names of the Perl tools
   */
  public GridEngineFormat(boolean oldNames) {
    UniqueNames unique = new UniqueNames(HEARTBEAT);
    this.names = oldNames ? new OldNames(unique, false, false) : new SensorNames(unique, false);
  }

  @Override
  public byte[] bytes(Report report) {
    out.clear();
    out.ascii("begin\n");
    if (isHost(report.host())) {
      for (NamedValue value : values(report)) {
        out.ascii(report.host());
        out.put(':');
        out.ascii(value.name());
        out.put(':');
        out.ascii(value.text());
        out.put('\n');
      }
    }
    out.ascii("end\n");
    return out.toArray();
  }

  /** What the load report of {@code report} says, as it says it. */
  List<NamedValue> values(Report report) {
    List<NamedValue> printed = new ArrayList<>();
    printed.add(heartbeat(report.window()));
    for (NamedValue value : names.values(report)) {
      String text = printable(value.text());
      if (!text.isEmpty() && value.name().length() <= PART_BYTES) {
        printed.add(new NamedValue(value.name(), value.quantity(), value.type(), text));
      }
    }
    return printed;
  }

  private static NamedValue heartbeat(Window window) {
    String seconds = Long.toString(Math.floorDiv(window.endWall(), Numbers.SECOND));
    return new NamedValue(HEARTBEAT, HEARTBEAT, NamedValue.Type.INT, seconds);
  }

  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(PART_BYTES)
        .forEach(point -> printable.append(isVisible(point) ? (char) point : '_'));
    return printable.toString();
  }

  private static boolean isHost(String host) {
    return !host.isEmpty()
        && host.length() <= PART_BYTES
        && host.chars().allMatch(c -> isVisible(c) && c != ':');
  }

  private static boolean isVisible(int point) {
    return point > ' ' && point <= '~';
  }
}
