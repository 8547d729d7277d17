package io.duologger.collector.batch;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a batch system's program prints, it is parsed or refused with its name. */
class BatchFuzzTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs");

  private static final Duration EVERY = Duration.ofMinutes(1);

  private interface Parser {
    void parse(byte[] output) throws IOException;
  }

  private static List<Parser> parsers() {
    ModuleSettings slurm = ModuleSettings.defaults(SlurmCollector.DESCRIPTOR, EVERY);
    ModuleSettings grid = ModuleSettings.defaults(GridEngineCollector.DESCRIPTOR, EVERY);
    ModuleSettings condor = ModuleSettings.defaults(CondorCollector.DESCRIPTOR, EVERY);
    return List.of(
        output -> CondorCollector.parse(output, condor),
        output -> SlurmCollector.parse(output, slurm),
        output -> GridEngineCollector.parse(output, true, grid),
        output -> GridEngineCollector.parse(output, false, grid));
  }

  private static void survive(byte[] output) {
    for (Parser parser : parsers()) {
      try {
        parser.parse(output);
      } catch (IOException refused) {
        assertTrue(refused.getMessage().length() < 300, refused.getMessage());
        assertTrue(
            refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), refused.getMessage());
      }
    }
  }

  @Property(tries = 300)
  void anyBytes(@ForAll byte[] output) {
    survive(output);
  }

  @Property(tries = 500)
  void damagedOutputs(@ForAll("damaged") byte[] output) {
    survive(output);
  }

  @Example
  void deepLongAndMany() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          survive(text("[".repeat(1 << 20)));
          survive(text("{\"jobs\":[" + "{\"cpus\":".repeat(1 << 16)));
          survive(text("{\"jobs\":[{\"job_state\":\"" + "x".repeat(4 << 20) + "\"}]}"));
          survive(text("{\"jobs\":[{\"cpus\":" + "9".repeat(1 << 20) + "}]}"));
          survive(text("{\"sinfo\":[{\"nodes\":{\"nodes\":[" + "1,".repeat(1 << 18) + "1]}}]}"));
          survive(text("<job_info>" + "<a>".repeat(1 << 18)));
        });
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Real outputs, cut, and with some bytes changed. */
  @Provide
  Arbitrary<byte[]> damaged() throws IOException {
    List<byte[]> outputs;
    try (Stream<Path> files = Files.walk(OUTPUTS)) {
      outputs =
          files
              .filter(file -> file.toString().matches(".*\\.(json|xml)"))
              .sorted()
              .map(BatchFuzzTest::bytes)
              .toList();
    }
    return Combinators.combine(
            Arbitraries.of(outputs),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.of('"', '{', '}', '[', ']', ',', '9', '<', '>', '&', '\0'))
        .as(
            (output, cut, place, other) -> {
              byte[] damaged = output.clone();
              damaged[(int) (place * (damaged.length - 1))] = (byte) other.charValue();
              return cut > 0.5
                  ? damaged
                  : java.util.Arrays.copyOf(damaged, (int) (cut * 2 * damaged.length));
            });
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
