package io.duologger.model;

/**
 * What flows from the ticks and reads into the window. Control events ({@link Boundary}, {@link
 * Regrid}, {@link Deadline}) come from one place in one order and are numbered; the events of a
 * source come in due order and say which control event preceded their tick. Between the two no
 * order of arrival is promised: the numbers and the due times decide.
 */
public sealed interface StreamEvent {

  /** Something that happened to the tick of one source. */
  sealed interface OfSource extends StreamEvent {
    /** Whose tick it was. */
    Source source();

    /** When the tick was due, monotonic nanoseconds. */
    long due();

    /** Every tick of the source that was due by then has its outcome. */
    long settledThrough();

    /** The number of the last control event before the tick was emitted. */
    long after();
  }

  /**
   * A read that succeeded.
   *
   * @param priming whether it is the read that sets the baselines and is no tick
   */
  record Sampled(Source source, Sample sample, boolean priming, long after) implements OfSource {
    @Override
    public long due() {
      return sample.due();
    }

    /** Ticks that came due during the read were skipped. */
    @Override
    public long settledThrough() {
      return Math.max(sample.due(), sample.finished());
    }
  }

  /** Why a tick has no reading. */
  enum Reason {
    /** The read failed with an exception. */
    FAILED,
    /** The read took longer than the time limit; it may still be under way. */
    TIMEOUT,
    /** The host does not have the source. */
    ABSENT
  }

  /**
   * A tick without a reading.
   *
   * @param at when that was certain, monotonic nanoseconds
   * @param detail for people; empty if there is nothing to say
   */
  record Missed(
      Source source,
      long due,
      long started,
      long at,
      Reason reason,
      String detail,
      boolean priming,
      long after)
      implements OfSource {
    @Override
    public long settledThrough() {
      return Math.max(due, at);
    }
  }

  /** A read that had taken too long has ended at last; what it read is discarded. */
  record Freed(Source source, long due, long at, long after) implements OfSource {
    @Override
    public long settledThrough() {
      return Math.max(due, at);
    }
  }

  /** Why a window closes. */
  enum Close {
    /** The grid said so. */
    HEARTBEAT("", false),
    /** The run ends. */
    STOP("stop", true),
    /** The configuration changed. */
    RELOAD("reload", false),
    /** The wall clock stepped. */
    CLOCK("clock", false);

    private final String partial;
    private final boolean reads;

    Close(String partial, boolean reads) {
      this.partial = partial;
      this.reads = reads;
    }

    /** What the line says of a window that this close cut short; empty if it did not. */
    public String partial() {
      return partial;
    }

    /** Whether sources that are read once a heartbeat are read now. */
    public boolean reads() {
      return reads;
    }
  }

  /**
   * The open window ends.
   *
   * @param number of this control event
   * @param end the last instant of the window, monotonic nanoseconds
   * @param why what closed it
   * @param jump how far the wall clock stepped against the monotonic clock, nanoseconds
   * @param next when the following window will end if nothing comes between
   */
  record Boundary(long number, long end, Close why, long jump, long next) implements StreamEvent {}

  /**
   * Another plan is in force.
   *
   * @param number of this control event
   * @param reloaded whether the configuration was read again, not just the grid moved
   * @param next when the open window will end if nothing comes between
   */
  record Regrid(long number, Plan plan, boolean reloaded, long next) implements StreamEvent {}

  /** The grace of the window that ended at {@code end} is over. */
  record Deadline(long end) implements StreamEvent {}
}
