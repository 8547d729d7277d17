package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report of a load sensor, as Grid Engine would read it.
 *
 * @param lines all of its lines, from begin to end
 * @param values the values by the names of their complexes, in their order
 */
record LoadSensorReport(List<String> lines, Map<String, String> values) {
  private static final Pattern LINE = Pattern.compile("([^:\\s]+):([a-z][a-z0-9_]*):(\\S+)");

  /** The complex that says which window a report is of. */
  static final String HEARTBEAT = "duologger_heartbeat";

  /** Reads a report; fails the test if anything in it is not for {@code host} or malformed. */
  static LoadSensorReport parse(String host, List<String> lines) {
    assertTrue(lines.size() >= 2, lines::toString);
    assertEquals("begin", lines.get(0), lines::toString);
    assertEquals("end", lines.get(lines.size() - 1), lines::toString);
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size() - 1)) {
      Matcher matcher = LINE.matcher(line);
      assertTrue(matcher.matches(), () -> "not a value: " + line);
      assertEquals(host, matcher.group(1), line);
      assertTrue(
          values.put(matcher.group(2), matcher.group(3)) == null,
          () -> "a complex stands twice: " + lines);
    }
    return new LoadSensorReport(lines, values);
  }

  /** The value of {@code complex} as a number. */
  double number(String complex) {
    String value = values.get(complex);
    assertNotNull(value, () -> "no " + complex + " in: " + lines);
    return Double.parseDouble(value);
  }

  /** Which window it is of. */
  double heartbeat() {
    return number(HEARTBEAT);
  }
}
