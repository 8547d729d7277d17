package io.duologger.collector.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file in Prometheus's format holds, it is read or refused, with its line. */
class FileFuzzTest {
  private static final Path FIXTURE = Path.of("src/test/resources/outputs/textfile/node.prom");

  private static void survives(String text) {
    try {
      for (Item item : PrometheusText.parse("x.prom", text, 20)) {
        assertTrue(item.key().matches("[A-Za-z_:][A-Za-z0-9_:]{0,199}"), item.key());
        assertTrue(Double.isFinite(item.number().orElseThrow()));
        assertTrue(item.labels().size() <= 30);
      }
    } catch (IOException refused) {
      assertTrue(
          refused.getMessage().matches("x\\.prom line [0-9]+: [ -~]{1,200}"), refused.getMessage());
    }
  }

  @Property(tries = 500)
  void anyText(@ForAll String text) {
    survives(text);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "a",
            "b_total",
            "h_sum",
            "h_bucket",
            " ",
            "{",
            "}",
            "l=",
            "\"",
            "\"v\"",
            "\\",
            ",",
            "=",
            "1",
            "-2.5e3",
            "NaN",
            "1e999999",
            "\n",
            "\n",
            "# TYPE a counter\n",
            "# TYPE h histogram\n",
            "#",
            "\u00e4",
            "\u0000",
            "\r")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 2000)
  void anyTextOfTheRightWords(@ForAll("words") String text) {
    survives(text);
  }

  @Provide
  Arbitrary<String> damaged() throws IOException {
    String whole = Files.readString(FIXTURE, StandardCharsets.UTF_8);
    return Combinators.combine(
            Arbitraries.integers().between(0, whole.length()),
            Arbitraries.integers().between(0, 40),
            Arbitraries.strings().ofMaxLength(3))
        .as(
            (at, cut, more) ->
                whole.substring(0, at)
                    + more
                    + whole.substring(Math.min(whole.length(), at + cut)));
  }

  @Property(tries = 1000)
  void damagedFiles(@ForAll("damaged") String text) {
    survives(text);
  }
}
