package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
  private static final byte[] LINE =
      "java\0-cp\0Main\0a\0\0b\377\0".getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void bytesThatAreNoTextAndEmptyWordsAreKept() {
    List<byte[]> words = RawArguments.of(List.of("a", "", "b?"), LINE);
    assertEquals(3, words.size());
    assertArrayEquals(new byte[] {'a'}, words.get(0));
    assertArrayEquals(new byte[0], words.get(1));
    assertArrayEquals(new byte[] {'b', (byte) 0xff}, words.get(2));
  }

  @Test
  void wordsThatAreNotThoseOfTheProcessAreWhatTheySay() {
    assertWords(List.of("x", "b"), RawArguments.of(List.of("x", "b"), LINE));
    assertWords(List.of("a", "b"), RawArguments.of(List.of("a", "b"), new byte[0]));
    assertWords(
        List.of("\u00e4"),
        RawArguments.of(List.of("\u00e4"), "no end".getBytes(StandardCharsets.US_ASCII)));
  }

  private static void assertWords(List<String> expected, List<byte[]> words) {
    assertEquals(
        expected, words.stream().map(word -> new String(word, StandardCharsets.UTF_8)).toList());
  }
}
