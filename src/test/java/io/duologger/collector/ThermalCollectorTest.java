package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThermalCollectorTest {
  @TempDir Path folder;

  private static ModuleSettings each(Duration every) {
    return ModuleSettings.defaults(ThermalCollector.DESCRIPTOR, every);
  }

  private FixtureHost chip(String number, String name) throws IOException {
    return FixtureHost.empty(folder).write("sys/class/hwmon/hwmon" + number + "/name", name + "\n");
  }

  private List<String> read(ModuleSettings settings) throws IOException {
    FixtureHost host = FixtureHost.empty(folder);
    try (Collector collector = new ThermalCollector(host.root(), settings)) {
      return Recording.of(collector).lines();
    }
  }

  private List<String> read() throws IOException {
    return read(FixtureHost.defaults(ThermalCollector.DESCRIPTOR));
  }

  @Test
  void aSensorThatRefusesIsLeftOut() throws IOException {
    chip("0", "i5k_amb")
        .folder("sys/class/hwmon/hwmon0/temp1_input")
        .write("sys/class/hwmon/hwmon0/temp2_input", "-5500\n")
        .write("sys/class/hwmon/hwmon0/temp3_input", "hot\n")
        .write("sys/class/hwmon/hwmon0/temp4_input", "")
        .write("sys/class/hwmon/hwmon0/temp5_input", "99999999999999999999\n");
    assertEquals(List.of("temperature_celsius{chip=i5k_amb}{sensor=temp2} gauge -5.5"), read());
  }

  @Test
  void sensorsOfOneNameAreToldApart() throws IOException {
    chip("0", "jc42")
        .write("sys/class/hwmon/hwmon0/temp1_input", "30000")
        .write("sys/class/hwmon/hwmon0/temp2_input", "31000")
        .write("sys/class/hwmon/hwmon0/temp1_label", "DIMM")
        .write("sys/class/hwmon/hwmon0/temp2_label", "DIMM");
    assertEquals(
        List.of(
            "temperature_celsius{chip=jc42}{sensor=DIMM} gauge 30",
            "temperature_celsius{chip=jc42}{sensor=DIMM temp2} gauge 31"),
        read());
  }

  @Test
  void limitsThatAreNoneAreLeftOut() throws IOException {
    for (String limit : List.of("0", "-273150", "65261850", "x")) {
      chip("0", "nvme")
          .write("sys/class/hwmon/hwmon0/temp1_input", "30000")
          .write("sys/class/hwmon/hwmon0/temp1_crit", limit);
      assertEquals(1, read().size(), limit);
    }
  }

  @Test
  void globsChooseChips() throws IOException {
    chip("0", "nvme").write("sys/class/hwmon/hwmon0/temp1_input", "30000");
    chip("1", "coretemp").write("sys/class/hwmon/hwmon1/temp1_input", "40000");
    FixtureHost.empty(folder)
        .write("sys/class/thermal/thermal_zone0/type", "acpitz")
        .write("sys/class/thermal/thermal_zone0/temp", "20000");
    assertEquals(3, read().size());
    assertEquals(1, read(FixtureHost.including(ThermalCollector.DESCRIPTOR, "nvme")).size());
    assertEquals(2, read(FixtureHost.excluding(ThermalCollector.DESCRIPTOR, "thermal")).size());
  }

  @Test
  void newChipsAreFoundAfterSomeMinutes() throws IOException {
    chip("0", "nvme").write("sys/class/hwmon/hwmon0/temp1_input", "30000");
    FixtureHost host = FixtureHost.empty(folder);
    try (Collector collector = new ThermalCollector(host.root(), each(Duration.ofSeconds(50)))) {
      List<Series> before = Recording.of(collector).series();
      chip("1", "coretemp").write("sys/class/hwmon/hwmon1/temp1_input", "40000");
      for (int i = 0; i < 5; i++) {
        assertEquals(1, Recording.of(collector).lines().size());
      }
      Recording found = Recording.of(collector);
      assertEquals(2, found.lines().size());
      assertEquals(before.get(0), found.series().get(1));
      Files.delete(folder.resolve("sys/class/hwmon/hwmon0/temp1_input"));
      Files.delete(folder.resolve("sys/class/hwmon/hwmon1/temp1_input"));
      for (int i = 0; i < 5; i++) {
        Recording.of(collector);
      }
      assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    }
  }

  @Test
  void veryManySensorsAreBounded() throws IOException {
    FixtureHost host = chip("0", "many");
    for (int i = 1; i <= 600; i++) {
      host.write("sys/class/hwmon/hwmon0/temp" + i + "_input", "1000");
    }
    assertEquals(Hwmon.MOST, read().size());
  }
}
