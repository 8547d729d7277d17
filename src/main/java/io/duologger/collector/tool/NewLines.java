package io.duologger.collector.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The lines that were added to a file since it was last looked at. What it held at first is old;
 * another file of its name, or one that has become shorter, is read from its start.
 */
public final class NewLines {
  /** More than this is passed over, but for its end. */
  private static final int MOST = 64 << 10;

  private static final int LONGEST_LINE = 500;

  private boolean known;
  private Object identity;
  private long position;

  /** Reads {@code file}; a line without its end yet is left for the next time. */
  public List<String> of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    boolean other = !Objects.equals(identity, now.fileKey()) || now.size() < position;
    if (!known) {
      position = now.size();
    } else if (other) {
      position = 0;
    }
    known = true;
    identity = now.fileKey();
    if (now.size() <= position) {
      return List.of();
    }
    boolean skips = now.size() - position > MOST;
    byte[] bytes = read(file, skips ? now.size() - MOST : position, now.size());
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    position = now.size() - (bytes.length - end);
    List<String> lines = new ArrayList<>();
    for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isBlank()) {
        lines.add(Words.printable(line.substring(0, Math.min(line.length(), LONGEST_LINE))));
      }
    }
    if (skips && !lines.isEmpty()) {
      lines.remove(0);
    }
    return lines;
  }

  private static byte[] read(Path file, long from, long to) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) (to - from));
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
      byte[] read = new byte[buffer.position()];
      buffer.flip().get(read);
      return read;
    }
  }
}
