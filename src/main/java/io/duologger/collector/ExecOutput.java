package io.duologger.collector;

import io.duologger.collector.tool.JsonValues;
import io.duologger.collector.tool.KeyValues;
import io.duologger.model.Globs;
import io.duologger.model.ModuleOption;
import io.duologger.model.Options;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;

/** How the output of a program of module exec is understood. */
final class ExecOutput {
  private static final String FORMAT = "format";
  private static final String COUNTERS = "counters";
  private static final String MOST = "most";
  private static final String PAIRS = "pairs";
  private static final String JSON = "json";
  private static final String WHOLE = "[0-9]{1,20}";

  private final String program;
  private final String format;
  private final Globs counters;
  private final int most;

  /**
   * @param program its name, for messages
   */
  ExecOutput(String program, Options options) {
    this.program = program;
    format = options.text(FORMAT);
    counters = new Globs(options.list(COUNTERS), List.of());
    most = options.integer(MOST);
  }

  /** The pairs that the program printed; those of counters are whole numbers, not below 0. */
  List<KeyValues.Pair> parse(Program.Result result) throws IOException {
    List<KeyValues.Pair> pairs =
        switch (format) {
          case PAIRS -> KeyValues.parse(program, result.text(), most);
          case JSON -> JsonValues.parse(program, result.output(), most);
          default -> List.of();
        };
    for (KeyValues.Pair pair : pairs) {
      if (isCounter(pair.key()) && !isCount(pair)) {
        throw new IOException(
            program + ": the counter " + pair.key() + " is '" + pair.text() + "'");
      }
    }
    return pairs;
  }

  /** Whether the key is said to be that of a counter. */
  boolean isCounter(String key) {
    return counters.matches(key);
  }

  private static boolean isCount(KeyValues.Pair pair) {
    return pair.number().isPresent()
        && pair.text().matches(WHOLE)
        && new BigInteger(pair.text()).bitLength() <= Long.SIZE;
  }

  /** What can be configured of the output. */
  static List<ModuleOption> options() {
    return List.of(
        ModuleOption.choice(
            FORMAT,
            PAIRS,
            List.of(PAIRS, JSON, "none"),
            "What it prints: pairs key=value, a JSON object, or nothing of interest."),
        ModuleOption.list(
            COUNTERS, List.of(), "Patterns of keys that count up, of which the rate is told."),
        ModuleOption.integer(MOST, 100, 1, 1000, "How many keys it may print."));
  }
}
