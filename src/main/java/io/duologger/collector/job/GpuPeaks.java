package io.duologger.collector.job;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Keeps what the tally says of graphics processors. Used by one thread at a time. */
final class GpuPeaks {
  private static final double PERCENT = 100;

  private long memory;
  private boolean memoryKnown;
  private long percent;
  private long percents;
  private long samples;

  /** Takes one more sample. */
  void look(Values tree) {
    if (tree.has(Value.GPU_MEMORY)) {
      memoryKnown = true;
      memory = Math.max(memory, tree.get(Value.GPU_MEMORY));
    }
    if (tree.has(Value.GPU_BUSY)) {
      samples++;
      percents += tree.get(Value.GPU_BUSY);
      percent = Math.max(percent, tree.get(Value.GPU_BUSY));
    }
  }

  /** Empty if none was ever used. */
  Optional<JobTally.Gpu> tally() {
    if (!memoryKnown && samples == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new JobTally.Gpu(
            memoryKnown ? OptionalLong.of(memory) : OptionalLong.empty(),
            samples > 0 ? OptionalDouble.of(percent / PERCENT) : OptionalDouble.empty(),
            samples > 0
                ? OptionalDouble.of(percents / PERCENT / samples)
                : OptionalDouble.empty()));
  }
}
