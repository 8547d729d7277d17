package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Delivery, step by step, over a link and a time of the test's. */
class SenderTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long GAP = 50 * MILLI;
  private static final long SECOND = 1000 * MILLI;

  private final ManualClock clock = new ManualClock();
  private final HeardLog log = new HeardLog();
  private final Backlog backlog = new Backlog(Optional.empty(), 100, log);
  private double chance;

  private Sender sender(Link link) {
    return new Sender(backlog, link, clock, GAP, 4 * SECOND, () -> chance, log);
  }

  private void report(String... lines) {
    List<byte[]> messages = new ArrayList<>();
    for (String line : lines) {
      messages.add(line.getBytes(StandardCharsets.US_ASCII));
    }
    backlog.add(new ReportMessages(clock.wall(), messages));
  }

  private long waiting() {
    return backlog.counts().waiting();
  }

  /** Steps until there is something to wait for. */
  private static long steps(Sender sender) {
    long wait = sender.step();
    for (int i = 0; wait == 0; i++) {
      assertTrue(i < 1000, "it never waits");
      wait = sender.step();
    }
    return wait;
  }

  /** Lets so much time pass, with all steps in between. */
  private void run(Sender sender, long nanos) {
    long left = nanos;
    for (long wait = steps(sender); wait != Sender.ENDED && wait <= left; wait = steps(sender)) {
      clock.pass(wait);
      left -= wait;
    }
    clock.pass(left);
  }

  @Test
  void nothingToDoWaitsForAReport() {
    FakeLink link = new FakeLink(true);
    assertEquals(Sender.FOREVER, steps(sender(link)));
    assertEquals(0, link.attempts);
  }

  @Test
  void aReportCountsAsDeliveredASecondAfterItIsTaken() {
    FakeLink link = new FakeLink(true);
    Sender sender = sender(link);
    report("a", "b");
    assertEquals(SECOND, steps(sender));
    assertEquals(List.of("a", "b"), link.sent);
    assertEquals(1, waiting());
    clock.pass(SECOND - 1);
    assertEquals(1, steps(sender));
    clock.pass(1);
    assertEquals(Sender.FOREVER, steps(sender));
    assertEquals(0, waiting());
    assertEquals(1, sender.delivered());
    assertEquals(List.of(), log.said());
  }

  @Test
  void aConnectionThatBreaksInThatSecondGetsTheReportAgainAtOnce() {
    FakeLink link = new FakeLink(true);
    Sender sender = sender(link);
    report("a");
    run(sender, 2 * SECOND);
    report("b");
    run(sender, SECOND / 2);
    link.broken = Optional.of(new IOException("ended"));
    run(sender, 2 * SECOND);
    assertEquals(List.of("a", "b", "b"), link.sent);
    assertEquals(0, waiting());
    assertEquals(1, sender.breaks());
    assertEquals(List.of(), log.said(), "it was back at once");
  }

  @Test
  void whileOthersWaitThePauseIsShorterAndOnlyOneIsOnItsWay() {
    FakeLink link = new FakeLink(true);
    Sender sender = sender(link);
    for (int i = 0; i < 5; i++) {
      report("" + i);
    }
    run(sender, 3 * GAP + 1);
    assertEquals(List.of("0", "1", "2", "3"), link.sent);
    assertEquals(2, waiting(), "one is on its way and one waits");
    link.taken = false;
    run(sender, 10 * GAP);
    assertEquals(4, link.sent.size(), "the next waits for the acknowledgement");
    link.taken = true;
    run(sender, 3 * SECOND);
    assertEquals(List.of("0", "1", "2", "3", "4"), link.sent);
    assertEquals(0, waiting());
  }

  @Test
  void aReceiverThatAcknowledgesNothingIsLeftAfterAMinute() {
    FakeLink link = new FakeLink(true);
    link.taken = false;
    Sender sender = sender(link);
    report("a");
    run(sender, 59 * SECOND);
    assertEquals(List.of(), log.said());
    run(sender, 2 * SECOND);
    assertTrue(link.closed);
    assertEquals(List.of("warn: cannot write: the receiver's host does not answer"), log.said());
    link.taken = true;
    run(sender, 10 * SECOND);
    assertEquals(List.of("a", "a"), link.sent);
    assertEquals(0, waiting());
  }

  @Test
  void pausesDoubleUpToTheLimitAndChanceShortensThem() {
    FakeLink link = new FakeLink(true);
    link.fail("gone");
    Sender sender = sender(link);
    report("a");
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pauses.add(steps(sender) / MILLI);
      clock.pass(steps(sender));
    }
    assertEquals(List.of(500L, 1000L, 2000L, 4000L, 4000L, 4000L), pauses);
    chance = 1;
    sender.step();
    assertEquals(2000, steps(sender) / MILLI, "half of it at least");
  }

  @Test
  void aFailureIsSaidOnceAReasonAndItsEndOnce() {
    FakeLink link = new FakeLink(true);
    link.fail("nobody listens");
    Sender sender = sender(link);
    report("a");
    run(sender, 10 * SECOND);
    assertEquals(List.of("warn: cannot write: nobody listens"), log.said());
    link.fail("certificate expired");
    run(sender, 10 * SECOND);
    link.fail("nobody listens");
    run(sender, 10 * SECOND);
    assertEquals(List.of("warn: cannot write: certificate expired"), log.said());
    assertEquals(30, sender.downSeconds(), 0.001);
    link.failure = Optional.empty();
    report("b");
    run(sender, 10 * SECOND);
    assertEquals(List.of("a", "b"), link.sent);
    assertEquals(0, sender.downSeconds());
    List<String> said = log.said();
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.get(0).startsWith("info: works again after 3"), said::toString);
    link.fail("nobody listens");
    report("c");
    run(sender, 10 * SECOND);
    assertEquals(1, log.said().size(), "a new failure is said anew");
  }

  @Test
  void aSecondAttemptFollowsAtOnceOnlyIfTheWayHadWorked() {
    FakeLink link = new FakeLink(true);
    Sender sender = sender(link);
    report("a");
    run(sender, 2 * SECOND);
    link.fail("gone");
    report("b");
    steps(sender);
    assertEquals(3, link.attempts);
    steps(sender);
    assertEquals(3, link.attempts, "then there is a pause");
  }

  @Test
  void whatIsNeverAcknowledgedIsDeliveredWhenItIsSent() {
    FakeLink link = new FakeLink(false);
    Sender sender = sender(link);
    report("a");
    report("b");
    assertEquals(GAP, steps(sender));
    assertEquals(List.of("a"), link.sent);
    assertEquals(1, waiting());
    run(sender, 2 * GAP);
    assertEquals(List.of("a", "b"), link.sent);
    assertEquals(0, waiting());
    run(sender, SECOND);
    report("c");
    assertEquals(Sender.FOREVER, steps(sender), "one alone need not wait");
    assertEquals(List.of("a", "b", "c"), link.sent);
  }

  @Test
  void messagesThatCanNeverBeSentAreCountedAndSaidOnce() {
    Link link =
        new DatagramLink(
            new Datagrams() {
              @Override
              public boolean send(byte[] message, Patience patience) throws IOException {
                if (message.length > 3) {
                  throw new MessageTooLongException("log", message.length);
                }
                return message.length > 1;
              }

              @Override
              public void close() {}
            });
    Sender sender = sender(link);
    report("a", "long", "bb");
    report("longer");
    run(sender, SECOND);
    assertEquals(2, sender.messagesLost());
    assertEquals(1, sender.waits());
    assertEquals(2, sender.delivered());
    assertEquals(
        List.of("warn: cannot send to log: a message of 4 bytes is too long, lower line-bytes"),
        log.said());
  }

  @Test
  void theStopSendsWhatWaitsAndEndsTheConnectionInOrder() {
    FakeLink link = new FakeLink(true);
    Sender sender = sender(link);
    report("a");
    report("b");
    steps(sender);
    sender.stop(clock.monotonicNanos() + 3 * SECOND);
    run(sender, SECOND);
    assertEquals(List.of("a", "b"), link.sent);
    assertEquals(0, waiting());
    assertTrue(link.closed);
    assertEquals(Sender.ENDED, sender.step());
  }

  @Test
  void whatIsNotTakenByTheStopStaysInTheBacklog() {
    FakeLink link = new FakeLink(true);
    link.finishes = false;
    Sender sender = sender(link);
    report("a");
    steps(sender);
    sender.stop(clock.monotonicNanos() + 3 * SECOND);
    assertEquals(Sender.ENDED, steps(sender));
    assertEquals(1, waiting());
  }

  @Test
  void theStopDoesNotWaitForAReceiverThatIsAway() {
    FakeLink link = new FakeLink(true);
    link.fail("gone");
    Sender sender = sender(link);
    report("a");
    steps(sender);
    sender.stop(clock.monotonicNanos() + 3 * SECOND);
    assertEquals(Sender.ENDED, steps(sender));
    assertEquals(1, link.attempts);
    assertEquals(1, waiting());
  }

  @Test
  void theStopEndsAtItsDeadline() {
    FakeLink link = new FakeLink(true);
    link.taken = false;
    Sender sender = sender(link);
    report("a");
    report("b");
    steps(sender);
    sender.stop(clock.monotonicNanos() + 3 * SECOND);
    run(sender, 3 * SECOND - 1);
    assertEquals(List.of("a"), link.sent);
    clock.pass(1);
    link.finishes = false;
    assertEquals(Sender.ENDED, steps(sender));
    assertEquals(2, waiting());
  }

  @Test
  void anUnforeseenFailureIsOneLikeOthers() {
    FakeLink fine = new FakeLink(true);
    boolean[] broken = {true};
    Link link =
        new Link() {
          @Override
          public void send(Outgoing report, Patience patience) throws IOException {
            if (broken[0]) {
              report.next();
              report.sent();
              throw new IllegalStateException("bug");
            }
            fine.send(report, patience);
          }

          @Override
          public boolean confirms() {
            return true;
          }

          @Override
          public boolean isTaken() {
            return true;
          }

          @Override
          public boolean finish(Patience patience) {
            return true;
          }

          @Override
          public void close() {}
        };
    Sender sender = sender(link);
    report("a", "b");
    run(sender, SECOND / 4);
    assertEquals(1, log.said().size());
    broken[0] = false;
    run(sender, 10 * SECOND);
    assertEquals(List.of("a", "b"), fine.sent);
    assertEquals(0, waiting());
  }
}
