package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Readings;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A WattsUp meter on a serial line: packets of text from "#" to ";" with commas in between, 115,200
 * baud. Told to log to the outside each second, it sends {@code #d,-,18,WATTS,VOLTS,...}, the first
 * two in tenths. Used by one thread at a time.
 */
final class WattsupMeter implements PowerCollector.Meter {
  private static final byte[] START = "#L,W,3,E,1,1;".getBytes(StandardCharsets.US_ASCII);
  private static final Duration STTY = Duration.ofSeconds(5);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(4).toNanos();

  /** Reads end after a second without a byte; so many in a row are enough. */
  private static final int MOST_SILENCES = 4;

  private static final int MOST_BYTES = 16 << 10;
  private static final int LONGEST_PACKET = 512;
  private static final int WATTS = 3;
  private static final double TENTHS = 10;

  private final Path device;
  private final Program stty;
  private final RecorderClock clock;
  private final Series host = new Series(PowerCollector.HOST_POWER, Instance.HOST);
  private final byte[] buffer = new byte[1024];
  private final Packets packets = new Packets();

  /** Null while closed. */
  private FileInputStream in;

  /** What a line of bytes says; keeps what is not complete. */
  static final class Packets {
    private final StringBuilder packet = new StringBuilder();
    private OptionalDouble latest = OptionalDouble.empty();

    /** Takes the next bytes. */
    void add(byte[] bytes, int length) {
      for (int i = 0; i < length; i++) {
        char c = (char) (bytes[i] & 0xff);
        if (c == '#') {
          packet.setLength(0);
        }
        if (packet.length() < LONGEST_PACKET) {
          packet.append(c);
        }
        if (c == ';') {
          OptionalDouble said = watts(packet.toString());
          latest = said.isPresent() ? said : latest;
          packet.setLength(0);
        }
      }
    }

    /** The power in the latest record since this was called last. */
    OptionalDouble take() {
      OptionalDouble taken = latest;
      latest = OptionalDouble.empty();
      return taken;
    }

    /** The power of a record; empty of other packets and where the meter has none. */
    static OptionalDouble watts(String packet) {
      String[] fields = packet.split(",", -1);
      return fields[0].equals("#d")
              && fields.length > WATTS + 1
              && fields[WATTS].matches("[0-9]{1,6}")
          ? OptionalDouble.of(Integer.parseInt(fields[WATTS]) / TENTHS)
          : OptionalDouble.empty();
    }
  }

  WattsupMeter(Surroundings surroundings, String device) {
    this.device = Path.of(device);
    this.clock = surroundings.clock();
    List<String> command =
        List.of(
            "stty", "-F", device, "115200", "raw", "-echo", "clocal", "cs8", "-parenb", "-cstopb",
            "min", "0", "time", "10");
    this.stty = new Program(surroundings, command, Map.of("LC_ALL", "C"), STTY, MOST_BYTES);
  }

  @Override
  public void read(Readings into) throws IOException {
    if (!Files.exists(device)) {
      hangUp();
      throw new SourceAbsentException("no " + device);
    }
    try {
      if (in == null) {
        open();
      }
      into.gauge(host, newest());
    } catch (IOException failed) {
      hangUp();
      throw failed;
    }
  }

  /** The line is set up before it is opened, as an open may wait for a modem. */
  private void open() throws IOException {
    Program.Result set = stty.run();
    if (set.status() != 0) {
      throw new IOException(set.complaint());
    }
    try (FileOutputStream out = new FileOutputStream(device.toFile())) {
      in = new FileInputStream(device.toFile());
      out.write(START);
    }
  }

  /** What came while nobody read is passed over up to the last record. */
  private double newest() throws IOException {
    long start = clock.monotonicNanos();
    int silences = 0;
    OptionalDouble found = OptionalDouble.empty();
    while (found.isEmpty() || in.available() > 0) {
      int length = in.read(buffer);
      if (length > 0) {
        packets.add(buffer, length);
        OptionalDouble said = packets.take();
        found = said.isPresent() ? said : found;
      } else {
        silences++;
      }
      boolean late = clock.monotonicNanos() - start > PATIENCE_NANOS;
      if (found.isEmpty() && (silences == MOST_SILENCES || late)) {
        throw new IOException(device + ": no record of a WattsUp meter within 4 s");
      }
      if (late) {
        break;
      }
    }
    return found.getAsDouble();
  }

  private void hangUp() throws IOException {
    FileInputStream open = in;
    in = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    stty.close();
    hangUp();
  }
}
