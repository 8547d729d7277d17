package io.duologger.model;

import java.util.List;

/**
 * The series of a sample in the order in which the collector gave them. Samples share the object
 * while nothing changes, so that whoever folds them resolves each series once per layout and not
 * once per value.
 *
 * <p>Each series takes one slot in {@link Sample#values}: a gauge as raw double bits, a counter as
 * it is, a text as the index into {@link Sample#texts}; and two where a capacity (as double bits)
 * or a denominator follows.
 */
public final class Layout {
  /** The layout of a sample without readings. */
  public static final Layout EMPTY = new Layout(List.of(), new boolean[0]);

  private final Series[] series;
  private final int[] slots;
  private final boolean[] wide;
  private final int size;
  private final Rows rows;

  /**
   * @param series the series in reading order
   * @param wide per series, whether it takes two slots
   */
  public Layout(List<Series> series, boolean[] wide) {
    this.series = series.toArray(new Series[0]);
    this.wide = wide.clone();
    this.slots = new int[this.series.length];
    int next = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = next;
      next += wide[i] ? 2 : 1;
    }
    this.size = next;
    this.rows = new Rows(next);
  }

  /** The number of series. */
  public int count() {
    return series.length;
  }

  /** The series at {@code position}. */
  public Series series(int position) {
    return series[position];
  }

  /** The first slot of the series at {@code position}. */
  public int slot(int position) {
    return slots[position];
  }

  /** Whether the series at {@code position} takes a second slot. */
  public boolean wide(int position) {
    return wide[position];
  }

  /** The number of slots. */
  public int size() {
    return size;
  }

  /**
   * An array of {@link #size} slots for the values of a sample: one that {@link Sample#release}
   * gave back, with whatever is in it, or a new one. May be called by any thread.
   */
  public long[] row() {
    return rows.take();
  }

  /** Takes back what {@link #row} gave. */
  void giveBack(long[] row) {
    rows.giveBack(row);
  }
}
