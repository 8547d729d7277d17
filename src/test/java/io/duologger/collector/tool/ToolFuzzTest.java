package io.duologger.collector.tool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a text holds, it is read or refused, with its line. */
class ToolFuzzTest {
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab=\"'\\ \n\t#1.-e\u0000\u00e4N").ofMaxLength(60);
  }

  @Property
  void anyTextIsReadOrRefusedWithItsLine(@ForAll @From("texts") String text) {
    try {
      for (KeyValues.Pair pair : KeyValues.parse("out", text, 5)) {
        assertTrue(pair.key().matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}"), pair.key());
        assertTrue(!pair.text().isEmpty() && pair.text().indexOf('\n') < 0, pair.text());
        assertTrue(pair.number().isEmpty() || Double.isFinite(pair.number().getAsDouble()));
      }
    } catch (IOException refused) {
      assertTrue(
          refused.getMessage().matches("out line [0-9]+: [ -~]{1,150}"), refused.getMessage());
    }
  }
}
