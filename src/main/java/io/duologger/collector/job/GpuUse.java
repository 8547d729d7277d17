package io.duologger.collector.job;

import io.duologger.collector.NvidiaMonitor;

/** What is used of graphics processors, summed. Used by one thread at a time. */
final class GpuUse {
  private int count;
  private long memory;
  private int memories;
  private int percent;
  private int percents;

  void clear() {
    count = 0;
    memory = 0;
    memories = 0;
    percent = 0;
    percents = 0;
  }

  void add(NvidiaMonitor.Use use) {
    count++;
    if (use.memoryBytes().isPresent()) {
      memory += use.memoryBytes().getAsLong();
      memories++;
    }
    if (use.busyPercent().isPresent()) {
      percent += use.busyPercent().getAsInt();
      percents++;
    }
  }

  /** Whether there is any. */
  boolean isPresent() {
    return count > 0;
  }

  /** Whether the memory of all is told. */
  boolean memoryKnown() {
    return memories == count;
  }

  long memory() {
    return memory;
  }

  /** Whether of all it is told how busy they keep processors. */
  boolean busyKnown() {
    return percents == count;
  }

  int percent() {
    return percent;
  }

  /** Adds what is known of it, if there is any. */
  void addTo(Values values) {
    if (isPresent() && memoryKnown()) {
      values.add(Value.GPU_MEMORY, memory);
    }
    if (isPresent() && busyKnown()) {
      values.add(Value.GPU_BUSY, percent);
    }
  }
}
