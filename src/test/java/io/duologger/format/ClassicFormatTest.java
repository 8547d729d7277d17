package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClassicFormatTest {
  @Test
  void aLongValueEndsTheLineBeforeItAndItsOwn() {
    String longest = "x".repeat(40);
    assertEquals(
        """
        xid=1795429199 m_a=1 m_b=%s
        xid=1795429199 m_c=%sx
        xid=1795429199 m_d=2 m_e=3
        xid=1795429199 m_f=4
        """
            .formatted(longest, longest),
        lines(2, "a", "1", "b", longest, "c", longest + "x", "d", "2", "e", "3", "f", "4"));
    assertEquals("xid=1795429199 m_a=" + longest + "x\n", lines(1, "a", longest + "x"));
  }

  @Test
  void anEmptyValueIsItsKeyAlone() {
    assertEquals("xid=1795429199 m_a m_b=1\n", lines(5, "a", "", "b", "1"));
  }

  @Test
  void aReportWithoutValuesHasNoLine() {
    assertEquals("", lines(5));
    assertEquals(0, format(5).bytes(SensorFixture.report(List.of(), List.of())).length);
  }

  @Test
  void aLineHasRoomForAPair() {
    assertThrows(IllegalArgumentException.class, () -> format(0));
  }

  @Test
  void formatCanBeUsedAgain() {
    Format format = format(5);
    byte[] first = format.bytes(SensorFixture.dual());
    format.bytes(SensorFixture.one());
    assertArrayEquals(first, format.bytes(SensorFixture.dual()));
  }

  private static ClassicFormat format(int pairs) {
    return new ClassicFormat(true, true, false, pairs);
  }

  private static String lines(int pairs, String... infos) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < infos.length; i += 2) {
      texts.put(infos[i], infos[i + 1]);
    }
    Line line = new Line("m", Instance.HOST, Optional.empty(), List.of(), texts, List.of());
    return new String(
        format(pairs).bytes(SensorFixture.report(List.of(line), List.of())),
        StandardCharsets.US_ASCII);
  }
}
