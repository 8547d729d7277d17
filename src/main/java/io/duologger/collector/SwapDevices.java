package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.ProcFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which block devices the host swaps to. Source: the lines of /proc/swaps whose type is partition.
 * Used by one thread at a time.
 */
final class SwapDevices implements Closeable {
  private static final byte[] PARTITION = ByteScanner.key("partition");
  private static final String DEV = "/dev/";

  private final ProcFile file;
  private final List<byte[]> names = new ArrayList<>();
  private final Set<String> devices = new HashSet<>();
  private long changes;

  SwapDevices(ProcFile file) {
    this.file = file;
  }

  /** Reads the list anew; a kernel without swapping has none. */
  void read() throws IOException {
    if (file.exists() && parse(file.read(), names)) {
      changes++;
      devices.clear();
      for (byte[] name : names) {
        String path = ByteScanner.text(name);
        devices.add(path.startsWith(DEV) ? path.substring(DEV.length()) : path);
      }
    }
  }

  /** Grows whenever the list changes. */
  long changes() {
    return changes;
  }

  /** Whether the host swaps to the device {@code name}. */
  boolean contains(String name) {
    return devices.contains(name);
  }

  /**
   * A heading, then "path type size used priority"; updates {@code names} to the paths and returns
   * whether that changed anything.
   */
  static boolean parse(ByteScanner in, List<byte[]> names) throws IOException {
    boolean changed = false;
    int count = 0;
    in.nextLine();
    while (in.nextLine()) {
      if (in.nextToken()) {
        boolean known = count < names.size() && in.tokenIs(names.get(count));
        byte[] name = known ? names.get(count) : in.tokenBytes();
        if (!in.nextToken()) {
          throw in.malformed("missing type");
        }
        if (in.tokenIs(PARTITION)) {
          if (!known) {
            names.subList(count, names.size()).clear();
            names.add(name);
            changed = true;
          }
          count++;
        }
      }
    }
    if (count < names.size()) {
      names.subList(count, names.size()).clear();
      changed = true;
    }
    return changed;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
