package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
  private static final byte[] LINE =
      "java\0-cp\0Main\0a\0\0b\377\0".getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void bytesThatAreNoTextAndEmptyWordsAreKept() throws IOException {
    List<byte[]> last = RawArguments.last(3, LINE);
    assertEquals(3, last.size());
    assertArrayEquals(new byte[] {'a'}, last.get(0));
    assertArrayEquals(new byte[0], last.get(1));
    assertArrayEquals(new byte[] {'b', (byte) 0xff}, last.get(2));
  }

  @Test
  void fewerWordsThanTheJvmWasGivenAreAnError() {
    assertThrows(IOException.class, () -> RawArguments.last(6, LINE));
    assertThrows(IOException.class, () -> RawArguments.last(1, new byte[0]));
  }
}
