package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says which operating system runs, and since when.
 *
 * <ul>
 *   <li>Source: /etc/os-release (or /usr/lib/os-release, os-release(5)), or OSHI where there is
 *       none; /proc/sys/kernel/{ostype,hostname,osrelease,version,arch}, /proc/uptime, the line
 *       btime of /proc/stat, /proc/cmdline
 *   <li>Unit: seconds
 *   <li>Kind: gauges, infos
 *   <li>Since kernel: 2.6; the architecture since 6.1, else that of the Java runtime
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 */
public final class OsCollector implements Collector {
  private static final String COMMAND_LINE_OPTION = "command-line";

  private static final Metric NAME = Metric.info("name", "The distribution.");
  private static final Metric VERSION = Metric.info("version", "The distribution's version.");
  private static final Metric PRETTY =
      Metric.info("description", "The distribution and its version, for people.");
  private static final Metric KERNEL = Metric.info("kernel", "The kernel's release.");
  private static final Metric ARCHITECTURE =
      Metric.info("architecture", "What machine the kernel is for.");
  private static final Metric UNAME =
      Metric.info("uname", "The kernel's name, host, release, version and machine.");
  private static final Metric UPTIME =
      Metric.gauge("uptime_seconds", Unit.SECONDS, "Time since the kernel started.");
  private static final Metric BOOT =
      Metric.gauge("boot_time_seconds", Unit.SECONDS, "When the kernel started, since 1970.");
  private static final Metric COMMAND_LINE =
      Metric.info("command_line", "What the kernel was started with.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "os",
          "the operating system: distribution, kernel, uptime",
          Optional.empty(),
          List.of(NAME, VERSION, PRETTY, KERNEL, ARCHITECTURE, UNAME, UPTIME, BOOT, COMMAND_LINE),
          List.of(
              "/etc/os-release",
              "/proc/sys/kernel",
              "/proc/uptime",
              "/proc/stat",
              "/proc/cmdline",
              "OSHI"),
          "",
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          List.of(
              ModuleOption.flag(
                  COMMAND_LINE_OPTION, false, "Whether the kernel's command line is told.")));

  private final Path release;
  private final Path vendorRelease;
  private final Path kernelFolder;
  private final Path commandLineFile;
  private final ProcFile uptimeFile;
  private final ProcFile stat;
  private final InventorySource inventory;
  private final boolean withCommandLine;
  private final Series name = new Series(NAME, Instance.HOST);
  private final Series version = new Series(VERSION, Instance.HOST);
  private final Series pretty = new Series(PRETTY, Instance.HOST);
  private final Series kernel = new Series(KERNEL, Instance.HOST);
  private final Series architecture = new Series(ARCHITECTURE, Instance.HOST);
  private final Series uname = new Series(UNAME, Instance.HOST);
  private final Series uptime = new Series(UPTIME, Instance.HOST);
  private final Series boot = new Series(BOOT, Instance.HOST);
  private final Series commandLine = new Series(COMMAND_LINE, Instance.HOST);

  /** Reads the host of {@code surroundings}. */
  public OsCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings.root(), new InventorySource(surroundings.root()), settings);
  }

  OsCollector(HostRoot root, InventorySource inventory, ModuleSettings settings) {
    this.release = root.root().resolve("etc").resolve("os-release");
    this.vendorRelease = root.root().resolve("usr").resolve("lib").resolve("os-release");
    this.kernelFolder = root.proc().resolve("sys").resolve("kernel");
    this.commandLineFile = root.proc().resolve("cmdline");
    this.uptimeFile = ProcFile.ofOneRecord(root.proc().resolve("uptime"));
    this.stat = ProcFile.ofOneRecord(root.proc().resolve("stat"));
    this.inventory = inventory;
    this.withCommandLine = settings.flag(COMMAND_LINE_OPTION);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Optional<String> running = kernel("osrelease");
    if (running.isEmpty()) {
      throw new SourceAbsentException("no " + kernelFolder.resolve("osrelease"));
    }
    distribution(into);
    into.info(kernel, running.get());
    Optional<String> machine = kernel("arch");
    if (machine.isEmpty() && inventory.exists()) {
      machine = Optional.of(machine(System.getProperty("os.arch")));
    }
    Inform.text(into, architecture, machine);
    List<String> words = new ArrayList<>();
    kernel("ostype").ifPresent(words::add);
    kernel("hostname").ifPresent(words::add);
    words.add(running.get());
    kernel("version").ifPresent(words::add);
    machine.ifPresent(words::add);
    into.info(uname, String.join(" ", words));
    if (uptimeFile.exists()) {
      ByteScanner in = uptimeFile.read();
      in.nextLine();
      into.gauge(uptime, in.nextDecimal("uptime"));
    }
    if (stat.exists()) {
      Inform.number(into, boot, bootTime(stat.read()));
    }
    if (withCommandLine) {
      Inform.text(into, commandLine, SmallText.of(commandLineFile));
    }
  }

  private void distribution(Readings into) throws IOException {
    Optional<String> said = SmallText.of(release);
    if (said.isEmpty()) {
      said = SmallText.of(vendorRelease);
    }
    if (said.isPresent()) {
      Map<String, String> values = OsRelease.parse(said.get());
      Inform.text(into, name, value(values, "NAME"));
      Optional<String> number = value(values, "VERSION_ID");
      Inform.text(into, version, number.isPresent() ? number : value(values, "VERSION"));
      Inform.text(into, pretty, value(values, "PRETTY_NAME"));
    } else if (inventory.exists()) {
      Inventory.Software software = inventory.get().software();
      Inform.text(into, name, software.name());
      Inform.text(into, version, software.version());
    }
  }

  /** As the kernel calls the machine that the Java runtime is for. */
  static String machine(String runtimes) {
    return runtimes.equals("amd64") ? "x86_64" : runtimes;
  }

  private static Optional<String> value(Map<String, String> values, String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** The line "btime 1795453733". */
  static OptionalLong bootTime(ByteScanner in) throws IOException {
    byte[] key = ByteScanner.key("btime");
    while (in.nextLine()) {
      if (in.nextToken() && in.tokenIs(key)) {
        return OptionalLong.of(in.nextUnsigned("btime"));
      }
    }
    return OptionalLong.empty();
  }

  private Optional<String> kernel(String file) throws IOException {
    return SmallText.of(kernelFolder.resolve(file));
  }

  @Override
  public void close() throws IOException {
    try (uptimeFile) {
      stat.close();
    }
  }
}
