package io.duologger.window;

/** How much memory raw values may take. Used by the window's writer only. */
public final class PercentileBudget {
  private final long limit;
  private long reserved;
  private long asked;
  private long refused;

  /**
   * @param limit bytes
   */
  public PercentileBudget(long limit) {
    this.limit = limit;
  }

  boolean reserve(long bytes) {
    asked += bytes;
    if (reserved + bytes > limit) {
      refused++;
      return false;
    }
    reserved += bytes;
    return true;
  }

  void release(long bytes) {
    reserved -= bytes;
  }

  long refused() {
    return refused;
  }

  /**
   * Refuses a start with more series than there is memory for.
   *
   * @throws PercentileMemoryException if any reservation failed so far; its message has the sum
   */
  void check() {
    if (refused > 0) {
      throw new PercentileMemoryException(
          String.format(
              java.util.Locale.ROOT,
              "percentiles need %.1f MiB, %.1f MiB are allowed: ask for fewer series, for fewer"
                  + " samples a heartbeat or for no percentiles, or raise percentile-memory"
                  + " and, where that is not enough, the heap",
              asked / 1048576.0,
              limit / 1048576.0));
    }
  }
}
