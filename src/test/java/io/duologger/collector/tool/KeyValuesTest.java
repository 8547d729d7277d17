package io.duologger.collector.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyValuesTest {
  private static List<String> read(String text) throws IOException {
    List<String> read = new ArrayList<>();
    for (KeyValues.Pair pair : KeyValues.parse("out", text, 10)) {
      String number = pair.number().isPresent() ? " " + pair.number().getAsDouble() : "";
      read.add(pair.key() + "|" + pair.text() + "|" + number);
    }
    return read;
  }

  private static String problem(String text) {
    return assertThrows(IOException.class, () -> read(text)).getMessage();
  }

  @Test
  void linesMayHaveOnePairOrSeveral() throws IOException {
    assertEquals(
        List.of("gflops|12.5| 12.5", "a|1| 1.0", "b-2.x:y|up|", "last|-3e2| -300.0"),
        read("# linpack\ngflops=12.5\n\n  a=1\tb-2.x:y=up \r\nlast=-3e2"));
  }

  @Test
  void quotesKeepBlanksAndMakeTexts() throws IOException {
    assertEquals(
        List.of(
            "model|PowerEdge R7525|",
            "number|42|",
            "path|a \"b\" \\ \\n|",
            "raw|it \\ \"is\"|",
            "inner|a\"b|"),
        read(
            "model=\"PowerEdge R7525\" number=\"42\"\npath=\"a \\\"b\\\" \\\\ \\n\" "
                + "raw='it \\ \"is\"'\ninner=a\"b"));
  }

  @Test
  void valuesThatAreNoneAreAbsent() throws IOException {
    assertEquals(
        List.of("e|1|" + " 1.0", "text|nanny|"),
        read("a=NaN b=+Inf c=-infinity d= e=1 f=\"\" g=nan text=nanny"));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "+1.50,1.5", ".5,0.5", "5.,5", "-0,-0.0", "1E3,1000", "007,7"})
  void decimalNumbersAreNumbers(String text, double number) {
    assertEquals(OptionalDouble.of(number), KeyValues.number(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x10",
        "1f",
        "1d",
        "1_000",
        "1,5",
        "--1",
        ".",
        "e5",
        "1e",
        "1e999",
        "1e999999999",
        "0x1p3",
        "NaN",
        "Infinity",
        " 1",
        "1 "
      })
  void whatJavaOrOthersTakeForNumbersIsText(String text) {
    assertEquals(OptionalDouble.empty(), KeyValues.number(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "free text|not key=value",
        "a = 1|not key=value",
        "=1|not key=value",
        "1a=1|not key=value",
        "a{b}=1|not key=value",
        "a|not key=value",
        "a=\"b|a quote without its end",
        "a=\"b\\\"|a quote without its end",
        "a=\"b\"c=1|no blank after a quoted value",
        "ok=2|the key ok a second time"
      })
  void problemsNameSourceLineAndText(String bad, String what) {
    assertEquals("out line 2: " + what + ": '" + bad + "'", problem("ok=1\n" + bad + "\nx=3"));
  }

  @Test
  void keysValuesAndTheirNumberAreBounded() throws IOException {
    String longest = "k".repeat(64);
    assertEquals(List.of(longest + "|1| 1.0"), read(longest + "=1"));
    assertTrue(problem("k" + longest + "=1").startsWith("out line 1: a key longer than 64"));
    assertTrue(problem("k=" + "v".repeat(1001)).startsWith("out line 1: a value longer than 1000"));
    String ten = "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1";
    assertEquals(10, read(ten).size());
    assertTrue(problem(ten + "\nk=1").startsWith("out line 2: more than 10 pairs"));
  }

  @Test
  void longHostileLinesArePromptAndQuotedInPart() {
    String problem = problem("\u0000\u001b[31m" + "=".repeat(1 << 20));
    assertTrue(problem.startsWith("out line 1: not key=value: '??[31m==="), problem);
    assertTrue(problem.length() < 120, problem);
  }
}
