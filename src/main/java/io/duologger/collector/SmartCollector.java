package io.duologger.collector;

import io.duologger.collector.tool.JsonRecords;
import io.duologger.collector.tool.Tool;
import io.duologger.collector.tool.Words;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Says how healthy disks are, by their own account (SMART).
 *
 * <ul>
 *   <li>Source: {@code smartctl --json} (smartmontools 7.0), or without it {@code nvme smart-log}
 *   <li>Unit: degrees Celsius, sectors, errors, shares, bytes from units of 512,000, seconds from
 *       hours
 *   <li>Kind: gauges, also of what has been counted in the disk's life; infos
 *   <li>Since kernel: 2.6
 *   <li>Root needed: yes (CAP_SYS_RAWIO, for NVMe CAP_SYS_ADMIN, and the device files)
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A disk that sleeps is not woken up and has no numbers; one that can't say whether it sleeps is
 * asked. What is wrong with a disk is no failure of the module, but is told as its state.
 * Attributes of ATA disks are known by the numbers that all vendors use; their meaning is the
 * vendor's.
 */
public final class SmartCollector implements Collector {
  private static final String SMARTCTL = "smartctl";
  private static final String NVME = "nvme";
  private static final String DEVICES = "devices";
  private static final String DEV = "/dev/";
  private static final String UNREADABLE = "unreadable: ";
  private static final String NEEDS =
      "root (CAP_SYS_RAWIO, for NVMe CAP_SYS_ADMIN; CAP_DAC_OVERRIDE for the device files)";
  private static final int MOST_DISKS = 1000;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_STATE = 160;
  private static final int MEBIBYTE = 1 << 20;

  /** Bits of smartctl's exit status that mean that it did not work; all others are the disk's. */
  private static final int NOT_DONE = 0b11;

  private static final Metric DISKS =
      Metric.gauge("disks", Unit.COUNT, "Disks that were looked at.");
  private static final Metric READ =
      Metric.gauge("disks_read", Unit.COUNT, "Those of them that told of their health.");
  private static final Metric FAILING =
      Metric.gauge("disks_failing", Unit.COUNT, "Those of them whose health is not good.");
  private static final Metric ERRORS =
      Metric.gauge("errors", Unit.COUNT, "Errors that disks have logged or could not correct.")
          .formerly("hd_errs_ttl");
  private static final Metric ERROR_LIST =
      Metric.info("error_list", "The same of each disk, with commas between them.");
  private static final Metric STATE =
      Metric.info("state", "One of read, asleep and unreadable, with the reason.");
  private static final Metric MODEL = Metric.info("model", "The disk's model.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "smart",
          "disks: health, errors, wear and temperature by their own account",
          Optional.of(SmartFact.LABEL),
          metrics(),
          List.of(SMARTCTL, NVME),
          NEEDS,
          Duration.ofMinutes(10),
          Duration.ofMinutes(2),
          List.of(
              ModuleOption.list(
                  DEVICES,
                  List.of(),
                  "The disks: /dev/sda, or with smartctl's type '/dev/bus/0 megaraid,3'; without"
                      + " any, those that smartctl finds."),
              Tool.option(SMARTCTL),
              Tool.option(NVME),
              ModuleOption.duration(
                  "limit", Duration.ofSeconds(20), "How long each disk may take.")));

  private final Surroundings surroundings;
  private final ModuleSettings settings;
  private final List<Program> programs = new CopyOnWriteArrayList<>();
  private final Map<String, Disk> known = new HashMap<>();
  private final Series disks = new Series(DISKS, Instance.HOST);
  private final Series read = new Series(READ, Instance.HOST);
  private final Series failing = new Series(FAILING, Instance.HOST);
  private final Series errors = new Series(ERRORS, Instance.HOST);
  private final Series errorList = new Series(ERROR_LIST, Instance.HOST);
  private volatile boolean closed;

  /** A disk, as the programs know it. */
  private record Device(String path, String type) {
    /** Several disks behind one controller have the same path. */
    String name() {
      String name = path.startsWith(DEV) ? path.substring(DEV.length()) : path;
      String whole = type.contains(",") ? name + " " + type : name;
      return whole.substring(0, Math.min(LONGEST_NAME, whole.length()));
    }
  }

  /** A disk's series. */
  private record Disk(Series[] facts, Series state, Series model) {
    static Disk of(String name) {
      Instance instance = Instance.of(SmartFact.LABEL, name);
      return new Disk(
          SmartFact.series(instance), new Series(STATE, instance), new Series(MODEL, instance));
    }
  }

  /** What became of asking a disk. */
  private record Answer(String state, Optional<double[]> values, Optional<String> model) {
    static Answer unreadable(String why) {
      String words = Words.printable(why.substring(0, Math.min(LONGEST_STATE, why.length())));
      return new Answer(UNREADABLE + words, Optional.empty(), Optional.empty());
    }
  }

  /** Reads the disks of the running host. */
  public SmartCollector(Surroundings surroundings, ModuleSettings settings) {
    this.surroundings = surroundings;
    this.settings = settings;
  }

  private static List<Metric> metrics() {
    List<Metric> metrics = SmartFact.metrics();
    metrics.addAll(List.of(STATE, MODEL, DISKS, READ, FAILING, ERRORS, ERROR_LIST));
    return metrics;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    boolean bySmartctl = Program.find(settings.option(SMARTCTL)).isPresent();
    if (!bySmartctl && Program.find(settings.option(NVME)).isEmpty()) {
      throw new SourceAbsentException(
          "no program " + settings.option(SMARTCTL) + " and no " + settings.option(NVME));
    }
    Map<String, Device> devices = devices(bySmartctl);
    if (devices.isEmpty()) {
      throw new SourceAbsentException("no disk that tells of its health");
    }
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (Map.Entry<String, Device> device : devices.entrySet()) {
      answers.put(
          device.getKey(), bySmartctl ? smartctl(device.getValue()) : nvme(device.getValue()));
    }
    refuse(answers);
    emit(answers, into);
    known.keySet().retainAll(answers.keySet());
  }

  /** Where all disks are out of reach for want of a permission, the module can't do anything. */
  private static void refuse(Map<String, Answer> answers) throws IOException {
    for (Map.Entry<String, Answer> answer : answers.entrySet()) {
      String state = answer.getValue().state().toLowerCase(Locale.ROOT);
      if (!state.contains("permission denied") && !state.contains("operation not permitted")) {
        return;
      }
    }
    String first = answers.keySet().iterator().next();
    throw new IOException(first + ": permission denied, needs " + NEEDS);
  }

  private void emit(Map<String, Answer> answers, Readings into) {
    int told = 0;
    int bad = 0;
    double sum = 0;
    List<String> each = new ArrayList<>();
    for (Map.Entry<String, Answer> answer : answers.entrySet()) {
      Disk disk = known.computeIfAbsent(answer.getKey(), Disk::of);
      into.info(disk.state, answer.getValue().state());
      if (answer.getValue().state().startsWith(UNREADABLE)) {
        into.lacks(answer.getKey() + " is " + answer.getValue().state());
      }
      Inform.text(into, disk.model, answer.getValue().model());
      if (answer.getValue().values().isPresent()) {
        double[] values = answer.getValue().values().get();
        for (int i = 0; i < values.length; i++) {
          if (!Double.isNaN(values[i])) {
            into.gauge(disk.facts[i], values[i]);
          }
        }
        told++;
        bad += values[SmartFact.HEALTHY.ordinal()] == 0 ? 1 : 0;
        double count = errors(values);
        sum += Double.isNaN(count) ? 0 : count;
        each.add(Double.isNaN(count) ? "" : Long.toString((long) count));
      } else {
        each.add("");
      }
    }
    into.gauge(disks, answers.size());
    into.gauge(read, told);
    if (told > 0) {
      into.gauge(failing, bad);
      into.gauge(errors, sum);
      into.info(errorList, String.join(",", each));
    }
  }

  /** SCSI disks log none, but count what they could not correct. */
  private static double errors(double[] values) {
    double logged = values[SmartFact.LOGGED_ERRORS.ordinal()];
    return Double.isNaN(logged) ? values[SmartFact.UNCORRECTABLE_ERRORS.ordinal()] : logged;
  }

  /** The included disks by name. */
  private Map<String, Device> devices(boolean bySmartctl) throws IOException {
    List<Device> found = new ArrayList<>();
    List<String> given = settings.options().list(DEVICES);
    if (!given.isEmpty()) {
      for (String device : given) {
        String[] words = device.strip().split("\\s+", 2);
        found.add(new Device(words[0], words.length > 1 ? words[1] : ""));
      }
    } else if (bySmartctl) {
      scan(found);
    } else {
      Path folder = surroundings.root().sys().resolve("class").resolve(NVME);
      SysFolder.names(folder).forEach(name -> found.add(new Device(DEV + name, NVME)));
    }
    Map<String, Device> devices = new LinkedHashMap<>();
    for (Device device : found) {
      if (devices.size() < MOST_DISKS && settings.instances().matches(device.name())) {
        devices.putIfAbsent(device.name(), device);
      }
    }
    return devices;
  }

  private void scan(List<Device> into) throws IOException {
    Program.Result result = run(settings.option(SMARTCTL), List.of("--json", "--scan"));
    if ((result.status() & NOT_DONE) != 0) {
      throw new IOException(
          settings.option(SMARTCTL)
              + " --scan: exit status "
              + result.status()
              + ": "
              + Words.printable(complaint(result)));
    }
    JsonRecords.read(
        SMARTCTL + " --scan",
        result.output(),
        Set.of(DEVICES),
        Set.of("name", "type"),
        (list, fields) -> {
          if (fields.text("name").startsWith("/")) {
            into.add(new Device(fields.text("name"), fields.text("type")));
          }
        });
  }

  private Answer smartctl(Device device) {
    List<String> arguments = new ArrayList<>(List.of("--json", "-a", "-n", "standby"));
    if (!device.type().isEmpty()) {
      arguments.addAll(List.of("-d", device.type()));
    }
    arguments.add(device.path());
    try {
      Program.Result result = run(settings.option(SMARTCTL), arguments);
      SmartData data = SmartData.parse(SMARTCTL + " of " + device.name(), result.output());
      if (data.isAsleep()) {
        return new Answer("asleep", Optional.empty(), data.model());
      }
      if ((result.status() & NOT_DONE) != 0) {
        String said = data.message();
        return Answer.unreadable(said.isEmpty() ? "exit status " + result.status() : said);
      }
      double[] values = data.values();
      if (saysNothing(values)) {
        String said = data.message();
        return Answer.unreadable(said.isEmpty() ? "it tells nothing" : said);
      }
      return new Answer("read", Optional.of(values), data.model());
    } catch (IOException failed) {
      return Answer.unreadable(String.valueOf(failed.getMessage()));
    }
  }

  private static boolean saysNothing(double[] values) {
    for (double value : values) {
      if (!Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  private Answer nvme(Device device) {
    try {
      Program.Result result =
          run(settings.option(NVME), List.of("smart-log", "-o", "json", device.path()));
      if (result.status() != 0) {
        return Answer.unreadable(complaint(result));
      }
      double[] values = SmartData.nvme(NVME + " of " + device.name(), result.output());
      return new Answer("read", Optional.of(values), Optional.empty());
    } catch (IOException failed) {
      return Answer.unreadable(String.valueOf(failed.getMessage()));
    }
  }

  private static String complaint(Program.Result result) {
    String said = result.complaint();
    return said.isEmpty() ? "exit status " + result.status() : said;
  }

  private Program.Result run(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(arguments);
    Program program =
        new Program(
            surroundings,
            command,
            Map.of("LC_ALL", "C"),
            settings.options().duration("limit"),
            MEBIBYTE);
    programs.add(program);
    try {
      if (closed) {
        program.close();
      }
      return program.run();
    } finally {
      programs.remove(program);
    }
  }

  @Override
  public void close() {
    closed = true;
    programs.forEach(Program::close);
  }
}
