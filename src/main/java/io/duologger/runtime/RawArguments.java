package io.duologger.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words that this process was started with, byte for byte, from /proc/self/cmdline, proc(5):
 * Java has them as texts, in which bytes may be lost that are none of the locale's characters.
 */
public final class RawArguments {
  private RawArguments() {}

  /**
   * The bytes of {@code words}, which are the last that this process was started with; of any
   * others what UTF-8 makes of them.
   *
   * @throws IOException if the command line can't be read
   */
  public static List<byte[]> of(List<String> words) throws IOException {
    return of(words, Files.readAllBytes(Path.of("/proc/self/cmdline")));
  }

  static List<byte[]> of(List<String> words, byte[] line) {
    List<byte[]> raw = HandedOver.words(line);
    List<byte[]> last = raw.subList(Math.max(0, raw.size() - words.size()), raw.size());
    boolean same = last.size() == words.size();
    List<byte[]> encoded = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      encoded.add(words.get(i).getBytes(StandardCharsets.UTF_8));
      same = same && (!isAscii(last.get(i)) || Arrays.equals(last.get(i), encoded.get(i)));
    }
    return same ? List.copyOf(last) : encoded;
  }

  private static boolean isAscii(byte[] word) {
    for (byte b : word) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }
}
