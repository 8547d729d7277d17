package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Reads the file without which a module has nothing to say. */
final class Sources {
  private Sources() {}

  /** Reads {@code file} whole; a missing file is an absent source, not a fault. */
  static ByteScanner read(ProcFile file) throws IOException {
    try {
      return file.read();
    } catch (NoSuchFileException missing) {
      throw new SourceAbsentException("no " + file.path());
    }
  }
}
