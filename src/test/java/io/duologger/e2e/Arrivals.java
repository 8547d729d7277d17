package io.duologger.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has become of reports on their way, compared with a file that got the same ones. A report is
 * the lines of one xid. Each has to come whole and in order; it may come again from its start,
 * right after what came of it before.
 *
 * @param reports how many reports the file has
 * @param missing the xids of those that did not come whole
 * @param repeats how often one began again
 * @param strange lines that the file does not have
 * @param disorder lines that came where others were due
 */
record Arrivals(
    int reports, Set<String> missing, int repeats, List<String> strange, List<String> disorder) {

  private record Place(int report, int line) {}

  /** Compares the lines of the file with those that came. */
  static Arrivals of(List<String> file, List<String> came) {
    Map<String, Place> places = new HashMap<>();
    List<String> xids = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (String line : file) {
      String xid = xid(line);
      if (xids.isEmpty() || !xids.get(xids.size() - 1).equals(xid)) {
        xids.add(xid);
        sizes.add(0);
      }
      int report = xids.size() - 1;
      if (places.put(line, new Place(report, sizes.get(report))) != null) {
        throw new IllegalArgumentException("stands twice: " + line);
      }
      sizes.set(report, sizes.get(report) + 1);
    }
    Set<String> missing = new LinkedHashSet<>(xids);
    List<String> strange = new ArrayList<>();
    List<String> disorder = new ArrayList<>();
    int repeats = 0;
    int report = -1;
    int next = 0;
    for (String line : came) {
      Place place = places.get(line);
      if (place == null) {
        strange.add(line);
        continue;
      }
      boolean goesOn = place.report == report && place.line == next;
      boolean begins = place.report >= report && place.line == 0;
      if (!goesOn && !begins) {
        disorder.add(line);
        continue;
      }
      if (!goesOn && place.report == report) {
        repeats++;
      }
      report = place.report;
      next = place.line + 1;
      if (next == sizes.get(report)) {
        missing.remove(xids.get(report));
      }
    }
    return new Arrivals(xids.size(), missing, repeats, strange, disorder);
  }

  /** The xid of a line. */
  static String xid(String line) {
    return line.substring(0, line.indexOf(' '));
  }
}
