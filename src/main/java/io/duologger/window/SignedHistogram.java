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

  private static final int BITS_OF_ONE_SIGN = 36;
  private static final int BITS_OF_BOTH = 23;

  /** So many octaves above the largest magnitude so far there is room. */
  private static final int HEADROOM = 4;

  /** Further away from 1 a power of two is no normal double. */
  private static final int MOST_SHIFT = 1000;

  private final SpareCounts spare;
  private Side negative;
  private Side positive;
  private long zeros;

  /**
   * An empty histogram.
   *
   * @param least the smallest of the first values that will come
   * @param most the largest of them
   * @param spare where its counters come from
   */
  SignedHistogram(double least, double most, SpareCounts spare) {
    this.spare = spare;
    int bits = least < 0 && most > 0 ? BITS_OF_BOTH : BITS_OF_ONE_SIGN;
    negative = least < 0 ? new Side(bits, -least, spare) : null;
    positive = most > 0 ? new Side(bits, most, spare) : null;
  }

  private SignedHistogram(SignedHistogram other) {
    spare = other.spare;
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

  private Side besides(Side first, double magnitude) {
    return new Side(first == null ? BITS_OF_ONE_SIGN : BITS_OF_BOTH, magnitude, spare);
  }

  /** Gives the counters back; it must not be used again. */
  void release() {
    if (negative != null) {
      spare.giveBack(negative.counts);
    }
    if (positive != null) {
      spare.giveBack(positive.counts);
    }
    negative = null;
    positive = null;
  }

  long count() {
    return count(negative) + zeros + count(positive);
  }

  private static long count(Side side) {
    return side == null ? 0 : side.total;
  }

  /**
   * Writes the values of the given 1-based ranks in ascending order; leaves alone those of rank 0.
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

    /** Buckets of width 1, the first octaves; each octave above has half as many. */
    private static final int SINGLE = 2048;

    private static final int SINGLE_BITS = Integer.numberOfTrailingZeros(SINGLE);

    /** Bits of a double below its exponent. */
    private static final int MANTISSA = 52;

    private final int bits;
    private final double limit;
    private final SpareCounts spare;
    private final long[] octaves;
    private double scale;
    private ShortCountsHistogram counts;

    /** Multiples of {@link #CARRY}; null if there are none. */
    private PackedHistogram carries;

    private long total;

    Side(int bits, double largest, SpareCounts spare) {
      this.bits = bits;
      this.limit = Math.scalb(1.0, bits);
      this.spare = spare;
      int shift = bits - HEADROOM - 1 - Math.getExponent(largest);
      this.scale = Math.scalb(1.0, Math.max(-MOST_SHIFT, Math.min(shift, MOST_SHIFT)));
      this.counts = spare.take(bits);
      this.octaves = new long[bits - SINGLE_BITS + 1];
    }

    private Side(Side other) {
      bits = other.bits;
      limit = other.limit;
      spare = other.spare;
      scale = other.scale;
      counts = other.counts.copy();
      carries = other.carries == null ? null : other.carries.copy();
      total = other.total;
      octaves = other.octaves.clone();
    }

    Side copy() {
      return new Side(this);
    }

    /** The same counts with another range. */
    Side resized(int newBits, double largest) {
      Side other = new Side(newBits, largest, spare);
      for (HistogramIterationValue bucket : counts.recordedValues()) {
        long value = bucket.getValueIteratedTo();
        double scaled = Math.min(middle(value) * other.scale, other.limit - 1);
        other.add(scaled, countAt(value));
      }
      spare.giveBack(counts);
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
        System.arraycopy(larger.octaves, 0, octaves, 0, octaves.length);
        // Less than the limit but for infinity.
        scaled = Math.min(magnitude * scale, limit - 1);
      }
      try {
        counts.recordValue((long) scaled);
        octaves[octave(scaled)]++;
        total++;
      } catch (IllegalStateException full) {
        add(scaled, 1);
      }
    }

    private static int octave(double scaled) {
      int exponent = (int) (Double.doubleToRawLongBits(scaled) >>> MANTISSA) - Double.MAX_EXPONENT;
      return Math.max(0, exponent - SINGLE_BITS + 1);
    }

    private void add(double scaled, long count) {
      long value = (long) scaled;
      long here = counts.getCountAtValue(value) + count;
      long carried = (here - 1) / CARRY * CARRY;
      if (carried > 0) {
        if (carries == null) {
          carries = new PackedHistogram(1, counts.getHighestTrackableValue(), SpareCounts.DIGITS);
        }
        carries.recordValueWithCount(value, carried);
      }
      counts.recordValueWithCount(value, count - carried);
      octaves[octave(scaled)] += count;
      total += count;
    }

    private long countAt(long value) {
      long count = counts.getCountAtValue(value);
      return carries == null ? count : count + carries.getCountAtValue(value);
    }

    void valuesAt(long[] ranks, int sign, double[] into) {
      for (int i = 0; i < ranks.length; i++) {
        if (ranks[i] > 0) {
          into[i] = sign * middle(bucketAt(ranks[i]));
        }
      }
    }

    /** A scaled value of the bucket in which the value of a rank is. */
    private long bucketAt(long rank) {
      long left = rank;
      int octave = 0;
      while (left > octaves[octave]) {
        left -= octaves[octave++];
      }
      long step = 1L << octave;
      long value = octave == 0 ? 0 : SINGLE / 2 * step;
      left -= countAt(value);
      while (left > 0) {
        value += step;
        left -= countAt(value);
      }
      return value;
    }

    /** The middle of the bucket of a scaled value. */
    private double middle(long value) {
      double twice = counts.lowestEquivalentValue(value) + counts.nextNonEquivalentValue(value);
      return twice / 2 / scale;
    }
  }
}
