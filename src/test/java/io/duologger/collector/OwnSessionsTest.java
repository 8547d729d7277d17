package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.procfs.HostRoot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnSessionsTest {
  /** Greater than any process's number. */
  private static final long NOBODY = 1L << 40;

  @Test
  void whatAProgramLeavesBehindIsKnownByItsSession() throws Exception {
    Program program =
        new Program(
            FixtureHost.surroundings(HostRoot.running()),
            List.of("sh", "-c", "cut -d ' ' -f 6 /proc/self/stat"),
            Map.of(),
            Duration.ofSeconds(20),
            100);
    Program.Result result = program.run();
    assertEquals(0, result.status());
    assertTrue(OwnSessions.contains(NOBODY, Long.parseLong(result.text().strip())));
  }

  @Test
  void anyChildMayBeOneThatIsJustBeingStarted() {
    OwnSessions.starting();
    assertTrue(OwnSessions.contains(NOBODY + 1, 1));
    OwnSessions.notStarted();
    assertFalse(OwnSessions.contains(NOBODY + 1, 1));
    OwnSessions.starting();
    OwnSessions.started(NOBODY + 2);
    assertTrue(OwnSessions.contains(NOBODY + 2, 1));
    assertTrue(OwnSessions.contains(1, NOBODY + 2));
    assertFalse(OwnSessions.contains(NOBODY + 1, 1));
  }
}
