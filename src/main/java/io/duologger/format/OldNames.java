package io.duologger.format;

import io.duologger.model.Line;
import io.duologger.model.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys and meanings of the Perl tools, with the statistic as a suffix where one is asked for.
 * Modules that those tools did not have go by {@link SensorNames}; what they did not measure of a
 * module that they had is left out.
 *
 * <ul>
 *   <li>Of net, rates are summed over the interfaces: the sum of their means. The largest of the
 *       maxima is {@code bytes_in_max1m} and {@code bytes_out_max1m}; every other statistic is one
 *       of an interface, such as {@code bytes_in_eth0_p95}.
 *   <li>Of cpu, waiting for I/O counts as busy, unless only {@code busy_ratio} is there. The list
 *       of processors goes by their numbers, with nothing where a number is missing.
 *   <li>Of disk, swapping is 0 where no device is swapped to.
 *   <li>Of job, what is the first process's has the names of /proc/PID/status, and sums over the
 *       others have the prefix {@code chld_}.
 *   <li>Of cpufreq, what turbostat says goes before what the kernel says.
 *   <li>Of ping, a host that has not answered has -1.
 * </ul>
 *
 * <p>Of the other modules that those tools had, each series names its key itself, see {@link
 * FormerKeys}.
 *
 * <p>A sum or difference of two series is there only for statistics of which it is exact.
 *
 * <p>Used by one thread at a time.
 */
final class OldNames implements Naming {
  private final UniqueNames names;
  private final FormerKeys former;
  private final SensorNames others;

  /**
   * @param everyEvent whether all events of a name are values, or only the last
   * @param colons whether a key may have a colon; if not, it has two underscores instead
   */
  OldNames(UniqueNames names, boolean everyEvent, boolean colons) {
    this.names = names;
    this.former = new FormerKeys(names, everyEvent, colons);
    this.others = new SensorNames(names, everyEvent);
  }

  @Override
  public List<NamedValue> values(Report report) {
    names.begin();
    former.begin();
    List<NamedValue> values = new ArrayList<>();
    Map<String, List<Line>> modules = new LinkedHashMap<>();
    for (Line line : report.lines()) {
      modules.computeIfAbsent(line.module(), key -> new ArrayList<>()).add(line);
    }
    modules.forEach(
        (name, lines) -> {
          if (OldTables.has(name)) {
            OldModule module = new OldModule(name, names, values);
            lines.forEach(module::add);
            OldTables.add(module);
          } else if (lines.stream().anyMatch(FormerKeys::has)) {
            lines.forEach(line -> former.add(line, values));
          } else {
            lines.forEach(line -> others.add(line, values));
          }
        });
    return values;
  }
}
