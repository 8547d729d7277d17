package io.duologger.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The floor of what reading kernel files costs: again through open handles, up to the end, into one
 * buffer, and every number in them added up.
 */
final class PlainReads implements Closeable {
  private static final int BUFFER_BYTES = 512 * 1024;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final List<FileChannel> channels = new ArrayList<>();

  /** Opens those of {@code files} that exist. */
  PlainReads(List<Path> files) throws IOException {
    for (Path file : files) {
      if (Files.exists(file)) {
        channels.add(FileChannel.open(file));
      }
    }
  }

  /** Only reads; returns the number of bytes. */
  long read() throws IOException {
    long length = 0;
    for (int i = 0; i < channels.size(); i++) {
      length += fill(channels.get(i));
    }
    return length;
  }

  /** Reads, and adds up the numbers. */
  long readAndParse() throws IOException {
    long sum = 0;
    for (int i = 0; i < channels.size(); i++) {
      sum += sumOfNumbers(bytes, fill(channels.get(i)));
    }
    return sum;
  }

  private int fill(FileChannel channel) throws IOException {
    buffer.clear();
    int position = 0;
    for (int count = channel.read(buffer, 0); count > 0; count = channel.read(buffer, position)) {
      position += count;
    }
    buffer.flip();
    buffer.get(bytes, 0, position);
    return position;
  }

  static long sumOfNumbers(byte[] text, int length) {
    long sum = 0;
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text[i] - '0';
      if (digit >= 0 && digit <= 9) {
        number = number * 10 + digit;
      } else {
        sum += number;
        number = 0;
      }
    }
    return sum + number;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
