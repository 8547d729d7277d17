package io.duologger.window;

import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.PackedHistogram;
import org.HdrHistogram.ShortCountsHistogram;

/**
 * HdrHistograms of 3 significant digits that also take zeros, negatives and any range: magnitudes
 * of either sign are scaled by a power of two to whole numbers below 2^36, or 2^23 where there are
 * both signs. So a value is off by a thousandth of itself, or by the largest magnitude of its sign
 * over 2^31 (2^18) where that is more. One writer.
 *
 * <p>Counters are shorts, of 2 KiB an octave: both sides together take 56 KiB at most. What does
 * not fit a counter is carried to a packed histogram, which stays small as few counters ever are
 * full. (HdrHistogram's own for doubles grow their range while values come, which takes
 * milliseconds, and its packed one takes a microsecond a value.)
 */
final class SignedHistogram {
  /** What the counters take at most. */
  static final long BYTES = 56 << 10;

  private static final int DIGITS = 3;
  private static final int BITS_OF_ONE_SIGN = 36;
  private static final int BITS_OF_BOTH = 23;

  /** So many octaves above the largest magnitude so far there is room. */
  private static final int HEADROOM = 4;

  /** Further away from 1 a power of two is no normal double. */
  private static final int MOST_SHIFT = 1000;

  private Side negative;
  private Side positive;
  private long zeros;

  /**
   * An empty histogram.
   *
   * @param least the smallest of the first values that will come
   * @param most the largest of them
   */
  SignedHistogram(double least, double most) {
    int bits = least < 0 && most > 0 ? BITS_OF_BOTH : BITS_OF_ONE_SIGN;
    negative = least < 0 ? new Side(bits, -least) : null;
    positive = most > 0 ? new Side(bits, most) : null;
  }

  private SignedHistogram(SignedHistogram other) {
    negative = other.negative == null ? null : other.negative.copy();
    positive = other.positive == null ? null : other.positive.copy();
    zeros = other.zeros;
  }

  /** A histogram of the same values that goes its own way. */
  SignedHistogram copy() {
    return new SignedHistogram(this);
  }

  /** Adds {@code values} from {@code from} to before {@code to}. */
  void record(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (value > 0) {
        if (positive == null) {
          negative = besideAnother(negative);
          positive = besides(negative, value);
        }
        positive.record(value);
      } else if (value < 0) {
        if (negative == null) {
          positive = besideAnother(positive);
          negative = besides(positive, -value);
        }
        negative.record(-value);
      } else {
        zeros++;
      }
    }
  }

  private static Side besideAnother(Side first) {
    return first == null ? null : first.resized(BITS_OF_BOTH, first.largest());
  }

  private static Side besides(Side first, double magnitude) {
    return new Side(first == null ? BITS_OF_ONE_SIGN : BITS_OF_BOTH, magnitude);
  }

  long count() {
    return count(negative) + zeros + count(positive);
  }

  private static long count(Side side) {
    return side == null ? 0 : side.total;
  }

  /**
   * Writes the values of the given 1-based ranks in ascending order; leaves alone those of rank 0.
   * Walks each side once, which is what takes the time.
   */
  void valuesAt(long[] ranks, double[] into) {
    long below = count(negative);
    long[] inNegative = new long[ranks.length];
    long[] inPositive = new long[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] > below + zeros) {
        inPositive[i] = ranks[i] - below - zeros;
      } else if (ranks[i] > below) {
        into[i] = 0;
      } else if (ranks[i] > 0) {
        inNegative[i] = below - ranks[i] + 1;
      }
    }
    if (negative != null) {
      negative.valuesAt(inNegative, -1, into);
    }
    if (positive != null) {
      positive.valuesAt(inPositive, 1, into);
    }
  }

  /** Magnitudes of one sign. */
  private static final class Side {
    /** A counter keeps at least 1 and at most this much of what is carried. */
    private static final long CARRY = Short.MAX_VALUE - 1;

    private final int bits;
    private final double limit;
    private double scale;
    private ShortCountsHistogram counts;

    /** Multiples of {@link #CARRY}; null if there are none. */
    private PackedHistogram carries;

    private long total;

    Side(int bits, double largest) {
      this.bits = bits;
      this.limit = Math.scalb(1.0, bits);
      int shift = bits - HEADROOM - 1 - Math.getExponent(largest);
      this.scale = Math.scalb(1.0, Math.max(-MOST_SHIFT, Math.min(shift, MOST_SHIFT)));
      this.counts = new ShortCountsHistogram(1, 1L << bits, DIGITS);
    }

    private Side(Side other) {
      bits = other.bits;
      limit = other.limit;
      scale = other.scale;
      counts = other.counts.copy();
      carries = other.carries == null ? null : other.carries.copy();
      total = other.total;
    }

    Side copy() {
      return new Side(this);
    }

    /** The same counts with another range. */
    Side resized(int newBits, double largest) {
      Side other = new Side(newBits, largest);
      for (HistogramIterationValue bucket : counts.recordedValues()) {
        long value = bucket.getValueIteratedTo();
        double scaled = Math.min(middle(value) * other.scale, other.limit - 1);
        other.add((long) scaled, countAt(value, bucket.getCountAtValueIteratedTo()));
      }
      return other;
    }

    double largest() {
      return counts.getMaxValue() / scale;
    }

    void record(double magnitude) {
      double scaled = magnitude * scale;
      if (scaled >= limit) {
        Side larger = resized(bits, magnitude);
        scale = larger.scale;
        counts = larger.counts;
        carries = larger.carries;
        // Less than the limit but for infinity.
        scaled = Math.min(magnitude * scale, limit - 1);
      }
      try {
        counts.recordValue((long) scaled);
        total++;
      } catch (IllegalStateException full) {
        add((long) scaled, 1);
      }
    }

    private void add(long value, long count) {
      long here = counts.getCountAtValue(value) + count;
      long carried = (here - 1) / CARRY * CARRY;
      if (carried > 0) {
        if (carries == null) {
          carries = new PackedHistogram(1, 1L << bits, DIGITS);
        }
        carries.recordValueWithCount(value, carried);
      }
      counts.recordValueWithCount(value, count - carried);
      total += count;
    }

    private long countAt(long value, long count) {
      return carries == null ? count : count + carries.getCountAtValue(value);
    }

    void valuesAt(long[] ranks, int sign, double[] into) {
      long last = 0;
      for (long rank : ranks) {
        last = Math.max(last, rank);
      }
      if (last == 0) {
        return;
      }
      long before = 0;
      for (HistogramIterationValue bucket : counts.recordedValues()) {
        long value = bucket.getValueIteratedTo();
        long seen = before + countAt(value, bucket.getCountAtValueIteratedTo());
        for (int i = 0; i < ranks.length; i++) {
          if (ranks[i] > before && ranks[i] <= seen) {
            into[i] = sign * middle(value);
          }
        }
        if (seen >= last) {
          return;
        }
        before = seen;
      }
    }

    /** The middle of the bucket of a scaled value. */
    private double middle(long value) {
      double twice = counts.lowestEquivalentValue(value) + counts.nextNonEquivalentValue(value);
      return twice / 2 / scale;
    }
  }
}
