package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where memrec's own options end and the command begins. */
class JobWordsTest {
  private static void assertDivided(String own, String command, String... words) {
    JobWords divided = JobWords.of(words);
    assertEquals(own, String.join("|", divided.own()));
    assertEquals(command, String.join("|", divided.command()));
  }

  @Test
  void theFirstWordThatIsNoOptionBeginsTheCommand() {
    assertDivided("", "make|-j|8", "make", "-j", "8");
    assertDivided("-q", "ls|-q|--format|x", "-q", "ls", "-q", "--format", "x");
    assertDivided("--live|-v", "a b|c", "--live", "-v", "a b", "c");
  }

  @Test
  void valuesBelongToTheirOptions() {
    assertDivided("-d|5|-o|file", "job", "-d", "5", "-o", "file", "job");
    assertDivided("--timeout|1h|--every|job=1s", "x", "--timeout", "1h", "--every", "job=1s", "x");
    assertDivided("--timeout=1h", "x", "--timeout=1h", "x");
    assertDivided("-d5|-f/etc/a", "x", "-d5", "-f/etc/a", "x");
    assertDivided("-qvd|5", "x", "-qvd", "5", "x");
    assertDivided("-qd5", "x", "-qd5", "x");
  }

  @Test
  void twoDashesEndTheOptionsAndBelongToNobody() {
    assertDivided("-q", "-weird|--", "-q", "--", "-weird", "--");
    assertDivided("", "", "--");
  }

  @Test
  void aSingleDashIsACommand() {
    assertDivided("", "-|x", "-", "x");
  }

  @Test
  void whatIsUnknownOrCutOffIsLeftToTheParser() {
    assertDivided("--nope", "x", "--nope", "x");
    assertDivided("--timeout", "", "--timeout");
    assertEquals(List.of(), JobWords.of(new String[0]).command());
  }
}
