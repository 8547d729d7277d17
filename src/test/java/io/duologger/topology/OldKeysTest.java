package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.format.ClassicFormat;
import io.duologger.model.Report;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The values of the old keys on the fixture hosts, from the files through the real topology,
 * against what {@code src/test/scripts/old-keys.py} works out from the same files: {@code
 * old-keys.py hosts/NAME hosts/NAME@1 10}, with the interfaces and disks below.
 */
class OldKeysTest {
  @ParameterizedTest
  @CsvSource({
    "small, eth0, vda",
    "many, ib0+bond0, nvme0n1",
    "old, em1+ib0, sda+cciss/c0d0",
    "container, eth0, none"
  })
  void haveTheValuesThatTheScriptWorksOut(
      String host, String interfaces, String disks, @TempDir Path folder) throws Exception {
    String modules =
        """
        load { every = 1 s, stats = [value] }
        cpu { every = 1 s, stats = [value] }
        memory { every = 1 s, stats = [value] }
        net { every = 1 s, stats = [value], include = %s }
        disk { every = 1 s, stats = [value], include = %s }
        """
            .formatted(list(interfaces), list(disks));
    Report report = FixtureWindow.report(host, modules, folder);
    byte[] bytes = new ClassicFormat(false, true, true, 1).bytes(report);
    List<String> pairs =
        new String(bytes, StandardCharsets.US_ASCII)
            .lines()
            .filter(pair -> !pair.startsWith("num_eth=") && !pair.startsWith("eth_speed="))
            .toList();
    Path expected = Path.of("src/test/resources/expected/old-keys", host + ".txt");
    assertEquals(Files.readString(expected), String.join("\n", pairs) + "\n");
  }

  /** {@code old-keys.py hosts/NAME hosts/NAME@1 10 --nfs}. */
  @ParameterizedTest
  @ValueSource(strings = {"nfs3", "nfs4", "nfs-old"})
  void ofNfsAreThoseOfTheHostAndNotOfMounts(String host, @TempDir Path folder) throws Exception {
    Report report = FixtureWindow.report(host, "nfs { every = 1 s, stats = [value] }", folder);
    byte[] bytes = new ClassicFormat(false, true, true, 1).bytes(report);
    Path expected = Path.of("src/test/resources/expected/old-keys", host + ".txt");
    assertEquals(Files.readString(expected), new String(bytes, StandardCharsets.US_ASCII));
  }

  private static String list(String names) {
    return "[\"" + names.replace("+", "\", \"") + "\"]";
  }
}
