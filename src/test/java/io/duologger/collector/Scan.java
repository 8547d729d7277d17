package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.nio.charset.StandardCharsets;

/** Scanners on text instead of files. */
final class Scan {
  static final String SOURCE = "/proc/test";

  private Scan() {}

  static ByteScanner text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static ByteScanner bytes(byte[] bytes) {
    ByteScanner scanner = new ByteScanner();
    scanner.reset(SOURCE, bytes, bytes.length);
    return scanner;
  }
}
