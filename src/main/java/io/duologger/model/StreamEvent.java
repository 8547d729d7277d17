package io.duologger.model;

/**
 * What flows from the ticks and reads into the window. Control events ({@link Boundary}, {@link
 * Request}, {@link Regrid}, {@link Deadline}) come from one place in one order and are numbered;
 * the events of a source come in due order and say which control event preceded their tick. Between
 * the two no order of arrival is promised: the numbers and the due times decide.
 */
public sealed interface StreamEvent {

  /** Something that happened to the tick of one source. */
  sealed interface OfSource extends StreamEvent {
    /** Whose tick it was. */
    Source source();

    /** When the tick was due, monotonic nanoseconds. */
    long due();

    /**
     * Every tick of the source that was due by then has its outcome: read, or skipped because a
     * read was under way. The end of a read is no such instant: a tick that came due just before it
     * may reach the reader after it.
     */
    long settledThrough();

    /** The number of the last control event before the tick was emitted. */
    long after();
  }

  /**
   * A read that succeeded.
   *
   * @param lacks what could not be read, and why; empty if nothing
   * @param priming whether it is the read that sets the baselines and is no tick
   */
  record Sampled(
      Source source, Sample sample, String lacks, boolean priming, long settledThrough, long after)
      implements OfSource {
    @Override
    public long due() {
      return sample.due();
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
   * @param detail for people; empty if there is nothing to say
   */
  record Missed(
      Source source,
      long due,
      long started,
      Reason reason,
      String detail,
      boolean priming,
      long settledThrough,
      long after)
      implements OfSource {}

  /**
   * The reader is free again, where that tells something: a read that had taken too long has ended
   * at last, and what it read is discarded; or the priming read is over with all that followed it,
   * and ticks count from now on.
   */
  record Freed(Source source, long due, long settledThrough, long after) implements OfSource {}

  /** Why a window closes. */
  enum Close {
    /** The grid said so. */
    HEARTBEAT("", false),
    /** The run ends. */
    STOP("stop", true),
    /** The configuration changed. */
    RELOAD("reload", false),
    /** The wall clock stepped. */
    CLOCK("clock", false),
    /** Someone wants a report now. */
    SIGNAL("request", true),
    /** A request, in a run whose windows close on request. */
    ANSWER("", false);

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
   * @param start where the window began, monotonic nanoseconds
   * @param end the last instant of the window, monotonic nanoseconds
   * @param why what closed it
   * @param jump how far the wall clock stepped against the monotonic clock, nanoseconds
   * @param next when the following window will end if nothing comes between
   */
  record Boundary(long number, long start, long end, Close why, long jump, long next)
      implements StreamEvent {
    /** Whether the window has any length; one that closes just after another did has none. */
    public boolean hasLength() {
      return end > start;
    }
  }

  /**
   * A report is asked for, in a run whose windows close on request.
   *
   * @param number of this control event
   * @param at when, monotonic nanoseconds
   * @param next when the open window will end if nothing comes between
   */
  record Request(long number, long at, long next) implements StreamEvent {}

  /**
   * Another plan is in force.
   *
   * @param number of this control event
   * @param reloaded whether the configuration was read again, not just the grid moved
   * @param next when the open window will end if nothing comes between
   */
  record Regrid(long number, Plan plan, boolean reloaded, long next) implements StreamEvent {}

  /** A request that was made at {@code at} waits no longer for first samples. */
  record Patience(long at) implements StreamEvent {}

  /** The grace of the window that ended at {@code end} is over. */
  record Deadline(long end) implements StreamEvent {}
}
