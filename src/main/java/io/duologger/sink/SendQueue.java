package io.duologger.sink;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the kernel has been given to send on a TCP connection and the other host has not
 * acknowledged yet. Source: proc/self/net/tcp and tcp6, field tx_queue, bytes (proc_net_tcp of the
 * kernel's documentation). The tables may have 100,000 rows; of these no more than a buffer is in
 * memory, and reading stops at the row.
 */
final class SendQueue {
  /** What is known about a connection. */
  enum State {
    /** All is acknowledged. */
    EMPTY,
    /** Something is not acknowledged. */
    WAITING,
    /** The connection is in no table, or there is no table. */
    UNKNOWN
  }

  /** A row has less than 200. */
  private static final int BUFFER_BYTES = 32 * 1024;

  /** A table that changes while it is read may hide a row from one look. */
  private static final int LOOKS = 2;

  private final Path folder;

  /**
   * Looks into the tables of this process.
   *
   * @param proc where proc is mounted
   */
  SendQueue(Path proc) {
    this.folder = proc.resolve("self/net");
  }

  /** The state of the connection between two addresses. Anything but TCP has nothing waiting. */
  State state(SocketAddress local, SocketAddress remote) {
    if (!(local instanceof InetSocketAddress here && remote instanceof InetSocketAddress there)) {
      return State.EMPTY;
    }
    for (int i = 0; i < LOOKS; i++) {
      for (String table : List.of("tcp6", "tcp")) {
        Optional<String> row = key(here, there, table.equals("tcp6"));
        if (row.isPresent()) {
          State state = state(table, row.get().getBytes(StandardCharsets.US_ASCII));
          if (state != State.UNKNOWN) {
            return state;
          }
        }
      }
    }
    return State.UNKNOWN;
  }

  private State state(String table, byte[] key) {
    try (InputStream rows = Files.newInputStream(folder.resolve(table))) {
      return state(rows, key);
    } catch (IOException e) {
      return State.UNKNOWN;
    }
  }

  private static State state(InputStream rows, byte[] key) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int filled = 0;
    while (true) {
      int count = rows.read(buffer, filled, buffer.length - filled);
      if (count <= 0) {
        return State.UNKNOWN;
      }
      filled += count;
      int start = 0;
      for (int i = filled - count; i < filled; i++) {
        if (buffer[i] == '\n') {
          int at = startsAfterColon(buffer, start, i, key);
          if (at >= 0) {
            return queued(buffer, at, i);
          }
          start = i + 1;
        }
      }
      if (start == 0 && filled == buffer.length) {
        return State.UNKNOWN;
      }
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
    }
  }

  /** The index after the key if it is what comes after the row's number, or else -1. */
  private static int startsAfterColon(byte[] buffer, int start, int end, byte[] key) {
    int at = start;
    while (at < end && buffer[at] != ':') {
      at++;
    }
    at++;
    if (end - at < key.length) {
      return -1;
    }
    for (byte wanted : key) {
      if (buffer[at] != wanted) {
        return -1;
      }
      at++;
    }
    return at;
  }

  /** What follows the addresses: the state, and tx_queue and rx_queue with a colon between. */
  private static State queued(byte[] buffer, int start, int end) {
    String rest = new String(buffer, start, end - start, StandardCharsets.US_ASCII);
    String[] fields = rest.split("[ :]", 3);
    if (fields.length < 3 || !fields[1].matches("[0-9A-Fa-f]{1,8}")) {
      return State.UNKNOWN;
    }
    return Long.parseLong(fields[1], 16) == 0 ? State.EMPTY : State.WAITING;
  }

  /** A row's text from after its number to before the state. */
  private static Optional<String> key(
      InetSocketAddress here, InetSocketAddress there, boolean six) {
    if (!six && !(here.getAddress() instanceof Inet4Address)) {
      return Optional.empty();
    }
    return Optional.of(" " + end(here, six) + " " + end(there, six) + " ");
  }

  private static String end(InetSocketAddress end, boolean six) {
    return address(end.getAddress(), six) + ":" + String.format(Locale.ROOT, "%04X", end.getPort());
  }

  /** Words of 32 bits as numbers of this machine, whatever the order of the bytes within. */
  private static String address(InetAddress address, boolean six) {
    byte[] bytes = address.getAddress();
    ByteBuffer words = ByteBuffer.allocate(six ? 16 : 4).order(ByteOrder.nativeOrder());
    if (six && bytes.length == 4) {
      // a socket of IPv6 that speaks IPv4: ::ffff:a.b.c.d
      words.position(10).put((byte) 0xff).put((byte) 0xff);
    }
    words.put(bytes).flip();
    StringBuilder text = new StringBuilder();
    while (words.hasRemaining()) {
      text.append(String.format(Locale.ROOT, "%08X", words.getInt()));
    }
    return text.toString();
  }
}
