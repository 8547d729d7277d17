package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What ping programs print. */
class PingAnswerTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/ping");

  private static PingAnswer parse(int status, String output, String errors, int count)
      throws IOException {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return PingAnswer.parse(new Program.Result(status, bytes, errors, Duration.ZERO), count);
  }

  private static PingAnswer file(String name, int count) throws IOException {
    return parse(0, Files.readString(OUTPUTS.resolve(name + ".txt")), "", count);
  }

  private static PingAnswer answers(int sent, Double... rtts) {
    return new PingAnswer(sent, rtts.length, List.of(rtts), Optional.empty());
  }

  private static PingAnswer lost(int sent, String why) {
    return new PingAnswer(sent, 0, List.of(), Optional.of(why));
  }

  private static void assertRefused(String message, int status, String output, String errors) {
    IOException refused = assertThrows(IOException.class, () -> parse(status, output, errors, 2));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void answersOfEachProgramAreUnderstood() throws IOException {
    assertEquals(answers(2, 0.035e-3, 0.045e-3), file("iputils", 2));
    assertEquals(answers(1, 0.039e-3), file("iputils-ipv6", 1));
    assertEquals(answers(2, 0.449e-3, 0.071e-3), file("inetutils", 2));
    assertEquals(answers(1, 0.344e-3), file("inetutils-ipv6", 1));
    assertEquals(answers(2, 0.019e-3, 0.064e-3), file("busybox", 2));
    assertEquals(answers(1, 0.108), file("old", 1));
    assertEquals(answers(1, 12.5e-3), file("iputils-german", 1));
  }

  @Test
  void aDuplicateIsNoAnswerToAnotherProbe() throws IOException {
    assertEquals(
        new PingAnswer(2, 1, List.of(0.209e-3), Optional.empty()), file("iputils-duplicates", 2));
  }

  @Test
  void whatIsLostSaysWhy() throws IOException {
    assertEquals(lost(1, "no reply"), file("iputils-silence", 1));
    assertEquals(lost(1, "no reply"), file("busybox-silence", 1));
    assertEquals(
        lost(2, "from 10.77.0.1: Destination Host Unreachable"), file("iputils-unreachable", 2));
    assertEquals(
        lost(1, "from 10.0.0.1: Time to live exceeded"),
        parse(
            1,
            "92 bytes from 10.0.0.1: Time to live exceeded\n"
                + "1 packets transmitted, 0 packets received, 100% packet loss\n",
            "",
            2));
  }

  @Test
  void withoutAWayAllProbesAreLost() throws IOException {
    String complaint = "ping: connect: Network is unreachable";
    assertEquals(lost(2, complaint), parse(2, "", complaint + "\n", 2));
  }

  @Test
  void withoutAProbeThereIsNoLoss() {
    assertRefused("ping: unknown host", 1, "", "ping: unknown host\n");
    assertRefused(
        "ping: sendto: Operation not permitted",
        1,
        "PING 10.77.0.2 (10.77.0.2): 56 data bytes\n",
        "ping: sendto: Operation not permitted\n");
    assertRefused("the program says no result", 0, "", "");
    assertRefused("the program says no result", 1, "", "");
    assertRefused("the program says no result", 0, "PING ::1(::1) 56 data bytes\n", "");
  }

  @Test
  void everyTruncatedOutputIsRefused() throws IOException {
    String whole = Files.readString(OUTPUTS.resolve("iputils.txt"));
    int summary = whole.indexOf("% packet loss");
    for (int end = 0; end < summary; end++) {
      assertRefused("the program says no result", 0, whole.substring(0, end), "");
    }
    assertEquals(answers(2, 0.035e-3, 0.045e-3), parse(0, whole.substring(0, summary + 1), "", 2));
  }

  @Test
  void whatContradictsItselfIsRefused() {
    String more = "3 packets transmitted, 3 received, 0% packet loss\n";
    assertRefused("the program was to send 2 and says 3 sent, 3 received, 0 times", 0, more, "");
    assertRefused(
        "the program was to send 2 and says 1 sent, 2 received, 0 times",
        0,
        "1 packets transmitted, 2 received, 0% packet loss\n",
        "");
    assertRefused(
        "the program was to send 2 and says 1 sent, 0 received, 1 times",
        0,
        "64 bytes from ::1: icmp_seq=1 ttl=64 time=1 ms\n1 packets transmitted, 0 received, 0%\n",
        "");
  }
}
