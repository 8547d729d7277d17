package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortCommandTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Optional<String> run(String... command) {
    return ShortCommand.firstLine(List.of(command), LONG);
  }

  @Test
  void theFirstLineIsTheAnswer() {
    assertEquals(Optional.of("a  b $HOME *"), run("/bin/echo", "a  b $HOME *"));
    assertEquals(Optional.of("1"), run("/bin/sh", "-c", "echo 1; echo 2"));
    assertEquals(Optional.of(""), run("/bin/echo"));
  }

  @Test
  void whatCantAnswerDoesNot() {
    assertEquals(Optional.empty(), run("/bin/true"));
    assertEquals(Optional.empty(), run("/bin/sh", "-c", "echo 1; exit 1"));
    assertEquals(Optional.empty(), run("/nonexistent"));
    assertEquals(Optional.empty(), run("/bin/sh", "-c", "echo 1 >&2"));
    assertEquals(Optional.empty(), run("/bin/cat"));
  }

  @Test
  void whatSaysTooMuchIsKilled() {
    assertTimeoutPreemptively(LONG, () -> assertEquals(Optional.empty(), run("yes")));
  }

  @Test
  void whatTakesTooLongIsKilled() {
    Duration soon = Duration.ofMillis(50);
    assertTimeoutPreemptively(
        LONG,
        () ->
            assertEquals(Optional.empty(), ShortCommand.firstLine(List.of("sleep", "1000"), soon)));
  }

  @Test
  void aGrandchildThatStaysIsNotWaitedFor() {
    Duration soon = Duration.ofMillis(500);
    assertTimeoutPreemptively(
        LONG, () -> ShortCommand.firstLine(List.of("sh", "-c", "sleep 40 & echo 1"), soon));
  }
}
