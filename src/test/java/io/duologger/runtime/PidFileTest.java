package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  private static final long OWN = ProcessHandle.current().pid();

  @TempDir private Path folder;

  @Test
  void ownFileIsRemoved() throws IOException {
    Path file = Files.writeString(folder.resolve("own.pid"), OWN + "\n");
    PidFile.release(file);
    assertFalse(Files.exists(file));
  }

  @Test
  void anyOtherFileStays() throws IOException {
    for (String text : new String[] {"", (OWN + 1) + "\n", OWN + "0\n", "\u00e9\n"}) {
      Path file = Files.writeString(folder.resolve("other.pid"), text);
      PidFile.release(file);
      assertEquals(text, Files.readString(file));
    }
  }

  @Test
  void whatCannotBeReadIsNoFailure() {
    PidFile.release(folder.resolve("none.pid"));
    PidFile.release(folder);
    assertTrue(Files.isDirectory(folder));
  }
}
