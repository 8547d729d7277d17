package io.duologger.collector.inventory;

import java.util.Locale;
import java.util.Set;

/** Texts that mean that there is none. */
final class Placeholders {
  /** What OSHI and vendors of boards write where they have nothing to say. */
  private static final Set<String> ALL =
      Set.of(
          "",
          "0",
          "unknown",
          "none",
          "n/a",
          "not available",
          "not specified",
          "not applicable",
          "default string",
          "to be filled by o.e.m.",
          "system manufacturer",
          "system product name",
          "system serial number",
          "sku");

  private Placeholders() {}

  static boolean has(String text) {
    return ALL.contains(text.toLowerCase(Locale.ROOT));
  }
}
