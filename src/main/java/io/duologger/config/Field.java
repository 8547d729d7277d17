package io.duologger.config;

import java.util.Optional;

/**
 * A value that was given, by a file or the command line, and how to cite it.
 *
 * @param place where it stands
 * @param key the path of its key
 * @param shown the value as problems show it
 * @param text the value as text; empty for lists and objects
 */
record Field(Place place, String key, String shown, Optional<String> text) {
  /** What the command line said. */
  static Field typed(String key, String text) {
    return new Field(Place.COMMAND_LINE, key, Text.quoted(text), Optional.of(text));
  }
}
