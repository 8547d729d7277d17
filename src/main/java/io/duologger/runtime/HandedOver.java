package io.duologger.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the launcher was given, before the shell and the JVM changed it.
 *
 * @param environment the variables, byte for byte; empty if it is this process's own
 * @param ignored the bits of the signals that were ignored; empty if it is not known
 * @param files the numbers of the open files; empty if they are not known
 */
record HandedOver(
    Optional<List<byte[]>> environment, OptionalLong ignored, Optional<Set<String>> files) {
  private static final String PART = "DUOLOGGER_ENVIRONMENT_";
  private static final String IGNORED = "duologger.ignored";
  private static final String FILES = "duologger.files";

  /**
   * What the launcher told by variables and properties.
   *
   * @param property the value of a property, null if there is none
   * @throws IOException if it is nothing that the launcher says
   */
  static HandedOver of(Map<String, String> variables, UnaryOperator<String> property)
      throws IOException {
    try {
      return new HandedOver(
          environment(variables),
          Optional.ofNullable(property.apply(IGNORED)).stream()
              .mapToLong(mask -> Long.parseUnsignedLong(mask, 16))
              .findFirst(),
          Optional.ofNullable(property.apply(FILES))
              .map(
                  numbers ->
                      Arrays.stream(numbers.split(","))
                          .filter(number -> !number.isEmpty())
                          .collect(Collectors.toUnmodifiableSet())));
    } catch (IllegalArgumentException bad) {
      throw new IOException("what the launcher hands over: " + bad.getMessage(), bad);
    }
  }

  private static Optional<List<byte[]>> environment(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; variables.containsKey(PART + i); i++) {
      text.append(variables.get(PART + i));
    }
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(words(Base64.getDecoder().decode(text.toString())));
  }

  /** Those that a zero byte ends each. */
  static List<byte[]> words(byte[] block) {
    List<byte[]> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < block.length; i++) {
      if (block[i] == 0) {
        words.add(Arrays.copyOfRange(block, start, i));
        start = i + 1;
      }
    }
    return words;
  }
}
