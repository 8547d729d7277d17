package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.util.List;

/**
 * The keys that a collector wants of a file of "key value" lines, in the order in which the kernel
 * prints them. Looks first behind the key found last, so that a whole file costs about one
 * comparison a wanted line. Used by one thread at a time.
 */
final class Keys {
  private final byte[][] keys;
  private int expected;

  Keys(List<String> keys) {
    this.keys = keys.stream().map(ByteScanner::key).toArray(byte[][]::new);
  }

  int count() {
    return keys.length;
  }

  /** The index of the key that the scanner's token is, or -1. */
  int find(ByteScanner in) {
    for (int i = 0, at = expected; i < keys.length; i++, at++) {
      if (at >= keys.length) {
        at -= keys.length;
      }
      if (in.tokenIs(keys[at])) {
        expected = at + 1;
        return at;
      }
    }
    return -1;
  }
}
