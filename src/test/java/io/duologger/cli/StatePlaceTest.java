package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatePlaceTest {
  private static void assertFile(String expected, String user, Map<String, String> environment) {
    assertEquals(
        Path.of(expected), StatePlace.byDefault("cronlogger", user, "/home/of", environment));
  }

  @Test
  void rootHasOneOfTheSystem() {
    assertFile(
        "/var/lib/duologger/cronlogger.state",
        "root",
        Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"));
  }

  @Test
  void othersHaveOneOfTheirOwn() {
    assertFile("/s/duologger/cronlogger.state", "me", Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"));
    assertFile(
        "/h/.local/state/duologger/cronlogger.state",
        "me",
        Map.of("XDG_STATE_HOME", "relative", "HOME", "/h"));
    assertFile("/home/of/.local/state/duologger/cronlogger.state", "me", Map.of("HOME", ""));
  }
}
