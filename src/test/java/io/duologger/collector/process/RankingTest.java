package io.duologger.collector.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final int HOLD = 3;
  private final Ranking ranking = new Ranking(Ranking.By.TIME, 1, HOLD);
  private final Group a = new Group("a", false);
  private final Group b = new Group("b", false);
  private final Group c = new Group("c", false);
  private long read;

  private boolean update(double scoreOfA, double scoreOfB, double scoreOfC) {
    a.scores[0] = scoreOfA;
    b.scores[0] = scoreOfB;
    c.scores[0] = scoreOfC;
    return ranking.update(List.of(a, b, c), ++read);
  }

  @Test
  void theFirstIsInAndStaysForAsLongAsItIsHeld() {
    assertTrue(update(2, 1, 0));
    assertTrue(a.told());
    assertFalse(b.told());
    assertTrue(update(1, 2, 0));
    for (int i = 1; i < HOLD; i++) {
      assertFalse(update(0, 2, 0));
      assertTrue(a.told());
    }
    assertTrue(update(0, 2, 0));
    assertFalse(a.told());
  }

  @Test
  void theOneThatUsesLeastMakesRoom() {
    update(2, 1, 0);
    update(1, 2, 0);
    assertTrue(a.told() && b.told());
    // Two are let in per three reads.
    update(1.5, 2, 0);
    assertTrue(update(1.5, 1, 3));
    assertTrue(a.told() && c.told());
    assertFalse(b.told());
  }

  @Test
  void soManyAreLetInAndNoMore() {
    Ranking slow = new Ranking(Ranking.By.TIME, 1, 8);
    a.scores[0] = 1;
    assertTrue(slow.update(List.of(a, b, c), 1));
    b.scores[0] = 2;
    assertTrue(slow.update(List.of(a, b, c), 2));
    c.scores[0] = 3;
    // Two at the start, and two in eight reads: a quarter with each.
    assertFalse(slow.update(List.of(a, b, c), 3));
    assertFalse(slow.update(List.of(a, b, c), 4));
    assertTrue(a.told() && b.told());
    assertTrue(slow.update(List.of(a, b, c), 5));
    assertTrue(c.told());
  }

  @Test
  void whoUsesNothingRanksNowhere() {
    assertFalse(update(0, 0.4, 0));
    assertEquals(0, a.memberships + b.memberships + c.memberships);
  }

  @Test
  void noneMayRank() {
    assertFalse(new Ranking(Ranking.By.TIME, 0, HOLD).update(List.of(a), 1));
  }
}
