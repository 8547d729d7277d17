package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a read of the kernel's log gives, it is told in part or refused. */
class KernelFuzzTest {
  private static void survives(byte[] bytes) {
    try {
      for (KernelRecord each : KernelRecord.parse("kmsg", bytes, bytes.length)) {
        assertTrue(each.level() >= 0 && each.level() < 8 && each.facility() >= 0);
        assertTrue(each.sequence() >= 0);
        assertTrue(each.text().length() <= 1000);
        assertFalse(each.text().chars().anyMatch(c -> c < ' '), each.text());
        KernelCategory.ALL.forEach(category -> category.has(each.text()));
      }
    } catch (IOException refused) {
      assertTrue(refused.getMessage().matches("kmsg: not a record[ -~]{1,120}"));
    }
  }

  @Property(tries = 500)
  void anyBytes(@ForAll byte[] bytes) {
    survives(bytes);
  }

  @Provide
  Arbitrary<String> records() {
    return Arbitraries.of(
            "6,",
            "3,",
            "0",
            "18446744073709551615",
            ",",
            "-",
            ";",
            "\n",
            "\n ",
            " KEY=v",
            "\\x",
            "\\x0a",
            "\\xf",
            "\\xc3\\xa4",
            "text",
            "\u00ff",
            "\u0000",
            "4,5,6,-;I/O error\n")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1000)
  void anyTextOfTheRightWords(@ForAll("records") String text) {
    survives(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
