package io.duologger.window;

import java.util.Arrays;

/**
 * How often which value came, to 3 significant digits: values whose leading 10 bits after the first
 * agree share a bucket, those of HdrHistogram at 3 digits. Takes any sign; what is smaller than the
 * largest magnitude by more than 2^40 may count as zero, where values are spread that far. One
 * writer.
 *
 * <p>Buckets lie in pages of {@value #PAGE}, of which there are those that have a value. A page
 * starts with a byte a bucket and gets another byte each when a count overflows, so that memory
 * follows the spread of the values and hardly their number. (HdrHistogram's packed histogram takes
 * a microsecond a value and milliseconds a walk.)
 */
final class LogLinearHistogram {
  private static final int DIGIT_BITS = 10;
  private static final int SHIFT = 52 - DIGIT_BITS;
  private static final int PAGE_BITS = 7;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int PAGE_SHIFT = SHIFT + PAGE_BITS;
  private static final double KEPT = 0x1p40;

  /** The pages of both signs over a range of {@link #KEPT}, and some more. */
  private static final int MOST_PAGES = 2 * 44 * (1 << DIGIT_BITS - PAGE_BITS);

  private Page[] pages = new Page[8];
  private int used;
  private Page recent;
  private long zeros;
  private long count;

  /** Pages of smaller magnitudes have become zero. */
  private double floor;

  /** Neighbouring buckets: the counts' bytes, the low ones first. */
  private static final class Page {
    private final int number;
    private byte[][] planes = {new byte[PAGE]};

    Page(int number) {
      this.number = number;
    }

    Page copy() {
      Page copy = new Page(number);
      copy.planes = new byte[planes.length][];
      for (int i = 0; i < planes.length; i++) {
        copy.planes[i] = planes[i].clone();
      }
      return copy;
    }

    void increment(int bucket) {
      if (++planes[0][bucket] == 0) {
        carry(bucket);
      }
    }

    private void carry(int bucket) {
      for (int plane = 1; ; plane++) {
        if (plane == planes.length) {
          planes = Arrays.copyOf(planes, plane + 1);
          planes[plane] = new byte[PAGE];
        }
        if (++planes[plane][bucket] != 0) {
          return;
        }
      }
    }

    long count(int bucket) {
      long sum = 0;
      for (int plane = planes.length - 1; plane >= 0; plane--) {
        sum = sum << Byte.SIZE | planes[plane][bucket] & 0xff;
      }
      return sum;
    }

    long count() {
      long sum = 0;
      for (int bucket = 0; bucket < PAGE; bucket++) {
        sum += count(bucket);
      }
      return sum;
    }

    /** The largest magnitude of its buckets, or a little more. */
    double magnitude() {
      double first = SortableDouble.toDouble((long) number << PAGE_SHIFT);
      double next = SortableDouble.toDouble((long) number + 1 << PAGE_SHIFT);
      return Math.max(Math.abs(first), Math.abs(next));
    }
  }

  /** A histogram of the same values that goes its own way. */
  LogLinearHistogram copy() {
    LogLinearHistogram copy = new LogLinearHistogram();
    copy.pages = new Page[pages.length];
    for (int i = 0; i < used; i++) {
      copy.pages[i] = pages[i].copy();
    }
    copy.used = used;
    copy.zeros = zeros;
    copy.count = count;
    copy.floor = floor;
    return copy;
  }

  /** Adds {@code values} from {@code from} to before {@code to}. */
  void record(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (value == 0) {
        zeros++;
        continue;
      }
      long sortable = SortableDouble.of(value);
      int number = (int) (sortable >> PAGE_SHIFT);
      if ((recent == null || recent.number != number) && !open(number)) {
        zeros++;
        continue;
      }
      recent.increment((int) (sortable >> SHIFT) & PAGE - 1);
    }
    count += to - from;
  }

  /** Makes the page of that number the recent one; false if its magnitudes count as zero. */
  private boolean open(int number) {
    int at = search(number);
    if (at < used && pages[at].number == number) {
      recent = pages[at];
      return true;
    }
    Page added = new Page(number);
    if (added.magnitude() < floor) {
      return false;
    }
    if (used == MOST_PAGES) {
      dropSmallest();
      at = search(number);
    }
    if (used == pages.length) {
      pages = Arrays.copyOf(pages, used + used / 2);
    }
    System.arraycopy(pages, at, pages, at + 1, used++ - at);
    pages[at] = added;
    recent = added;
    return true;
  }

  /** The position of the first page that is not below {@code number}. */
  private int search(int number) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = low + high >>> 1;
      if (pages[middle].number < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** There are too many pages: what is far below the largest magnitude becomes zero. */
  private void dropSmallest() {
    floor = Math.max(pages[0].magnitude(), pages[used - 1].magnitude()) / KEPT;
    int kept = 0;
    for (int i = 0; i < used; i++) {
      if (pages[i].magnitude() < floor) {
        zeros += pages[i].count();
      } else {
        pages[kept++] = pages[i];
      }
    }
    Arrays.fill(pages, kept, used, null);
    used = kept;
  }

  long count() {
    return count;
  }

  /**
   * Writes the values of the given 1-based ranks in ascending order, within 3 significant digits;
   * leaves alone those of rank 0.
   */
  void valuesAt(long[] ranks, double[] into) {
    long before = 0;
    boolean passedZero = false;
    for (int i = 0; i < used; i++) {
      if (!passedZero && pages[i].number >= 0) {
        passedZero = true;
        fill(ranks, before, zeros, 0, into);
        before += zeros;
      }
      before = walk(pages[i], before, ranks, into);
    }
    if (!passedZero) {
      fill(ranks, before, zeros, 0, into);
    }
  }

  private static long walk(Page page, long before, long[] ranks, double[] into) {
    long seen = before;
    for (int bucket = 0; bucket < PAGE; bucket++) {
      long here = page.count(bucket);
      if (here > 0) {
        fill(ranks, seen, here, middle(((long) page.number << PAGE_BITS) + bucket), into);
        seen += here;
      }
    }
    return seen;
  }

  private static void fill(long[] ranks, long before, long here, double value, double[] into) {
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] > before && ranks[i] <= before + here) {
        into[i] = value;
      }
    }
  }

  /** The middle of a bucket; infinity is its own. */
  private static double middle(long bucket) {
    long bits = Double.doubleToRawLongBits(SortableDouble.toDouble(bucket << SHIFT));
    long edge = bits >> SHIFT << SHIFT;
    double middle = Double.longBitsToDouble(edge | 1L << SHIFT - 1);
    return Double.isNaN(middle) ? Double.longBitsToDouble(edge) : middle;
  }
}
