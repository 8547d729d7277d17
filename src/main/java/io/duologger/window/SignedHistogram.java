package io.duologger.window;

import java.util.Arrays;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.DoubleHistogramIterationValue;
import org.HdrHistogram.IntCountsHistogram;
import org.HdrHistogram.PackedDoubleHistogram;

/**
 * An HdrHistogram of 3 significant digits that also takes zeros, negatives and any range:
 * magnitudes of either sign go to a histogram of their own, whose range is below 2^50, and what is
 * smaller than the largest magnitude by more than 2^40 may count as zero. One writer.
 *
 * <p>A histogram has a counter for each bucket of its range, 4 KiB an octave, until both together
 * would exceed {@link #PLAIN_BYTES}: about 20 octaves. From then on the larger one is packed, which
 * takes about 5 KB, but a microsecond a value and milliseconds a walk.
 */
final class SignedHistogram {
  private static final int DIGITS = 3;
  private static final double RANGE = 0x1p45;

  /** How much of the range stays when it is exceeded: less, as that takes a millisecond. */
  private static final double KEPT = 0x1p40;

  /** Beside the few raw chunks that a column may still hold, this leaves it below 100 KB. */
  private static final int PLAIN_BYTES = 88_000;

  private final Side negative;
  private final Side positive;
  private long zeros;

  SignedHistogram() {
    this(new Side(), new Side(), 0);
  }

  private SignedHistogram(Side negative, Side positive, long zeros) {
    this.negative = negative;
    this.positive = positive;
    this.zeros = zeros;
  }

  /** A histogram of the same values that goes its own way. */
  SignedHistogram copy() {
    return new SignedHistogram(negative.copy(), positive.copy(), zeros);
  }

  /** Adds {@code values} from {@code from} to before {@code to}. */
  void record(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (value > 0) {
        zeros += positive.record(value);
      } else if (value < 0) {
        zeros += negative.record(-value);
      } else {
        zeros++;
      }
    }
    if (negative.plainBytes() + positive.plainBytes() > PLAIN_BYTES) {
      (negative.plainBytes() > positive.plainBytes() ? negative : positive).pack();
    }
  }

  long count() {
    return negative.count() + zeros + positive.count();
  }

  /**
   * Writes the values of the given 1-based ranks in ascending order, within 3 significant digits;
   * leaves alone those of rank 0. Walks each side once, which is what takes the time.
   */
  void valuesAt(long[] ranks, double[] into) {
    long below = negative.count();
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
    negative.valuesAt(inNegative, -1, into);
    positive.valuesAt(inPositive, 1, into);
  }

  /** A histogram with an int for each counter: a window has less than 2^31 samples. */
  private static final class PlainHistogram extends DoubleHistogram {
    private static final long serialVersionUID = 1L;

    PlainHistogram() {
      super(2, DIGITS, IntCountsHistogram.class);
      setAutoResize(true);
    }

    @Override
    public DoubleHistogram copy() {
      DoubleHistogram copy = new PlainHistogram();
      copy.add(this);
      return copy;
    }
  }

  /** Magnitudes of one sign. */
  private static final class Side {
    private DoubleHistogram histogram;
    private double largest;
    private double smallest = Double.POSITIVE_INFINITY;

    Side copy() {
      Side copy = new Side();
      copy.histogram = histogram == null ? null : histogram.copy();
      copy.largest = largest;
      copy.smallest = smallest;
      return copy;
    }

    /** What the counters take; 0 if they are packed. */
    int plainBytes() {
      return histogram instanceof PlainHistogram ? histogram.getEstimatedFootprintInBytes() : 0;
    }

    void pack() {
      DoubleHistogram packed = new PackedDoubleHistogram(DIGITS);
      packed.add(histogram);
      histogram = packed;
    }

    long count() {
      return histogram == null ? 0 : histogram.getTotalCount();
    }

    /**
     * Records a magnitude; returns how many values, this or earlier ones, turned out too small to
     * be told from zero.
     */
    long record(double magnitude) {
      if (histogram == null) {
        histogram = new PlainHistogram();
      }
      if (magnitude < largest / RANGE) {
        return 1;
      }
      long dropped = 0;
      if (magnitude > smallest * RANGE) {
        dropped = dropBelow(magnitude / KEPT);
      }
      histogram.recordValue(magnitude);
      largest = Math.max(largest, magnitude);
      smallest = Math.min(smallest, magnitude);
      return dropped;
    }

    private long dropBelow(double floor) {
      DoubleHistogram kept =
          histogram instanceof PlainHistogram
              ? new PlainHistogram()
              : new PackedDoubleHistogram(DIGITS);
      long dropped = 0;
      smallest = Double.POSITIVE_INFINITY;
      for (DoubleHistogramIterationValue bucket : histogram.recordedValues()) {
        double value = middle(bucket);
        long count = bucket.getCountAtValueIteratedTo();
        if (value < floor) {
          dropped += count;
        } else {
          kept.recordValueWithCount(value, count);
          smallest = Math.min(smallest, value);
        }
      }
      histogram = kept;
      return dropped;
    }

    void valuesAt(long[] ranks, int sign, double[] into) {
      if (Arrays.stream(ranks).allMatch(rank -> rank == 0)) {
        return;
      }
      long before = 0;
      for (DoubleHistogramIterationValue bucket : histogram.recordedValues()) {
        long seen = before + bucket.getCountAtValueIteratedTo();
        for (int i = 0; i < ranks.length; i++) {
          if (ranks[i] > before && ranks[i] <= seen) {
            into[i] = sign * middle(bucket);
          }
        }
        before = seen;
      }
    }

    /**
     * The middle of a bucket. The iterator gives its upper end, which in large histograms rounds to
     * the bucket above; the step back from it is smaller than any bucket and larger than that
     * rounding.
     */
    private double middle(DoubleHistogramIterationValue bucket) {
      double unit = histogram.getIntegerToDoubleValueConversionRatio();
      double inside = bucket.getValueIteratedTo() * (1 - 0x1p-14) + unit / 4;
      return (histogram.lowestEquivalentValue(inside) + histogram.nextNonEquivalentValue(inside))
          / 2;
    }
  }
}
