package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyWakesTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /** The clock begins anywhere, also just before it overflows. */
  private static final long START = Long.MAX_VALUE - SECOND;

  private final EarlyWakes wakes = new EarlyWakes();

  /** When the thread wakes from now until what is due, none of them late: nanoseconds before it. */
  private List<Long> leads(long now, long due) {
    List<Long> leads = new ArrayList<>();
    for (long at = now; at != due; ) {
      long next = wakes.next(at, due);
      leads.add(due - next);
      wakes.woken(next, next);
      at = next;
    }
    return leads;
  }

  private void comesLate() {
    wakes.woken(START, START + MILLI + 1);
  }

  @Test
  void noneWhereNothingIsLate() {
    wakes.woken(START, START + MILLI);
    wakes.took(MILLI);
    assertEquals(List.of(0L), leads(START, START + 2 * SECOND));
  }

  @Test
  void threeAfterALateWake() {
    comesLate();
    List<Long> leads = List.of(15_900_000L, 10_600_000L, 5_300_000L, 0L);
    assertEquals(leads, leads(START, START + 2 * SECOND));
    assertEquals(leads, leads(START + 2 * SECOND, START + 2 * SECOND + EarlyWakes.ROOM_NANOS));
  }

  @Test
  void threeAfterAReadThatTookLong() {
    wakes.took(MILLI + 1);
    assertEquals(4, leads(START, START + SECOND).size());
  }

  @Test
  void noneWhereTheyWouldBeAGoodPartOfTheWakes() {
    comesLate();
    assertEquals(List.of(0L), leads(START, START + EarlyWakes.ROOM_NANOS - 1));
  }

  @Test
  void noneThatIsOverAlready() {
    comesLate();
    long due = START + SECOND;
    assertEquals(due - 15_900_000, wakes.next(START, due));
    assertEquals(due - 5_300_000, wakes.next(due - 10_600_000, due));
    assertEquals(due, wakes.next(due - 1, due));
    assertEquals(due, wakes.next(due - 1, due));
  }

  /** Somebody woke the thread before the time, and something else is due. */
  @Test
  void goOnWithWhatIsDueSooner() {
    comesLate();
    wakes.next(START, START + 2 * SECOND);
    wakes.woken(START + 2 * SECOND, START + MILLI);
    assertEquals(START + SECOND - 15_900_000, wakes.next(START + MILLI, START + SECOND));
  }

  @Test
  void forgottenAfterAThousandWakesInTime() {
    comesLate();
    for (int tick = 0; tick < 250; tick++) {
      assertEquals(4, leads(START + tick * SECOND, START + (tick + 1) * SECOND).size());
    }
    assertEquals(List.of(0L), leads(START, START + SECOND));
  }

  @Test
  void aReadThatTookLongIsForgottenSooner() {
    wakes.took(2 * MILLI);
    for (int tick = 0; tick < 25; tick++) {
      assertEquals(4, leads(START, START + SECOND).size());
    }
    assertEquals(1, leads(START, START + SECOND).size());
    comesLate();
    wakes.took(2 * MILLI);
    for (int tick = 0; tick < 250; tick++) {
      assertEquals(4, leads(START, START + SECOND).size());
    }
  }

  @Test
  void wakesBeforeTheTimeTellNothing() {
    comesLate();
    for (int i = 0; i < 2_000; i++) {
      wakes.woken(START + SECOND, START);
    }
    assertEquals(4, leads(START, START + SECOND).size());
  }
}
