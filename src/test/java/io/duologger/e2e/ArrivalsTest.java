package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final List<String> FILE =
      List.of("xid=1 a", "xid=1 b", "xid=2 a", "xid=3 a", "xid=3 b");

  @Test
  void wholeReportsInOrderAreAllThereIs() {
    assertEquals(new Arrivals(3, Set.of(), 0, List.of(), List.of()), Arrivals.of(FILE, FILE));
  }

  @Test
  void aReportThatBeginsAgainIsARepeat() {
    assertEquals(
        new Arrivals(3, Set.of(), 3, List.of(), List.of()),
        Arrivals.of(
            FILE,
            List.of(
                "xid=1 a", "xid=1 a", "xid=1 b", "xid=2 a", "xid=2 a", "xid=3 a", "xid=3 b",
                "xid=3 a")));
  }

  @Test
  void halfAReportIsMissing() {
    assertEquals(
        new Arrivals(3, Set.of("xid=1", "xid=3"), 0, List.of(), List.of("xid=3 b")),
        Arrivals.of(FILE, List.of("xid=1 a", "xid=2 a", "xid=3 b")));
  }

  @Test
  void whatComesLateOrFromElsewhereIsNamed() {
    assertEquals(
        new Arrivals(3, Set.of("xid=1"), 0, List.of("xid=4 a"), List.of("xid=1 a", "xid=1 b")),
        Arrivals.of(
            FILE, List.of("xid=2 a", "xid=1 a", "xid=1 b", "xid=4 a", "xid=3 a", "xid=3 b")));
  }
}
