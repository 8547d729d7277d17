package io.duologger.cli;

import io.duologger.config.Keys;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.Modules;
import java.time.Duration;
import java.util.Locale;

/** The catalogue as text. */
final class ModuleTable {
  private ModuleTable() {}

  static String text(Modules modules) {
    StringBuilder text = new StringBuilder();
    for (ModuleDescriptor module : modules.all()) {
      text.append(module.name()).append(": ").append(module.summary()).append('\n');
      line(text, "sources", String.join(", ", module.sources()));
      line(text, "every", seconds(module.every()) + " by default");
      line(text, "timeout", seconds(module.timeout()) + " by default");
      line(
          text,
          "include",
          module
              .instanceLabel()
              .map(label -> "matches the label " + label)
              .orElse("matches series"));
      if (!module.privilege().isEmpty()) {
        line(text, "needs", module.privilege());
      }
      for (Keys.Key key : Keys.of(module)) {
        String fallback = key.fallback().isEmpty() ? "" : " = " + key.fallback();
        line(text, "option", key.path() + fallback + " (" + key.type() + "): " + key.help());
      }
      for (Metric metric : module.metrics()) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-34s %-7s %-16s %s%n",
                metric.name(),
                lower(metric.kind()),
                lower(metric.unit()).replace('_', ' '),
                metric.help()));
        metric
            .utilisation()
            .ifPresent(
                stem ->
                    text.append(
                        String.format(
                            Locale.ROOT,
                            "  %-34s %-7s %-16s %s%n",
                            stem + "_ratio",
                            "derived",
                            "ratio",
                            "Share of the capacity; also "
                                + stem
                                + "_quarter1_ratio to _quarter4_ratio, the share of samples in"
                                + " each quarter of it.")));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(String.format(Locale.ROOT, "  %-9s%s%n", key, value));
  }

  private static String seconds(Duration span) {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
