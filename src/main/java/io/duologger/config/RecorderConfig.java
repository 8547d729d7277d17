package io.duologger.config;

import io.duologger.model.ModuleSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A checked configuration.
 *
 * @param heartbeat how often a window closes; in {@link Rhythm#ONE_SHOT} the settle time, at least
 *     1 ms
 * @param grace how long after a close a read under way may still settle; below the heartbeat, but
 *     in {@link Rhythm#ONE_SHOT} the longest timeout of the modules
 * @param host what reports call the host; empty for the host's own name
 * @param shortHost whether the host's own name is cut at its first dot
 * @param duration how long the run lasts; empty for until it is stopped
 * @param once whether the run ends after one whole window
 * @param settle how long after the first read counters are read again; 0 to compare with the last
 *     run
 * @param state where the counters of the last run are kept, for a settle of 0
 * @param modules what is measured: in the order of the file, then those that only the command line
 *     names in the order of the catalogue; never empty
 * @param outputs where reports go; never empty
 * @param percentileMemory bytes that percentiles may take; empty for the default
 * @param warnings what is legal but odd
 */
public record RecorderConfig(
    Duration heartbeat,
    Duration grace,
    Optional<String> host,
    boolean shortHost,
    Optional<Duration> duration,
    boolean once,
    Duration settle,
    Path state,
    List<ModuleSpec> modules,
    List<OutputSpec> outputs,
    OptionalLong percentileMemory,
    List<Problem> warnings) {

  /** Copies the lists. */
  public RecorderConfig {
    modules = List.copyOf(modules);
    outputs = List.copyOf(outputs);
    warnings = List.copyOf(warnings);
  }

  /** The same with another name of the host. */
  public RecorderConfig withHost(String name) {
    return new RecorderConfig(
        heartbeat,
        grace,
        Optional.of(name),
        shortHost,
        duration,
        once,
        settle,
        state,
        modules,
        outputs,
        percentileMemory,
        warnings);
  }
}
