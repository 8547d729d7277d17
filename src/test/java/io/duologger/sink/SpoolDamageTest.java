package io.duologger.sink;

import static io.duologger.sink.SpoolFixture.AGE;
import static io.duologger.sink.SpoolFixture.drain;
import static io.duologger.sink.SpoolFixture.files;
import static io.duologger.sink.SpoolFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.sink.SpoolFixture.WallClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small spool of one file, damaged at each of its bytes in turn. */
class SpoolDamageTest {
  private static final long ROOMY = 1 << 20;
  private static final int HEAD = 8;
  private static final int COUNT = 5;
  private static final int DELIVERED = 0;
  private static final int AFTER = 99;

  @TempDir private Path directory;
  private final Random random = new Random(4);
  private Path folder;
  private Path file;
  private byte[] whole;

  /** Where each record begins, and where the last one ends. */
  private final int[] starts = new int[COUNT + 1];

  @BeforeEach
  void fill() throws IOException {
    folder = directory.resolve("spool");
    try (Spool spool = open()) {
      starts[0] = HEAD;
      for (int i = 0; i < COUNT; i++) {
        ReportMessages report = report(i, 3 * i);
        spool.append(report);
        starts[i + 1] = starts[i] + (int) SpoolRecord.size(report);
      }
      spool.oldest();
      spool.delivered();
    }
    file = files(folder).get(0);
    whole = Files.readAllBytes(file);
    assertEquals(starts[COUNT], whole.length);
  }

  @Test
  void anyBitFlippedCostsNoMoreThanItsRecord() throws IOException {
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) (1 << bit);
        int hit = recordOf(at);
        boolean state = hit >= 0 && at - starts[hit] == SpoolRecord.STATE_AT;
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
          if (state ? i != DELIVERED || hit == DELIVERED : i != DELIVERED && i != hit) {
            expected.add(i);
          }
        }
        assertFound(expected, state ? 0 : 1, bytes, "bit " + bit + " of byte " + at);
      }
    }
  }

  @Test
  void anyByteOverwrittenCostsNoMoreThanItsRecord() throws IOException {
    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] = (byte) (whole[at] == -1 ? 0 : -1);
      int hit = recordOf(at);
      if (hit < 0 || at - starts[hit] != SpoolRecord.STATE_AT) {
        assertFound(allBut(hit), 1, bytes, "byte " + at);
      }
    }
  }

  @Test
  void cutAnywhereItHasWhatIsBefore() throws IOException {
    for (int length = 0; length < whole.length; length++) {
      List<Integer> expected = new ArrayList<>();
      boolean between = length == 0;
      for (int i = 0; i <= COUNT; i++) {
        between |= starts[i] == length;
        if (i > 0 && i - 1 != DELIVERED && starts[i] <= length) {
          expected.add(i - 1);
        }
      }
      assertFound(
          expected, between ? 0 : 1, Arrays.copyOf(whole, length), "cut to " + length + " bytes");
    }
  }

  @Test
  void garbageAnywhereCostsNoMoreThanTheRecordThatItSplits() throws IOException {
    for (int at = 0; at <= whole.length; at++) {
      for (byte[] garbage : garbage()) {
        int split = Arrays.binarySearch(starts, at) >= 0 ? -1 : recordOf(at);
        assertFound(allBut(split), 1, insert(at, garbage), garbage.length + " bytes at " + at);
      }
    }
  }

  @Test
  void startOfARecordWithinAnotherIsGarbage() throws IOException {
    byte[] start = Arrays.copyOfRange(whole, starts[1], starts[2] - 1);
    for (int at : starts) {
      assertFound(allBut(-1), 1, insert(at, start), "start of a record at " + at);
    }
  }

  private List<byte[]> garbage() {
    byte[] any = new byte[1 + random.nextInt(100)];
    random.nextBytes(any);
    byte[] firsts = new byte[2 + random.nextInt(20)];
    Arrays.fill(firsts, 0, firsts.length - 1, SpoolRecord.FIRST);
    return List.of(any, firsts, new byte[1 + random.nextInt(40)]);
  }

  private byte[] insert(int at, byte[] garbage) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(whole, 0, at);
    bytes.write(garbage, 0, garbage.length);
    bytes.write(whole, at, whole.length - at);
    return bytes.toByteArray();
  }

  /** The spool opens, says how much is corrupt, and gives these; what comes after is not lost. */
  private void assertFound(List<Integer> expected, int corrupt, byte[] bytes, String how)
      throws IOException {
    Files.write(file, bytes);
    try (Spool spool = open()) {
      assertEquals(corrupt, spool.counts().corrupt(), how);
      assertEquals(expected.size(), spool.counts().reports(), how);
      spool.append(report(AFTER, 3));
    }
    List<Integer> all = new ArrayList<>(expected);
    all.add(AFTER);
    try (Spool spool = open()) {
      assertEquals(all, drain(spool), how);
      assertEquals(List.of(), files(folder), how);
    }
  }

  private Spool open() throws IOException {
    return Spool.open(folder, ROOMY, AGE, new WallClock());
  }

  /** The record that a byte is in; -1 for the file's head. */
  private int recordOf(int at) {
    int record = -1;
    while (record < COUNT - 1 && starts[record + 1] <= at) {
      record++;
    }
    return record;
  }

  private static List<Integer> allBut(int lost) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      if (i != DELIVERED && i != lost) {
        left.add(i);
      }
    }
    return left;
  }
}
