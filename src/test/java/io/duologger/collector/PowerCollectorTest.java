package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.RecorderClock;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerCollectorTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/power");
  private static final String ZONE = "sys/class/powercap/intel-rapl:";

  @TempDir Path folder;

  private long nanos;

  private Surroundings surroundings() {
    RecorderClock clock =
        new RecorderClock() {
          @Override
          public long wall() {
            return 0;
          }

          @Override
          public long monotonicNanos() {
            return nanos;
          }
        };
    return new Surroundings(FixtureHost.empty(folder).root(), clock, Threads.reads());
  }

  private PowerCollector collector(ModuleSettings settings) {
    return new PowerCollector(surroundings(), settings);
  }

  private PowerCollector collector(String source) {
    return collector(FixtureHost.with(PowerCollector.DESCRIPTOR, "source", source));
  }

  private void zone(String number, String name, long energy, long range) throws IOException {
    FixtureHost.empty(folder)
        .write(ZONE + number + "/name", name + "\n")
        .write(ZONE + number + "/energy_uj", energy + "\n")
        .write(ZONE + number + "/max_energy_range_uj", range + "\n");
  }

  @Test
  void zonesWrapAndTheHostIsThePackagesAndTheirMemory() throws IOException {
    FixtureHost host = FixtureHost.of("metal", folder);
    try (Collector collector = collector("auto")) {
      assertEquals(
          List.of(
              "energy_watts{zone=package-0} counter 262143000000",
              "energy_watts{zone=package-0/dram} counter 1000000000",
              "energy_watts{zone=package-1} counter 9000000000",
              "energy_watts{zone=package-1/dram} counter 2000000000",
              "host_energy_watts counter 0",
              "power_watts{zone=power_meter ACPI000D:00 power1} gauge 214",
              "energy_watts{zone=amd_energy amd_energy.0 Esocket0} counter 7000000000"),
          Recording.of(collector).lines());
      host.become("metal@1");
      nanos += 10_000_000_000L;
      Recording second = Recording.of(collector);
      // 500,000,000 behind the end of the range, which was 328,850 away.
      assertEquals("counter 262643328850", second.value("energy_watts{zone=package-0}"));
      assertEquals("counter 9400000000", second.value("energy_watts{zone=package-1}"));
      assertEquals("counter 990328850", second.value("host_energy_watts"));
      assertEquals(214.5, second.number("power_watts{zone=power_meter ACPI000D:00 power1}"));
      assertEquals(
          "counter 7300000000",
          second.value("energy_watts{zone=amd_energy amd_energy.0 Esocket0}"));
    }
  }

  @Test
  void aFallThatWouldMeanTooMuchPowerIsAReset() throws IOException {
    zone("0", "package-0", 100_000_000_000L, 262_143_328_850L);
    try (Collector collector = collector("rapl")) {
      Recording.of(collector);
      zone("0", "package-0", 5_000_000, 262_143_328_850L);
      nanos += 1_000_000_000L;
      Recording second = Recording.of(collector);
      assertEquals("counter 5000000", second.value("energy_watts{zone=package-0}"));
      assertEquals("", second.value("host_energy_watts"));
      zone("0", "package-0", 6_000_000, 262_143_328_850L);
      nanos += 1_000_000_000L;
      Recording third = Recording.of(collector);
      assertEquals("counter 6000000", third.value("energy_watts{zone=package-0}"));
      assertEquals("counter 1000000", third.value("host_energy_watts"));
    }
  }

  @Test
  void psysIsTheWholeHost() throws IOException {
    zone("0", "package-0", 100, 1000);
    zone("0:0", "core", 50, 1000);
    zone("1", "psys", 300, 1000);
    try (Collector collector = collector("rapl")) {
      Recording.of(collector);
      zone("0", "package-0", 200, 1000);
      zone("1", "psys", 700, 1000);
      Recording second = Recording.of(collector);
      assertEquals("counter 400", second.value("host_energy_watts"));
      assertEquals("counter 50", second.value("energy_watts{zone=package-0/core}"));
    }
  }

  @Test
  void aZoneThatRefusesIsLeftOutAndSoIsTheSumWithIt() throws IOException {
    zone("0", "package-0", 100, 1000);
    zone("1", "package-1", 100, 1000);
    Files.delete(folder.resolve(ZONE + "1/energy_uj"));
    try (Collector collector = collector("rapl")) {
      assertEquals(
          List.of("energy_watts{zone=package-0} counter 100"), Recording.of(collector).lines());
    }
  }

  @Test
  void globsChooseZones() throws IOException {
    zone("0", "package-0", 100, 1000);
    zone("0:0", "core", 50, 1000);
    ModuleSettings cores = FixtureHost.including(PowerCollector.DESCRIPTOR, "*core");
    try (Collector collector = collector(cores)) {
      assertEquals(
          List.of("energy_watts{zone=package-0/core} counter 50", "host_energy_watts counter 0"),
          Recording.of(collector).lines());
    }
  }

  @Test
  void aMissingPermissionIsSaidInOneLine() {
    IOException e =
        Attribute.explained(new AccessDeniedException("/sys/x/energy_uj"), "root (CAP_X)");
    assertEquals("/sys/x/energy_uj: permission denied, needs root (CAP_X)", e.getMessage());
    IOException other = new IOException("I/O error");
    assertEquals(other, Attribute.explained(other, "root"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "rapl", "hwmon", "ipmi"})
  void anEmptyHostLacksTheSource(String source) throws IOException {
    try (Collector collector = collector(source)) {
      assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    }
  }

  private ModuleSettings ipmi(String script) throws IOException {
    Path program =
        Files.writeString(
            folder.resolve("ipmitool"),
            "#!/bin/sh\ncd '" + OUTPUTS.toAbsolutePath() + "'\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    ModuleSettings settings = FixtureHost.with(PowerCollector.DESCRIPTOR, "source", "ipmi");
    return settings.with(settings.options().with("ipmitool", program.toString()));
  }

  @Test
  void theControllerIsAskedForThePowerOfTheHost() throws IOException {
    try (Collector collector =
        collector(ipmi("test \"$*\" = 'dcmi power reading' && cat dcmi.txt"))) {
      assertEquals(List.of("host_power_watts gauge 214"), Recording.of(collector).lines());
      nanos += Duration.ofSeconds(1).toNanos();
      assertEquals(List.of(), Recording.of(collector).lines());
      nanos += Duration.ofSeconds(9).toNanos();
      assertEquals(List.of("host_power_watts gauge 214"), Recording.of(collector).lines());
    }
  }

  @Test
  void orElseForItsSensors() throws IOException {
    String script = "case $1 in dcmi) cat dcmi-inactive.txt;; sdr) cat sdr.txt;; esac";
    try (Collector collector = collector(ipmi(script))) {
      assertEquals(
          List.of(
              "power_watts{zone=PS1 Input Power} gauge 112",
              "power_watts{zone=PS2 Input Power} gauge 98.5"),
          Recording.of(collector).lines());
    }
    try (Collector one = collector(ipmi("test $1 = sdr && grep PS1 sdr.txt"))) {
      assertEquals(
          List.of("power_watts{zone=PS1 Input Power} gauge 112", "host_power_watts gauge 112"),
          Recording.of(one).lines());
    }
  }

  @Test
  void anErrorIsAnErrorAndNeverANumber() throws IOException {
    try (Collector collector = collector(ipmi("cat no-device.txt >&2; exit 1"))) {
      IOException e = assertThrows(IOException.class, () -> Recording.of(collector));
      assertTrue(
          e.getMessage().contains("no power reading: Could not open device at /dev/ipmi0"),
          e.getMessage());
    }
  }

  @Test
  void implausibleReadingsAreNone() throws IOException {
    String text = Files.readString(OUTPUTS.resolve("dcmi.txt"));
    assertEquals(OptionalDouble.of(214), IpmiMeter.dcmi(text));
    assertEquals(OptionalDouble.empty(), IpmiMeter.dcmi(text.replace("  214", "    0")));
    assertEquals(OptionalDouble.empty(), IpmiMeter.dcmi(text.replace("  214", "999999")));
    assertEquals(OptionalDouble.empty(), IpmiMeter.dcmi(text.replace("  214", "  n/a")));
    assertEquals(OptionalDouble.empty(), IpmiMeter.dcmi(text.replace("activated", "deactivated")));
    assertEquals(Map.of(), IpmiMeter.sdr("x | 999999 Watts | ok\n | 5 Watts | ok\na|b\n|||"));
  }

  @Test
  void recordsOfTheMeterAreInTenthsOfWatts() {
    WattsupMeter.Packets packets = new WattsupMeter.Packets();
    send(packets, "500,1199;\r\n#d,-,18,12");
    assertEquals(OptionalDouble.empty(), packets.take());
    send(packets, "34,2300,536,");
    send(packets, "_,_,_;\r\n#h,-,18,W,V,A;#d,-,18,_,2300,5;#d,-,18,99#d,-,18,777,1,1;");
    assertEquals(OptionalDouble.of(77.7), packets.take());
    assertEquals(OptionalDouble.empty(), packets.take());
    send(packets, "#d,-,18,1234,2300,536;" + "#" + "9".repeat(100_000));
    assertEquals(OptionalDouble.of(123.4), packets.take());
  }

  private static void send(WattsupMeter.Packets packets, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    packets.add(bytes, bytes.length);
  }

  @Test
  void aMeterThatIsNoSerialLineIsAnError() throws IOException {
    ModuleSettings settings = FixtureHost.with(PowerCollector.DESCRIPTOR, "source", "wattsup");
    String file = Files.writeString(folder.resolve("tty"), "").toString();
    try (Collector none =
            collector(settings.with(settings.options().with("meter", folder + "/none")));
        Collector odd = collector(settings.with(settings.options().with("meter", file)))) {
      assertThrows(SourceAbsentException.class, () -> Recording.of(none));
      IOException e = assertThrows(IOException.class, () -> Recording.of(odd));
      assertTrue(e.getMessage().contains("stty: " + file), e.getMessage());
    }
  }
}
