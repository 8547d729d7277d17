package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;

/**
 * Reads /proc/self/mountstats. Every mount has a line there, and NFS mounts have more below it:
 *
 * <pre>
 * device server:/home mounted on /home with fstype nfs4 statvers=1.1
 *         age:    3542
 *         bytes:  1 2 3 4 5 6 7 8
 *         per-op statistics
 *                 READ: 1 2 3 4 5 6 7 8 9
 * </pre>
 *
 * <p>Other lines are passed over: options, transports, and what the server calls itself, which may
 * be of several lines. Used by one thread at a time.
 */
final class NfsMountStats {
  private static final byte[] DEVICE = ByteScanner.key("device");
  private static final byte[] NO_DEVICE = ByteScanner.key("no");
  private static final byte[][] MOUNTED_ON = {ByteScanner.key("mounted"), ByteScanner.key("on")};
  private static final byte[][] WITH_TYPE = {ByteScanner.key("with"), ByteScanner.key("fstype")};
  private static final byte[] NFS = ByteScanner.key("nfs");
  private static final byte[] NFS4 = ByteScanner.key("nfs4");
  private static final byte[] AGE = ByteScanner.key("age:");
  private static final byte[] BYTES = ByteScanner.key("bytes:");
  private static final byte[] OPERATIONS = ByteScanner.key("per-op");

  private final DeviceTable<NfsMount> mounts;
  private final long[] numbers = new long[NfsMount.WITH_ERRORS];

  /** Null in front of the first mount that is measured, and in what one has that is not. */
  private NfsMount mount;

  private boolean inOperations;

  private NfsMountStats(DeviceTable<NfsMount> mounts) {
    this.mounts = mounts;
  }

  /** A reader that puts what it finds into {@code mounts}. */
  static NfsMountStats into(DeviceTable<NfsMount> mounts) {
    return new NfsMountStats(mounts);
  }

  /** Reads all; the table is not committed. */
  void parse(ByteScanner in) throws IOException {
    mounts.begin();
    mount = null;
    while (in.nextLine()) {
      if (in.nextToken()) {
        if (in.tokenIs(DEVICE)) {
          mount(in);
        } else if (in.tokenIs(NO_DEVICE)) {
          mount = null;
        } else if (mount != null) {
          line(in);
        }
      }
    }
  }

  /**
   * Neither name has blanks, as the kernel writes \040. Those of some other file systems do: such
   * lines are theirs.
   */
  private void mount(ByteScanner in) throws IOException {
    mount = null;
    long device = next(in, "device");
    if (words(in, MOUNTED_ON)) {
      long point = next(in, "mount point");
      if (words(in, WITH_TYPE)) {
        next(in, "type");
        if (in.tokenIs(NFS) || in.tokenIs(NFS4)) {
          in.tokenAt(point);
          NfsMount found = mounts.deviceAgain(in);
          if (found.wanted) {
            in.tokenAt(device);
            found.begin(in);
            mount = found;
          }
          inOperations = false;
        }
      }
    }
  }

  private static long next(ByteScanner in, String field) throws IOException {
    if (!in.nextToken()) {
      throw in.malformed("missing " + field);
    }
    return in.tokenPlace();
  }

  private static boolean words(ByteScanner in, byte[][] words) throws IOException {
    for (byte[] word : words) {
      next(in, "mount point or type");
      if (!in.tokenIs(word)) {
        return false;
      }
    }
    return true;
  }

  private void line(ByteScanner in) throws IOException {
    if (inOperations) {
      int kind = NfsMount.kind(in);
      int count = in.nextUnsigned(numbers, NfsMount.WITH_ERRORS, "number of an operation");
      if (count < NfsMount.COLUMNS) {
        throw in.malformed("missing number of an operation");
      }
      mount.operation(kind, numbers, count);
    } else if (in.tokenIs(AGE)) {
      mount.age(in.nextUnsigned("age"));
    } else if (in.tokenIs(BYTES)) {
      if (in.nextUnsigned(mount.values, NfsMount.BYTES, "bytes") < NfsMount.BYTES) {
        throw in.malformed("missing bytes");
      }
      mount.traffic();
    } else {
      inOperations = in.tokenIs(OPERATIONS);
    }
  }
}
