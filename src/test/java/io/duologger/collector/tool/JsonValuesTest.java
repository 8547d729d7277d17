package io.duologger.collector.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonValuesTest {
  private static List<String> read(String json) throws IOException {
    return JsonValues.parse("tool", json.getBytes(StandardCharsets.UTF_8), 7).stream()
        .map(
            pair ->
                pair.key()
                    + "="
                    + (pair.number().isPresent() ? pair.number().getAsDouble() : pair.text()))
        .toList();
  }

  private static void assertRefused(String message, String json) {
    assertEquals(message, assertThrows(IOException.class, () -> read(json)).getMessage());
  }

  @Test
  void keysArePathsAndTruthIsANumber() throws IOException {
    assertEquals(
        List.of("a=1.0", "b.c=-25.0", "b.d.0=1.0", "b.d.1=0.0", "b.d.3.e=12"),
        read("{\"a\":1,\"b\":{\"c\":-2.5e1,\"d\":[true,false,null,{\"e\":\"12\"}]},\"f\":\"\"}"));
    assertEquals(List.of(), read("{}"));
    assertEquals(List.of("a_b__c=1.0"), read("{\"a b\\n\\u00e4c\":1}"));
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertRefused("tool: not a JSON object", "[1]");
    assertRefused("tool: not a JSON object", "");
    assertRefused("tool: more than one JSON value", "{} {}");
    assertRefused("tool: not JSON at line 1, column 8", "{\"a\":1,}");
    assertRefused("tool: not JSON at line 2, column 5", "{\n \"a\"");
    assertRefused("tool: not JSON at line 1, column 9", "{\"a\":NaN}");
  }

  @Test
  void boundsHold() {
    assertRefused("tool: more than 7 values", "{\"a\":[1,2,3,4,5,6,7,null]}");
    assertRefused("tool: the key a_b a second time", "{\"a b\":1,\"a-\":2,\"a?b\":3}");
    assertRefused("tool: the number of a is out of range", "{\"a\":1e999}");
    assertRefused("tool: the number of a is out of range", "{\"a\":" + "9".repeat(70) + "}");
    assertRefused(
        "tool: the text of a is longer than 1000 characters",
        "{\"a\":\"" + "x".repeat(1001) + "\"}");
    assertRefused(
        "tool: a key longer than 64: " + "k".repeat(64), "{\"" + "k".repeat(65) + "\":1}");
    assertRefused(
        "tool: a key longer than 64: " + "k".repeat(64), "{\"" + "k".repeat(65) + "\":{}}");
    assertRefused("tool: deeper than 16 levels", "{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}");
  }
}
