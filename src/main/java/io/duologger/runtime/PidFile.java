package io.duologger.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The file that sbin/duologger wrote this process's id to, and whose lock this process holds
 * without knowing: the script opened it. It is removed before the lock ends, so that no other start
 * can have made it its own.
 */
public final class PidFile {
  private PidFile() {}

  /** Removes {@code file} if it holds the id of this process. A failure is only logged. */
  public static void release(Path file) {
    try {
      String holder = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      if (holder.equals(Long.toString(ProcessHandle.current().pid()))) {
        Files.delete(file);
      }
    } catch (NoSuchFileException gone) {
      // Someone has removed it before.
      return;
    } catch (IOException failed) {
      LoggerFactory.getLogger("duologger")
          .warn("cannot remove the pidfile {}: {}", file, failed.toString());
    }
  }
}
