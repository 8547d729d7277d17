package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class StateBytesTest {
  private static byte[] bytes(List<Long> numbers, List<String> texts) {
    StateBytes out = new StateBytes();
    numbers.forEach(out::put);
    texts.forEach(out::put);
    ByteBuffer all = out.complete();
    return Arrays.copyOfRange(all.array(), all.position(), all.limit());
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(
      @ForAll List<Long> numbers,
      @ForAll List<@StringLength(max = 5000) @CharRange(from = '\0', to = '\ud7ff') String> texts)
      throws IOException {
    StateBytes in = new StateBytes(bytes(numbers, texts));
    for (long number : numbers) {
      assertEquals(number, in.number());
    }
    for (String text : texts) {
      assertEquals(text, in.text());
    }
    assertThrows(IOException.class, in::number);
    assertThrows(IOException.class, in::text);
    assertThrows(IOException.class, in::count);
  }

  @Property(tries = 200)
  void aChangedByteIsNoticed(
      @ForAll List<Long> numbers, @ForAll List<String> texts, @ForAll byte other, @ForAll int at) {
    byte[] all = bytes(numbers, texts);
    int where = Math.floorMod(at, all.length);
    if (all[where] != other) {
      all[where] = other;
      assertThrows(IOException.class, () -> new StateBytes(all));
      assertThrows(IOException.class, () -> new StateBytes(Arrays.copyOf(all, where)));
    }
  }
}
