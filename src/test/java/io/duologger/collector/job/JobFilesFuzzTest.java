package io.duologger.collector.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever the files of a process say, it is taken or refused with the file's name. */
class JobFilesFuzzTest {
  private static final String STAT =
      "7 (%s) R 3 4 5 0 -1 64 10 11 12 13 14 15 16 17 20 0 2 0 99 4096 6 18446744073709551615\n";
  private static final String OTHERS =
      """
      Name:\ta
      VmPeak:\t  10 kB
      VmRSS:\t  8 kB
      Pss:  5 kB
      rchar: 1
      wchar: 2
      syscr: 3
      syscw: 4
      read_bytes: 5
      write_bytes: 6
      voluntary_ctxt_switches:\t1
      nonvoluntary_ctxt_switches:\t2
      """;

  private interface Parser {
    void parse(byte[] content) throws IOException;
  }

  private static ByteScanner scanner(byte[] content) {
    ByteScanner in = new ByteScanner();
    in.reset("/proc/7/file", content, content.length);
    return in;
  }

  private static void survives(byte[] content) {
    Parser[] parsers = {
      bytes -> {
        Stat stat = new Stat();
        stat.parse("/proc/7/file", bytes, bytes.length);
        stat.isThread();
      },
      bytes -> ProcFolder.parseIo(scanner(bytes), new long[Amounts.COUNT]),
      bytes -> new ProcessDetails().parse(scanner(bytes), 1),
      bytes -> {
        ProcessDetails details = new ProcessDetails();
        details.beginThreads();
        details.thread(8, scanner(bytes));
        details.endThreads();
      }
    };
    for (Parser parser : parsers) {
      try {
        parser.parse(content);
      } catch (IOException refused) {
        assertTrue(refused.getMessage().startsWith("/proc/7/file line"), refused.getMessage());
      }
    }
  }

  @Property(tries = 300)
  void anyBytes(@ForAll byte[] content) {
    survives(content);
  }

  @Property(tries = 500)
  void damagedFiles(@ForAll @Size(max = 8) byte[] put, @ForAll int at, @ForAll int cut) {
    for (String text : new String[] {STAT.formatted("a"), OTHERS}) {
      byte[] content = text.getBytes(StandardCharsets.US_ASCII);
      int place = Math.floorMod(at, content.length);
      System.arraycopy(put, 0, content, place, Math.min(put.length, content.length - place));
      survives(content);
      survives(Arrays.copyOf(content, Math.floorMod(cut, content.length)));
    }
  }

  @Property(tries = 500)
  void anyNameLeavesTheOtherFieldsAlone(@ForAll @Size(max = 15) byte[] name) throws IOException {
    byte[] content =
        STAT.formatted(new String(name, StandardCharsets.ISO_8859_1))
            .getBytes(StandardCharsets.ISO_8859_1);
    Stat stat = new Stat();
    stat.parse("/proc/7/file", content, content.length);
    assertTrue(stat.nameIs(name));
    assertEquals(7, stat.pid);
    assertEquals('R', stat.state);
    assertEquals(3, stat.parent);
    assertEquals(5, stat.session);
    assertEquals(2, stat.threads);
    assertEquals(99, stat.start);
    assertEquals(6, stat.residentPages);
    assertEquals("[140000, 150000, 10, 12]", Arrays.toString(stat.own));
    assertEquals("[160000, 170000, 11, 13]", Arrays.toString(stat.waited));
  }

  @Property(tries = 200)
  void switchesOfThreadsThatEndAreKept(@ForAll boolean[] alive) throws IOException {
    ProcessDetails details = new ProcessDetails();
    long expected = 0;
    long counted = 0;
    for (boolean there : alive) {
      details.beginThreads();
      if (there) {
        counted += 3;
        expected += 3;
        String text =
            "voluntary_ctxt_switches:\t"
                + counted
                + "\nnonvoluntary_ctxt_switches:\t"
                + counted
                + "\n";
        details.thread(8, scanner(text.getBytes(StandardCharsets.US_ASCII)));
      } else {
        counted = 0;
      }
      details.endThreads();
      assertEquals(expected, details.voluntary);
      assertEquals(expected, details.involuntary);
    }
  }
}
