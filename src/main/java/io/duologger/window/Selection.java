package io.duologger.window;

import java.util.Arrays;

/** Finds the value of a rank without sorting the rest (Hoare's FIND, median of three). */
final class Selection {
  private static final int SHORT = 16;

  private Selection() {}

  /**
   * The value that sorting {@code values} from {@code from} to before {@code to} would put at
   * {@code index}. Afterwards it is there, nothing larger is before it and nothing smaller after
   * it.
   */
  static long select(long[] values, int from, int to, int index) {
    int low = from;
    int high = to - 1;
    // halving takes so many rounds; where pivots are bad, sorting ends it
    int rounds = 2 * (32 - Integer.numberOfLeadingZeros(to - from));
    while (high - low > SHORT && rounds-- > 0) {
      long pivot = median(values[low], values[low + high >>> 1], values[high]);
      int left = low;
      int right = high;
      while (left <= right) {
        while (values[left] < pivot) {
          left++;
        }
        while (values[right] > pivot) {
          right--;
        }
        if (left <= right) {
          long swapped = values[left];
          values[left++] = values[right];
          values[right--] = swapped;
        }
      }
      if (index <= right) {
        high = right;
      } else if (index >= left) {
        low = left;
      } else {
        return values[index];
      }
    }
    Arrays.sort(values, low, high + 1);
    return values[index];
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
