package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatePlaceTest {
  private static void assertFolder(String expected, String user, Map<String, String> environment) {
    assertEquals(Path.of(expected), StatePlace.of(user, "/home/of", environment).folder());
  }

  @Test
  void rootHasOneOfTheSystem() {
    assertFolder("/var/lib/duologger", "root", Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"));
  }

  @Test
  void othersHaveOneOfTheirOwn() {
    assertFolder("/s/duologger", "me", Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"));
    assertFolder(
        "/h/.local/state/duologger", "me", Map.of("XDG_STATE_HOME", "relative", "HOME", "/h"));
    assertFolder("/home/of/.local/state/duologger", "me", Map.of("HOME", ""));
  }

  @Test
  void aServiceHasTheOneThatWasMadeForIt() {
    Map<String, String> service = Map.of("STATE_DIRECTORY", "/var/lib/x:/var/lib/y", "HOME", "/h");
    assertFolder("/var/lib/x", "root", service);
    assertFolder("/var/lib/x", "me", service);
    assertFolder("/var/lib/duologger", "root", Map.of("STATE_DIRECTORY", "relative"));
  }

  @Test
  void eachModeHasItsOwnThere() {
    StatePlace place = new StatePlace(Path.of("/s"));
    assertEquals(Path.of("/s/cronlogger.state"), place.counters("cronlogger"));
    assertEquals(Path.of("/s/spool/dlogger"), place.spools("dlogger"));
  }
}
