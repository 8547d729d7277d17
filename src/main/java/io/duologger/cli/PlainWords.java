package io.duologger.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Understands command lines of the plain kind, as they stand in service files and crontabs: names
 * of options as they are, each with its value. Everything else, right or wrong, is left to the
 * parser ({@link CommandLines}), which takes longer to load than a whole run of cronlogger.
 */
final class PlainWords {
  private PlainWords() {}

  /**
   * What the words ask for, just as the parser would understand them; empty if it is to be asked.
   *
   * @param mode what the program was called as
   */
  static Optional<Request> parse(Mode mode, String[] words) {
    Map<String, List<String>> typed = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      String option = Options.SHORT.getOrDefault(name, name);
      if (!mode.options().contains(option)) {
        return Optional.empty();
      }
      String value = "";
      if (Options.FLAGS.contains(option)) {
        if (equals >= 0) {
          return Optional.empty();
        }
      } else {
        if (equals < 0 && ++i == words.length) {
          return Optional.empty();
        }
        value = equals < 0 ? words[i] : word.substring(equals + 1);
        if (!isPlain(value)) {
          return Optional.empty();
        }
      }
      List<String> values = typed.get(option);
      if (values == null) {
        values = new ArrayList<>();
        typed.put(option, values);
      } else if (!Options.REPEATED.contains(option)) {
        return Optional.empty();
      }
      values.add(value);
    }
    return Optional.of(new Request(Request.Command.RUN, mode, typed));
  }

  /** Whether a value is nothing that the parser might make something else of. */
  private static boolean isPlain(String value) {
    if (value.isEmpty() || value.equals(CommandLines.MODULES)) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!alphanumeric && (i == 0 ? "/.*" : "/.*?,:;=_-+% ").indexOf(c) < 0) {
        return false;
      }
    }
    return !value.equals(CommandLines.TOPOLOGY) && !value.equals(CommandLines.CHECK_CONFIG);
  }
}
