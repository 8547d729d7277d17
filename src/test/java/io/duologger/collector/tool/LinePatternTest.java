package io.duologger.collector.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinePatternTest {
  @Test
  void isFoundAnywhereInALine() {
    LinePattern pattern = new LinePattern("error [0-9]+");
    assertTrue(pattern.isIn("an error 12 occurred"));
    assertFalse(pattern.isIn("no error"));
    assertEquals(OptionalDouble.empty(), new LinePattern("(a)").value());
  }

  @Test
  void theGroupCalledValueIsTheNumber() {
    LinePattern pattern = new LinePattern("took (?<value>\\S+) ms|(failed)");
    assertTrue(pattern.isIn("took 1.5e1 ms"));
    assertEquals(OptionalDouble.of(15), pattern.value());
    assertTrue(pattern.isIn("took ages ms"));
    assertEquals(OptionalDouble.empty(), pattern.value());
    assertTrue(pattern.isIn("failed"));
    assertEquals(OptionalDouble.empty(), pattern.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(.*a){20}$", "(x+x+)+y|(a*)*$"})
  void anExpressionThatRunsAwayIsGivenUpUntilTheNextBegin(String expression) {
    LinePattern pattern = new LinePattern(expression);
    String line = "a".repeat(5000) + "!";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 10_000; i++) {
            assertFalse(pattern.isIn(line));
          }
        });
    assertTrue(pattern.gaveUp());
    assertFalse(pattern.isIn("a"));
    pattern.begin();
    assertFalse(pattern.gaveUp());
    if (!expression.contains("20")) {
      assertTrue(pattern.isIn("a"));
    }
  }

  @Test
  void soundExpressionsAreNotGivenUpOnLongLines() {
    String line = "x".repeat(4000) + " Out of memory";
    for (String sound :
        new String[] {"(?i)out of memory", "^.*memory$", "\\bmemory\\b", "x* Out"}) {
      LinePattern pattern = new LinePattern(sound);
      assertTrue(pattern.isIn(line), sound);
    }
  }
}
