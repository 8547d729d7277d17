package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever programs and files say of hardware, it is read or refused, and what is read is sound.
 */
class HardwareFuzzTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs");

  private static void survives(String text) {
    try {
      for (NvidiaCards.Card card : NvidiaCards.parse(text)) {
        assertTrue(card.index() >= 0 && card.memoryBytes().orElse(1) > 0);
        assertTrue(card.name().map(String::length).orElse(0) <= 256);
      }
    } catch (IOException refused) {
      assertTrue(refused.getMessage().length() < 200, refused.getMessage());
      assertTrue(refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'));
    }
    devices(text);
    assertTrue(IpmiMeter.dcmi(text).orElse(1) > 0);
    for (double watts : IpmiMeter.sdr(text).values()) {
      assertTrue(watts >= 0 && watts < 100_000);
    }
    WattsupMeter.Packets packets = new WattsupMeter.Packets();
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    packets.add(bytes, bytes.length);
    assertTrue(packets.take().orElse(0) >= 0);
    OsRelease.parse(text).values().forEach(value -> assertTrue(value.length() <= 256));
  }

  private interface Reader {
    void read() throws IOException;
  }

  private static void survives(Reader reader) {
    try {
      reader.read();
    } catch (IOException refused) {
      assertTrue(refused.getMessage().length() < 200, refused.getMessage());
      assertTrue(refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'));
    }
  }

  private static void devices(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    survives(
        () ->
            NvidiaGpus.parse(NvidiaGpus.Query.all(), text)
                .values()
                .forEach(usage -> sound(usage.values())));
    survives(
        () ->
            NvidiaProcesses.parse(text)
                .forEach(use -> assertTrue(use.pid() > 0 && use.memoryBytes().orElse(0) >= 0)));
    PmonTable pmon = new PmonTable(new MovedClock(), 1_000_000_000);
    text.lines().forEach(pmon::take);
    pmon.present()
        .ifPresent(
            uses ->
                uses.forEach(
                    use ->
                        assertTrue(
                            use.pid() > 0
                                && use.memoryBytes().orElse(0) >= 0
                                && use.busyPercent().orElse(0) <= 100)));
    assertTrue(pmon.refused().length() < 200 && pmon.refused().chars().allMatch(c -> c >= ' '));
    survives(
        () -> {
          SmartData data = SmartData.parse("smartctl", bytes);
          assertTrue(data.model().orElse("").length() <= 128);
          data.isAsleep();
          sound(data.values());
        });
    survives(() -> sound(SmartData.nvme("nvme", bytes)));
    TurbostatMeter.Table table = new TurbostatMeter.Table();
    text.lines()
        .forEach(
            line ->
                table
                    .row(line)
                    .ifPresent(
                        row -> assertTrue(row.usage().busy() <= 1 && row.usage().hertz() >= 0)));
  }

  private static void sound(double[] values) {
    for (double value : values) {
      assertTrue(Double.isNaN(value) || Math.abs(value) < 1e26, Double.toString(value));
    }
  }

  @Property(tries = 500)
  void anyText(@ForAll String text) {
    survives(text);
  }

  @Property(tries = 500)
  void anyTextOfTheRightWords(@ForAll("words") String text) {
    survives(text);
  }

  @Property(tries = 500)
  void damagedOutputs(@ForAll("damaged") String text) {
    survives(text);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "0",
            "9999999999",
            ", ",
            ",",
            "GPU-1",
            "[N/A]",
            "NVIDIA",
            "\n",
            "\n",
            "|",
            " | ",
            "214 Watts",
            "ok",
            "ns",
            "Instantaneous power reading: ",
            "Power reading state is: ",
            "activated",
            "#d,",
            "CPU ",
            "Busy% ",
            "Bzy_MHz",
            "{",
            "}",
            "[",
            "]",
            "\"temperature\":",
            "\"ata_smart_attributes\":{\"table\":",
            "-,18,",
            ";",
            "#",
            "NAME=",
            "\"",
            "'",
            "\\",
            "=",
            "#",
            "-1",
            "\u0000",
            "\r")
        .list()
        .ofMaxSize(80)
        .map(words -> String.join("", words));
  }

  @Provide
  Arbitrary<String> damaged() {
    return Combinators.combine(
            Arbitraries.of(
                "gpuinfo/two.csv",
                "power/dcmi.txt",
                "power/sdr.txt",
                "gpu/two.csv",
                "gpu/apps.csv",
                "smart/hdd.json",
                "smart/nvme.json",
                "smart/nvme-smart-log.json",
                "cpufreq/turbostat-2025-amd.txt"),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.chars())
        .as(
            (file, cut, at, to) -> {
              StringBuilder text = new StringBuilder(read(file));
              text.setLength((int) (text.length() * cut));
              if (text.length() > 0) {
                text.setCharAt((int) (at * (text.length() - 1)), to);
              }
              return text.toString();
            });
  }

  private static String read(String file) {
    try {
      return Files.readString(OUTPUTS.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Example
  void hugeOutputsTakeBoundedTime() {
    for (String text :
        List.of(
            "9".repeat(1 << 20),
            "|".repeat(1 << 20),
            "\n".repeat(1 << 20),
            "NAME=\"" + "\\".repeat(1 << 20) + "\"",
            "Instantaneous power reading: ".repeat(20_000) + " ".repeat(1 << 20),
            "a | 1 Watts | ok\n".repeat(50_000),
            ", ".repeat(1 << 19))) {
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> survives(text));
    }
  }
}
