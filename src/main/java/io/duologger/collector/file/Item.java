package io.duologger.collector.file;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a file says of one thing.
 *
 * @param key what it is called
 * @param labels what it is measured on; in alphabetical order
 * @param counter whether it is counted, so that its rate is what matters
 * @param text the value as it is written
 * @param number the value, if it is a finite number
 */
record Item(
    String key, Map<String, String> labels, boolean counter, String text, OptionalDouble number) {
  /** Puts the labels in order. */
  Item {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }
}
