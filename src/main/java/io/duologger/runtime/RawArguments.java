package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The words that this process was started with, byte for byte, from /proc/self/cmdline, proc(5):
 * Java has them as texts, in which bytes may be lost that are none of the locale's characters.
 */
public final class RawArguments {
  private RawArguments() {}

  /**
   * The last {@code count} of them.
   *
   * @throws IOException if there are not so many
   */
  public static List<byte[]> last(int count) throws IOException {
    return last(count, Files.readAllBytes(Path.of("/proc/self/cmdline")));
  }

  static List<byte[]> last(int count, byte[] line) throws IOException {
    List<byte[]> words = HandedOver.words(line);
    if (words.size() <= count) {
      throw new IOException("/proc/self/cmdline: expected more than " + count + " words");
    }
    return List.copyOf(words.subList(words.size() - count, words.size()));
  }
}
