package io.duologger.config;

/**
 * One thing that is wrong, or odd, in a configuration. All texts are free of control characters, so
 * that a problem is one line whatever the file holds.
 *
 * @param place where it stands: FILE:LINE, FILE or {@value #COMMAND_LINE}
 * @param key the path of the key, such as modules.net.every; outputs are counted from 1, as in
 *     outputs[1].path; empty if the problem belongs to no key
 * @param value what was given, strings in quotes; empty if nothing was
 * @param expected what was expected instead
 */
public record Problem(String place, String key, String value, String expected) {
  /** The place of a problem that no file holds. */
  public static final String COMMAND_LINE = "command line";

  /** The line to print. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(place);
    if (!key.isEmpty()) {
      line.append(": ").append(key);
    }
    if (!value.isEmpty()) {
      line.append(" = ").append(value);
    }
    return line.append(": ").append(expected).toString();
  }
}
