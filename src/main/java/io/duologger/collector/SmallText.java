package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Small text files that are read seldom. */
final class SmallText {
  private static final int MOST = 64 << 10;

  private SmallText() {}

  /**
   * What {@code file} says, less blanks around it and at most 64 KiB; empty if it says nothing or
   * there is no such file.
   */
  static Optional<String> of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = ByteScanner.text(in.readNBytes(MOST)).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (NoSuchFileException | FileNotFoundException missing) {
      return Optional.empty();
    }
  }
}
