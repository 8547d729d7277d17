package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The devices that a collector knows, in the order of the last successful read. A device is looked
 * up by comparing the name's bytes with the one expected next, so that reading unchanged devices
 * allocates nothing. {@link #commit} forgets at once what the read did not list: a device that
 * returns is a new object. Used by one thread at a time.
 */
final class DeviceTable<D extends DeviceTable.Device> {
  /** A device by its name. */
  abstract static class Device {
    /** The name as the kernel prints it. */
    final byte[] key;

    /** The name as text. */
    final String name;

    /** What the latest read said, in the kernel's columns. */
    final long[] values;

    private int position = -1;
    private long round;

    /** A device of which {@code columns} numbers are read. */
    Device(byte[] key, int columns) {
      this.key = key;
      this.name = ByteScanner.text(key);
      this.values = new long[columns];
    }

    private boolean listedIn(long thatRound) {
      boolean already = round == thatRound;
      round = thatRound;
      return already;
    }

    private int position() {
      return position;
    }

    private void moveTo(int newPosition) {
      position = newPosition;
    }
  }

  private final Function<byte[], D> factory;
  private final Map<String, D> byName = new HashMap<>();
  private final Map<String, D> fresh = new HashMap<>();
  private List<D> known = new ArrayList<>();
  private List<D> listed = new ArrayList<>();
  private int cursor;
  private long round;
  private boolean changed;

  /** A table whose new devices {@code factory} makes from the bytes of their names. */
  DeviceTable(Function<byte[], D> factory) {
    this.factory = factory;
  }

  /** Starts a read; one that was not committed is forgotten. */
  void begin() {
    listed.clear();
    fresh.clear();
    cursor = 0;
    round++;
    changed = false;
  }

  /** The device that the scanner's token names, known or new. */
  D device(ByteScanner in) throws IOException {
    D device = next(in);
    Device base = device;
    if (base.listedIn(round)) {
      throw in.malformed("listed twice");
    }
    listed.add(device);
    return device;
  }

  /** As {@link #device}, of a list in which one may be named again: what is said last holds. */
  D deviceAgain(ByteScanner in) {
    D device = next(in);
    Device base = device;
    if (!base.listedIn(round)) {
      listed.add(device);
    }
    return device;
  }

  private D next(ByteScanner in) {
    D device;
    if (cursor < known.size() && in.tokenIs(known.get(cursor).key)) {
      device = known.get(cursor);
    } else {
      changed = true;
      device = find(in.tokenBytes());
    }
    Device base = device;
    if (base.position() >= 0) {
      cursor = base.position() + 1;
    }
    return device;
  }

  private D find(byte[] key) {
    String name = mapKey(key);
    D device = byName.get(name);
    if (device == null) {
      device = fresh.get(name);
    }
    if (device == null) {
      device = factory.apply(key);
      fresh.put(name, device);
    }
    return device;
  }

  /** One character a byte, so that different bytes are different keys. */
  private static String mapKey(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** Ends a successful read: its devices are the known ones from now on. */
  void commit() {
    if (!changed && listed.size() == known.size()) {
      return;
    }
    List<D> before = known;
    known = listed;
    listed = before;
    byName.clear();
    for (int i = 0; i < known.size(); i++) {
      Device device = known.get(i);
      device.moveTo(i);
      byName.put(mapKey(device.key), known.get(i));
    }
  }

  /** The devices of the last committed read, in its order. */
  List<D> known() {
    return known;
  }
}
