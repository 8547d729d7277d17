package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a ping program prints, it is refused, or what is read of it is sound. */
class PingFuzzTest {
  private static final int COUNT = 3;

  private static void survives(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      PingAnswer answer = PingAnswer.parse(new Program.Result(0, bytes, "", Duration.ZERO), COUNT);
      assertTrue(answer.sent() <= COUNT && answer.received() <= answer.sent());
      assertTrue(answer.rtts().size() <= answer.received());
      assertTrue(answer.rtts().stream().allMatch(rtt -> rtt >= 0 && rtt <= 1e6 + 1));
      assertEquals(answer.received() == 0, answer.failure().isPresent());
    } catch (IOException refused) {
      assertTrue(!refused.getMessage().isEmpty());
    }
  }

  @Property(tries = 300)
  void anyText(@ForAll String text) {
    survives(text);
  }

  @Property
  void anyTextOfTheRightWords(@ForAll("words") String text) {
    survives(text);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "64 bytes from ::1: ",
            "From 10.0.0.1 ",
            "icmp_seq=1 ",
            "seq=999999999 ",
            "ttl=64 ",
            "time=0.1 ms",
            "time<1 ms",
            "=999999999,999999999ms",
            " (DUP!)",
            "Unreachable",
            "unreachable",
            "2 packets transmitted, ",
            "999999999 received, ",
            "1 received, ",
            "0% packet loss",
            "\n",
            "\n",
            "\u0000",
            "\r",
            "-1")
        .list()
        .ofMaxSize(40)
        .map(words -> String.join("", words));
  }

  @Example
  void hugeOutputsTakeBoundedTime() {
    for (String text :
        List.of(
            "seq=1 =1 ".repeat(10_000),
            "1 a, ".repeat(20_000),
            "From a ".repeat(20_000),
            "64 bytes from ::1: icmp_seq=1 ttl=64 time=1 ms\n".repeat(2_000),
            "\n".repeat(100_000))) {
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> survives(text));
    }
  }
}
