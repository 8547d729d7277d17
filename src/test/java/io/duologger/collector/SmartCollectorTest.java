package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SmartCollectorTest {
  private static final String OUTPUTS =
      Path.of("src/test/resources/outputs/smart").toAbsolutePath() + "/";

  @TempDir Path folder;

  private Scripts scripts;
  private FixtureHost host;

  @BeforeEach
  void anEmptyHost() throws IOException {
    scripts = new Scripts(folder.resolve("bin"));
    host = FixtureHost.empty(Files.createDirectories(folder.resolve("host")));
  }

  /** A smartctl that prints the given files, each a word "LAST-ARGUMENT=FILE:STATUS". */
  private String smartctl(String... answers) throws IOException {
    StringBuilder script =
        new StringBuilder("echo \"$@\" >>" + folder + "/asked\nfor last; do :; done\n");
    script.append("case \"$last\" in\n");
    for (String answer : answers) {
      String[] words = answer.split("[=:]");
      script
          .append(words[0])
          .append(") cat ")
          .append(OUTPUTS)
          .append(words[1])
          .append("; exit ")
          .append(words[2])
          .append(";;\n");
    }
    return scripts.script("smartctl", script + "esac\nexit 1");
  }

  private ModuleSettings settings(String smartctl, String... devices) {
    ModuleSettings settings = FixtureHost.with(SmartCollector.DESCRIPTOR, "smartctl", smartctl);
    return settings.with(
        settings.options().with("nvme", folder + "/none").with("devices", List.of(devices)));
  }

  private Recording read(ModuleSettings settings) throws IOException {
    try (Collector collector = new SmartCollector(host.surroundings(), settings)) {
      return Recording.of(collector);
    }
  }

  @Test
  void anAtaDiskIsReadByItsAttributes() throws IOException {
    Recording disk = read(settings(smartctl("/dev/sda=hdd.json:64"), "/dev/sda"));
    assertEquals(
        List.of(
            "state{device=sda} info read",
            "model{device=sda} info WDC WD20EFRX-68EUZN0",
            "healthy{device=sda} gauge 1",
            "temperature_celsius{device=sda} gauge 33",
            "reallocated_sectors{device=sda} gauge 8",
            "pending_sectors{device=sda} gauge 3",
            "uncorrectable_sectors{device=sda} gauge 1",
            "uncorrectable_errors{device=sda} gauge 2",
            "interface_errors{device=sda} gauge 5",
            "logged_errors{device=sda} gauge 17",
            "power_on_seconds{device=sda} gauge 257778000",
            "power_cycles{device=sda} gauge 7",
            "disks gauge 1",
            "disks_read gauge 1",
            "disks_failing gauge 0",
            "errors gauge 17",
            "error_list info 17"),
        disk.lines());
  }

  @Test
  void sleepingDisksAreNotWokenUp() throws IOException {
    Recording disk = read(settings(smartctl("/dev/sdd=standby.json:2"), "/dev/sdd"));
    assertEquals(
        List.of("state{device=sdd} info asleep", "disks gauge 1", "disks_read gauge 0"),
        disk.lines());
    assertEquals(
        List.of("--json -a -n standby /dev/sdd"), Files.readAllLines(folder.resolve("asked")));
  }

  @Test
  void aDiskThatFailsIsNoFailureOfTheModule() throws IOException {
    Recording disk = read(settings(smartctl("/dev/sdb=ssd.json:24"), "/dev/sdb"));
    assertEquals("gauge 0", disk.value("healthy{device=sdb}"));
    assertEquals("gauge 0.1", disk.value("endurance_used_ratio{device=sdb}"));
    assertEquals("gauge 1", disk.value("disks_failing"));
    assertEquals("gauge 0", disk.value("errors"));
  }

  @Test
  void anNvmeDiskIsReadByItsLog() throws IOException {
    Recording disk = read(settings(smartctl("/dev/nvme0=nvme.json:0"), "/dev/nvme0"));
    assertEquals(
        List.of(
            "healthy{device=nvme0} gauge 1",
            "temperature_celsius{device=nvme0} gauge 30",
            "media_errors{device=nvme0} gauge 4",
            "logged_errors{device=nvme0} gauge 9",
            "critical_warnings{device=nvme0} gauge 0",
            "endurance_used_ratio{device=nvme0} gauge 0.16",
            "spare_ratio{device=nvme0} gauge 1",
            "read_bytes{device=nvme0} gauge 727868416000",
            "written_bytes{device=nvme0} gauge 60486484480000",
            "power_on_seconds{device=nvme0} gauge 37465200",
            "power_cycles{device=nvme0} gauge 6"),
        disk.lines().subList(2, 13));
  }

  @Test
  void disksThatSmartctlFindsAreReadWithTheirTypes() throws IOException {
    Recording all =
        read(
            settings(
                smartctl(
                    "--scan=scan.json:0",
                    "/dev/sda=hdd.json:64",
                    "/dev/sdb=ssd.json:24",
                    "/dev/sdc=sas.json:0",
                    "/dev/bus/0=megaraid.json:0",
                    "/dev/nvme0=nvme.json:0")));
    assertEquals("gauge 5", all.value("disks_read"));
    assertEquals("gauge 0", all.value("uncorrectable_errors{device=sdc}"));
    String raid = "{device=bus/0 megaraid,3}";
    assertEquals("info TOSHIBA AL15SEB24EQY", all.value("model" + raid));
    assertEquals("gauge 2", all.value("reallocated_sectors" + raid));
    assertEquals("gauge 6", all.value("pending_sectors" + raid));
    assertEquals("gauge 6", all.value("uncorrectable_errors" + raid));
    assertEquals("gauge 44774940", all.value("power_on_seconds" + raid));
    assertEquals("gauge 0.01", all.value("endurance_used_ratio" + raid));
    assertEquals("gauge 32", all.value("errors"));
    assertEquals("info 17,0,0,6,9", all.value("error_list"));
    assertTrue(
        Files.readAllLines(folder.resolve("asked"))
            .contains("--json -a -n standby -d megaraid,3 /dev/bus/0"));
  }

  @Test
  void aDiskThatIsOutOfReachDoesNotHideAnother() throws IOException {
    Recording both =
        read(
            settings(
                smartctl("/dev/sda=denied.json:2", "/dev/nvme0=nvme.json:0", "/dev/sde=usb.json:1"),
                "/dev/sda",
                "/dev/nvme0",
                "/dev/sde scsi"));
    assertEquals(
        "info unreadable: Smartctl open device: /dev/sda failed: Permission denied",
        both.value("state{device=sda}"));
    assertEquals(
        "info unreadable: /dev/sde: Unknown USB bridge [0x0bda:0x9210 (0xf200)]",
        both.value("state{device=sde}"));
    assertEquals("info read", both.value("state{device=nvme0}"));
    assertEquals("info ,9,", both.value("error_list"));
    assertEquals(
        "sda is unreadable: Smartctl open device: /dev/sda failed: Permission denied",
        both.lacking());
  }

  @Test
  void whoIsNotRootIsToldOnce() throws IOException {
    ModuleSettings settings = settings(smartctl("/dev/sda=denied.json:2"), "/dev/sda");
    assertEquals(
        "sda: permission denied, needs root (CAP_SYS_RAWIO, for NVMe CAP_SYS_ADMIN;"
            + " CAP_DAC_OVERRIDE for the device files)",
        assertThrows(IOException.class, () -> read(settings)).getMessage());
  }

  @Test
  void aVirtualMachineLacksTheSource() throws IOException {
    ModuleSettings none = settings(smartctl("--scan=scan-none.json:0"));
    assertEquals(
        "no disk that tells of its health",
        assertThrows(SourceAbsentException.class, () -> read(none)).getMessage());
    ModuleSettings virtual = settings(smartctl("/dev/vda=virtual.json:1"), "/dev/vda");
    assertEquals(
        "info unreadable: /dev/vda: Unable to detect device type",
        read(virtual).value("state{device=vda}"));
  }

  @Test
  void withoutAProgramTheSourceIsAbsent() {
    ModuleSettings settings = settings(folder + "/missing");
    assertEquals(
        "no program " + folder + "/missing and no " + folder + "/none",
        assertThrows(SourceAbsentException.class, () -> read(settings)).getMessage());
  }

  @Test
  void withoutSmartctlNvmeIsAsked() throws IOException {
    String nvme =
        scripts.script(
            "nvme", "echo \"$@\" >>" + folder + "/asked; cat " + OUTPUTS + "nvme-smart-log.json");
    ModuleSettings settings = settings(folder + "/missing");
    ModuleSettings given = settings.with(settings.options().with("nvme", nvme));
    assertThrows(SourceAbsentException.class, () -> read(given));
    host.write("sys/class/nvme/nvme1/model", "A\n");
    assertEquals(
        List.of(
            "state{device=nvme1} info read",
            "healthy{device=nvme1} gauge 0",
            "temperature_celsius{device=nvme1} gauge 28",
            "media_errors{device=nvme1} gauge 0",
            "logged_errors{device=nvme1} gauge 17",
            "critical_warnings{device=nvme1} gauge 4",
            "endurance_used_ratio{device=nvme1} gauge 0.15",
            "spare_ratio{device=nvme1} gauge 1",
            "read_bytes{device=nvme1} gauge 255639620608000",
            "written_bytes{device=nvme1} gauge 755183919616000",
            "power_on_seconds{device=nvme1} gauge 137926800",
            "power_cycles{device=nvme1} gauge 290",
            "disks gauge 1",
            "disks_read gauge 1",
            "disks_failing gauge 1",
            "errors gauge 17",
            "error_list info 17"),
        read(given).lines());
    assertEquals(
        List.of("smart-log -o json /dev/nvme1"), Files.readAllLines(folder.resolve("asked")));
  }

  @ParameterizedTest
  @CsvSource({
    "'echo; exit 0', 'smartctl of sda: no JSON object'",
    "'echo {', 'smartctl of sda: not JSON at line 2, column 1'",
    "'echo {}', it tells nothing",
    "'echo \"{}\"; exit 3', exit status 3"
  })
  void whatIsNotUnderstoodIsToldAsTheDisksState(String script, String why) throws IOException {
    ModuleSettings settings = settings(scripts.script("smartctl", script), "/dev/sda");
    assertEquals("info unreadable: " + why, read(settings).value("state{device=sda}"));
  }

  @Test
  void wordsBeforeTheJsonArePassedOver() throws IOException {
    String old =
        scripts.script("smartctl", "printf '  Pending defect count:'; cat " + OUTPUTS + "sas.json");
    assertEquals(
        "gauge 28", read(settings(old, "/dev/sdc")).value("temperature_celsius{device=sdc}"));
  }

  @Test
  void aScanThatFailsIsAnError() throws IOException {
    ModuleSettings settings = settings(scripts.script("smartctl", "echo bad option; exit 1"));
    assertEquals(
        folder + "/bin/smartctl --scan: exit status 1: bad option",
        assertThrows(IOException.class, () -> read(settings)).getMessage());
  }

  @Test
  void attributesWithoutAllTheirPartsAreRefused() {
    String json =
        "{\"ata_smart_attributes\":{\"table\":[{\"id\":5,\"name\":\"x\",\"value\":1,\"raw\":{}}]}}";
    assertThrows(
        IOException.class,
        () -> SmartData.parse("a", json.getBytes(StandardCharsets.UTF_8)).values());
  }

  @Test
  void globsChooseDisks() throws IOException {
    ModuleSettings chosen = FixtureHost.including(SmartCollector.DESCRIPTOR, "nvme*");
    ModuleSettings settings =
        chosen.with(
            chosen
                .options()
                .with("smartctl", smartctl("--scan=scan.json:0", "/dev/nvme0=nvme.json:0")));
    Recording recording = read(settings);
    assertEquals("gauge 1", recording.value("disks"));
    assertEquals("info read", recording.value("state{device=nvme0}"));
  }
}
