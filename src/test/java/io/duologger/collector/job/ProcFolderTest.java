package io.duologger.collector.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.procfs.NativeFiles;
import io.duologger.procfs.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFolderTest {
  /** Fields 3 to 37 of stat. */
  private static final String FIELDS =
      "S 1 7 7 0 -1 4194560 5 0 0 0 0 0 0 0 20 0 1 0 99 4096 3 18446744073709551615 1 1 0 0 0 0 0 0"
          + " 0 0 0 0";

  @TempDir private Path proc;

  private ProcFolder folder() {
    return new ProcFolder(proc.toFile(), new NativeFiles(proc.toFile()));
  }

  private int latest(String loadavg) throws IOException {
    Files.writeString(proc.resolve("loadavg"), loadavg);
    ProcFolder folder = folder();
    int latest = folder.latest();
    folder.close();
    return latest;
  }

  @Test
  void loadavgTellsTheLatestNumber() throws IOException {
    assertEquals(24583, latest("0.55 1.44 2.82 5/98 24583\n"));
    assertEquals(-1, latest("0.55 1.44 2.82 5/98\n"));
    assertEquals(-1, latest("0.55 1.44 2.82 5/98 4194305\n"));
    assertEquals(-1, latest(""));
    Files.delete(proc.resolve("loadavg"));
    assertEquals(-1, folder().latest());
  }

  private boolean thread(String rest) throws IOException {
    Path folder = Files.createDirectories(proc.resolve("7"));
    Files.writeString(folder.resolve("stat"), "7 (a) b) " + FIELDS + rest);
    Stat stat = new Stat();
    assertTrue(folder().stat(7, stat));
    assertEquals(3, stat.residentPages);
    return stat.isThread();
  }

  @Test
  void threadsAreToldFromProcesses() throws IOException {
    assertFalse(thread(" 17 1 0 0\n"));
    assertTrue(thread(" -1 1 0 0\n"));
    assertFalse(thread("\n"), "of a kernel that does not say");
  }

  @Test
  void isThereSaysWhetherAMemberIsThere() throws IOException {
    thread(" 17\n");
    ProcFolder folder = folder();
    Stat stat = new Stat();
    assertTrue(folder.stat(7, stat));
    Member member = new Member(stat);
    assertTrue(folder.isThere(member));
    Files.delete(proc.resolve("7/stat"));
    assertFalse(folder.isThere(member));
  }

  @Test
  void whatIsKeptStaysTheSameProcessUntilItIsGivenBack() throws IOException {
    thread(" 17\n");
    Path file = proc.resolve("7/stat");
    ProcFolder folder = folder();
    long before = OpenFiles.below(proc);
    Stat stat = new Stat();
    assertTrue(folder.stat(7, stat));
    Member member = new Member(stat);
    folder.keep(member);
    Files.delete(file);
    Files.writeString(file, "7 (other) " + FIELDS.replace(" 99 ", " 100 ") + " 17\n");
    assertTrue(folder.stat(member, stat));
    assertEquals(99, stat.start);
    assertTrue(folder.stat(7, stat));
    assertEquals(100, stat.start);
    assertEquals(before + 2, OpenFiles.below(proc));
    folder.release(member);
    assertEquals(before + 1, OpenFiles.below(proc));
    assertFalse(folder.stat(member, stat), "another process of its number");
    folder.close();
    assertEquals(before, OpenFiles.below(proc));
  }
}
