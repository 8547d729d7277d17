package io.duologger.topology;

import io.duologger.format.PrometheusFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pages that Prometheus would see of fixture hosts. */
public final class PrometheusPages {
  /** Every series of every module, a second's samples as windows have them. */
  private static final List<String> MODULES =
      List.of(
          "cpu { every = 1 s, per-cpu = all }, load { every = 1 s }, memory { every = 1 s },"
              + " pressure { every = 1 s }, net { every = 1 s, virtual = true },"
              + " disk { every = 1 s, virtual = true, partitions = true }",
          "cpu { every = heartbeat, per-cpu = all }, load { every = heartbeat },"
              + " memory { every = heartbeat }, pressure { every = heartbeat },"
              + " net { every = heartbeat, virtual = true },"
              + " disk { every = heartbeat, virtual = true, partitions = true }");

  private PrometheusPages() {}

  /**
   * One page with all statistics and one with the values of a single sample.
   *
   * @param folder an empty folder
   */
  public static List<byte[]> of(String host, Path folder) throws Exception {
    PrometheusFormat format = new PrometheusFormat();
    return List.of(
        format.bytes(FixtureWindow.report(host, MODULES.get(0), folder(folder, "fast"))),
        format.bytes(FixtureWindow.report(host, MODULES.get(1), folder(folder, "slow"))));
  }

  private static Path folder(Path parent, String name) throws Exception {
    return Files.createDirectory(parent.resolve(name));
  }
}
