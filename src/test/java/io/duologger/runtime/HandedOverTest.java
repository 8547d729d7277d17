package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the launcher tells of what it was given. */
class HandedOverTest {
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();

  private HandedOver handed() throws IOException {
    return HandedOver.of(variables, properties::get);
  }

  private static List<String> texts(List<byte[]> words) {
    return words.stream().map(word -> new String(word, StandardCharsets.ISO_8859_1)).toList();
  }

  @Test
  void withoutTheLauncherNothingIsKnown() throws IOException {
    HandedOver handed = handed();
    assertTrue(handed.environment().isEmpty());
    assertTrue(handed.ignored().isEmpty());
    assertTrue(handed.files().isEmpty());
  }

  @Test
  void partsOfTheEnvironmentArePutTogetherByteForByte() throws IOException {
    byte[] block =
        "a=1\0BASH_FUNC_f%%=() {\n}\0b=\377\0=odd\0".getBytes(StandardCharsets.ISO_8859_1);
    String text = Base64.getEncoder().encodeToString(block);
    variables.put("DUOLOGGER_ENVIRONMENT_1", text.substring(0, 10));
    variables.put("DUOLOGGER_ENVIRONMENT_2", text.substring(10));
    variables.put("DUOLOGGER_ENVIRONMENT_4", "of another");
    assertEquals(
        List.of("a=1", "BASH_FUNC_f%%=() {\n}", "b=\377", "=odd"),
        texts(handed().environment().orElseThrow()));
  }

  @Test
  void signalsAndFilesAreThoseOfTheOptions() throws IOException {
    properties.put("duologger.ignored", "8000000000001002");
    properties.put("duologger.files", "0,2,255");
    assertEquals(OptionalLong.of(0x8000000000001002L), handed().ignored());
    assertEquals(Set.of("0", "2", "255"), handed().files().orElseThrow());
    properties.put("duologger.files", "");
    assertEquals(Set.of(), handed().files().orElseThrow());
  }

  @Test
  void whatTheLauncherNeverSaysIsRefused() {
    properties.put("duologger.ignored", "many");
    assertThrows(IOException.class, this::handed);
    properties.clear();
    variables.put("DUOLOGGER_ENVIRONMENT_1", "no base64!");
    assertThrows(IOException.class, this::handed);
  }
}
