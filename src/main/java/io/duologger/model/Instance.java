package io.duologger.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a series is measured on: labels such as {@code device="eth0"}, in a fixed order; none for
 * the host as a whole.
 *
 * @param labels label name to value, in printing order; values may be any text
 */
public record Instance(Map<String, String> labels) {
  /** The host as a whole. */
  public static final Instance HOST = new Instance(Map.of());

  /** Copies the labels and validates their names. */
  public Instance {
    for (String label : labels.keySet()) {
      Names.freeKey(label);
    }
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** An instance of one label. */
  public static Instance of(String label, String value) {
    return new Instance(Map.of(label, value));
  }

  /** The label values, in order; what a person calls the instance. */
  public List<String> values() {
    return List.copyOf(new ArrayList<>(labels.values()));
  }

  // Written out, as the JVM spins classes for a record's own at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Instance that && labels.equals(that.labels);
  }

  @Override
  public int hashCode() {
    return labels.hashCode();
  }
}
