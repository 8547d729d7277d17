package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands as they would be typed. */
class ShellWordsTest {
  @Test
  void plainWordsStayAsTheyAre() {
    assertEquals(
        "make -j8 CC=gcc a/b.c 50%",
        ShellWords.of(List.of("make", "-j8", "CC=gcc", "a/b.c", "50%")));
  }

  @Test
  void whatAShellWouldTakeApartIsQuoted() {
    assertEquals(
        "sh -c 'a b; $x' '' '*' '~' 'a\nb' 'ü'",
        ShellWords.of(List.of("sh", "-c", "a b; $x", "", "*", "~", "a\nb", "ü")));
  }

  @Test
  void aQuoteEndsTheQuotesAndBeginsThemAnew() {
    assertEquals("'it'\\''s'", ShellWords.of(List.of("it's")));
  }
}
