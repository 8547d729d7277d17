package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.cli.Mode;
import io.duologger.config.ConfigReader;
import io.duologger.config.Defaults;
import io.duologger.config.Form;
import io.duologger.config.OutputSpec;
import io.duologger.config.Overrides;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Target;
import io.duologger.model.ModuleSpec;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The description of each mode is stable text, and so is that of its sample configuration. Run with
 * {@code -Dduologger.golden.regenerate=true} to write the files anew.
 */
class DescribeTest {
  @SuppressWarnings("unused") // names the parameters
  private static final List<Mode> MODES = Mode.ALL;

  private static final OutputSpec STDOUT =
      new OutputSpec(new Target.Stdout(), new Form.Logfmt(), 2000, 50, 8);
  private static final OutputSpec ROTATED =
      new OutputSpec(
          new Target.ToFile(
              Path.of("/var/log/reports.json"),
              Optional.of(new Target.Rotation(1 << 20, 7, 0, true))),
          new Form.Json(),
          2000,
          50,
          100);

  private static RecorderConfig config(
      Duration settle, Optional<Duration> length, boolean once, Spec... modules) {
    List<ModuleSpec> specs = Arrays.stream(modules).map(Spec::build).toList();
    return new RecorderConfig(
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        Optional.of("node1"),
        false,
        length,
        once,
        settle,
        Path.of("/var/lib/duologger/counters"),
        specs,
        List.of(STDOUT, ROTATED),
        OptionalLong.empty(),
        List.of());
  }

  private static RecorderConfig twoRates(Optional<Duration> length, boolean once) {
    return config(
        Duration.ofSeconds(1),
        length,
        once,
        Spec.of("net", 1).stats("min", "mean", "max", "p50", "p99.9"),
        Spec.of("cpu", 0.25).timeout(0.1),
        Spec.of("memory", 600).atClose().lead(7.5).timeout(7.5).stats("value"));
  }

  private static RecorderConfig oneShot(Duration settle) {
    return config(
        settle,
        Optional.empty(),
        false,
        Spec.of("net", 1).atClose().stats("value"),
        Spec.of("disk", 1).atClose().stats("value"));
  }

  private static void assertDescribed(String file, Topology topology) throws IOException {
    Path golden = Path.of("src/test/resources/golden/topology", file + ".txt");
    String text = topology.describe();
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, text);
    }
    assertEquals(Files.readString(golden), text);
    assertEquals(text, topology.describe());
  }

  @Test
  void duologger() throws IOException {
    assertDescribed("duologger", Topologies.duologger(twoRates(Optional.empty(), false)));
  }

  @Test
  void duologgerOnce() throws IOException {
    assertDescribed("duologger-once", Topologies.duologger(twoRates(Optional.empty(), true)));
  }

  @Test
  void dlogger() throws IOException {
    RecorderConfig config =
        config(
            Duration.ofSeconds(1),
            Optional.of(Duration.ofHours(1)),
            false,
            Spec.of("net", 600).atClose().stats("value"),
            Spec.of("load", 600).atClose().stats("value"));
    assertDescribed("dlogger", Topologies.dlogger(config));
  }

  @Test
  void cronlogger() throws IOException {
    assertDescribed("cronlogger", Topologies.cronlogger(oneShot(Duration.ofMillis(1500))));
  }

  @Test
  void cronloggerSinceTheLastRun() throws IOException {
    assertDescribed("cronlogger-last-run", Topologies.cronlogger(oneShot(Duration.ZERO)));
  }

  @Test
  void qloadsensor() throws IOException {
    assertDescribed("qloadsensor", Topologies.qloadsensor(twoRates(Optional.empty(), false)));
  }

  @Test
  void memrec() throws IOException {
    assertDescribed("memrec", Topologies.memrec(twoRates(Optional.empty(), false)));
  }

  @ParameterizedTest
  @FieldSource("MODES")
  void sampleConfiguration(Mode mode) throws Exception {
    Defaults defaults =
        new Defaults(
            mode.name(),
            Path.of("/var/lib/duologger/counters"),
            Path.of("/var/lib/duologger/spool"),
            "memrec-COMMAND-PID");
    RecorderConfig config =
        ConfigReader.read(
            Path.of("conf", mode.name() + ".conf"),
            Catalogue.modules(),
            mode.rhythm(),
            Overrides.builder().defaults(defaults).build());
    assertDescribed(mode.name() + "-conf", mode.topology(config));
  }
}
