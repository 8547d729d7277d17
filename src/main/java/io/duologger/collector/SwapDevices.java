package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.ProcFile;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which block devices the host swaps to. Source: the lines of /proc/swaps whose type is partition.
 * They change when somebody adds or removes swap space, so a recorder that reads faster than once a
 * second looks once a second. Used by one thread at a time.
 */
final class SwapDevices implements Closeable {
  private static final byte[] PARTITION = ByteScanner.key("partition");
  private static final String DEV = "/dev/";
  private static final long LOOK_NANOS = 1_000_000_000;

  private final ProcFile file;
  private final List<Swap> swaps = new ArrayList<>();
  private final Set<String> devices = new HashSet<>();
  private final long ticksPerLook;
  private long ticksToLook;
  private long changes;
  private boolean incomplete;

  /** What the host swaps to: a block device, or a file in a file system. */
  record Swap(String path, byte[] key, boolean partition) {}

  /**
   * The list {@code file}.
   *
   * @param every how often {@link #read} is called
   */
  SwapDevices(ProcFile file, Duration every) {
    this.file = file;
    this.ticksPerLook = Math.max(1, LOOK_NANOS / every.toNanos());
  }

  /** Reads the list anew if it is time to; a kernel without swapping has none. */
  void read() throws IOException {
    ticksToLook--;
    if (ticksToLook > 0 || !file.exists()) {
      return;
    }
    boolean again = incomplete;
    incomplete = true;
    boolean changed = parse(file.read(), swaps);
    incomplete = false;
    ticksToLook = ticksPerLook;
    if (changed || again) {
      remember();
    }
  }

  private void remember() {
    changes++;
    devices.clear();
    for (Swap swap : swaps) {
      if (swap.partition() && swap.path().startsWith(DEV)) {
        devices.add(swap.path().substring(DEV.length()));
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
   * A heading, then "path type size used priority". Brings {@code swaps} up to date and returns
   * whether that changed anything.
   */
  static boolean parse(ByteScanner in, List<Swap> swaps) throws IOException {
    int count = 0;
    boolean changed = false;
    in.nextLine();
    while (in.nextLine()) {
      if (!in.nextToken()) {
        continue;
      }
      if (count == swaps.size() || !in.tokenIs(swaps.get(count).key())) {
        swaps.subList(count, swaps.size()).clear();
        byte[] path = in.tokenBytes();
        if (!in.nextToken()) {
          throw in.malformed("missing type");
        }
        swaps.add(new Swap(ByteScanner.text(path), path, in.tokenIs(PARTITION)));
        changed = true;
      }
      count++;
    }
    if (count < swaps.size()) {
      swaps.subList(count, swaps.size()).clear();
      changed = true;
    }
    return changed;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
