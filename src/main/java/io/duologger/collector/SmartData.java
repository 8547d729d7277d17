package io.duologger.collector;

import io.duologger.collector.tool.JsonRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What smartctl and nvme print of a disk. */
final class SmartData {
  private static final String ATTRIBUTES = "ata_smart_attributes.table";
  private static final String NVME = "nvme_smart_health_information_log.";
  private static final String SCSI_ERRORS = "scsi_error_counter_log.";
  private static final String UNCORRECTED = ".total_uncorrected_errors";
  private static final String MESSAGES = "smartctl.messages";
  private static final int REALLOCATED = 5;
  private static final int REPORTED_UNCORRECTABLE = 187;
  private static final int PENDING = 197;
  private static final int OFFLINE_UNCORRECTABLE = 198;
  private static final int INTERFACE_ERRORS = 199;

  /** Attributes whose normalised value is what is left of a solid-state disk, in percent. */
  private static final Set<String> LIFE_LEFT =
      Set.of(
          "Wear_Leveling_Count",
          "Media_Wearout_Indicator",
          "SSD_Life_Left",
          "Percent_Lifetime_Remain",
          "Remaining_Lifetime_Perc");

  private static final Set<String> PATHS =
      paths(
          "device.protocol",
          "model_name",
          "scsi_model_name",
          MESSAGES,
          MESSAGES + ".string",
          "smart_status.passed",
          "temperature.current",
          "power_on_time.hours",
          "power_on_time.minutes",
          "power_cycle_count",
          "endurance_used.current_percent",
          ATTRIBUTES,
          ATTRIBUTES + ".id",
          ATTRIBUTES + ".name",
          ATTRIBUTES + ".value",
          ATTRIBUTES + ".raw.string",
          "ata_smart_error_log.summary.count",
          "ata_smart_error_log.extended.count",
          NVME + "critical_warning",
          NVME + "available_spare",
          NVME + "percentage_used",
          NVME + "media_errors",
          NVME + "num_err_log_entries",
          NVME + "data_units_read",
          NVME + "data_units_written",
          "scsi_grown_defect_list",
          "scsi_pending_defects.count",
          "scsi_percentage_used_endurance_indicator",
          SCSI_ERRORS + "read" + UNCORRECTED,
          SCSI_ERRORS + "write" + UNCORRECTED,
          SCSI_ERRORS + "verify" + UNCORRECTED);

  private static final Set<String> NVME_PATHS =
      paths(
          "critical_warning",
          "critical_warning.value",
          "temperature",
          "avail_spare",
          "percent_used",
          "data_units_read",
          "data_units_written",
          "power_cycles",
          "power_on_hours",
          "media_errors",
          "num_err_log_entries");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,9})?");
  private static final Pattern DEGREES = Pattern.compile("-?[0-9]{1,3}");
  private static final Pattern LEADING = Pattern.compile("([0-9]{1,18})\\b.*", Pattern.DOTALL);
  private static final Pattern ASLEEP = Pattern.compile("Device is in .{1,40} mode, exit\\(.*");
  private static final int LONGEST_MODEL = 128;

  /** Of data units, by the NVM Express specification. */
  private static final double UNIT_BYTES = 512_000;

  private static final double KELVIN = 273;
  private static final int MOST_KELVIN = 1000;

  private final JsonRecords.Fields fields;

  private SmartData(JsonRecords.Fields fields) {
    this.fields = fields;
  }

  private static Set<String> paths(String... paths) {
    return new HashSet<>(Arrays.asList(paths));
  }

  /** What {@code smartctl --json} prints, which before version 7.3 may begin with other words. */
  static SmartData parse(String source, byte[] printed) throws IOException {
    int start = 0;
    while (start < printed.length && printed[start] != '{') {
      start++;
    }
    byte[] json = Arrays.copyOfRange(printed, start, printed.length);
    return new SmartData(JsonRecords.object(source, json, PATHS));
  }

  /** The disk's model. */
  Optional<String> model() {
    String model = fields.has("model_name") ? "model_name" : "scsi_model_name";
    String text = fields.text(model).strip();
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(text.substring(0, Math.min(LONGEST_MODEL, text.length())));
  }

  /** Whether the disk sleeps and was not woken up. */
  boolean isAsleep() {
    return fields.list(MESSAGES + ".string").stream().anyMatch(m -> ASLEEP.matcher(m).matches());
  }

  /** The first of the program's messages; may be empty. */
  String message() {
    return fields.text(MESSAGES + ".string");
  }

  /** The numbers, by the ordinals of facts; NaN stands for what is not known. */
  double[] values() throws IOException {
    double[] values = new double[SmartFact.COUNT];
    Arrays.fill(values, Double.NaN);
    String passed = fields.text("smart_status.passed");
    if (passed.equals("true") || passed.equals("false")) {
      values[SmartFact.HEALTHY.ordinal()] = passed.equals("true") ? 1 : 0;
    }
    String degrees = fields.text("temperature.current");
    if (DEGREES.matcher(degrees).matches()) {
      values[SmartFact.TEMPERATURE.ordinal()] = Integer.parseInt(degrees);
    }
    OptionalDouble hours = number(fields, "power_on_time.hours");
    if (hours.isPresent()) {
      double minutes = number(fields, "power_on_time.minutes").orElse(0);
      values[SmartFact.POWER_ON.ordinal()] = hours.getAsDouble() * 3600 + minutes * 60;
    }
    set(values, SmartFact.POWER_CYCLES, "power_cycle_count", 1);
    attributes(values);
    set(values, SmartFact.USED, "endurance_used.current_percent", 0.01);
    set(values, SmartFact.LOGGED_ERRORS, "ata_smart_error_log.summary.count", 1);
    set(values, SmartFact.LOGGED_ERRORS, "ata_smart_error_log.extended.count", 1);
    set(values, SmartFact.WARNINGS, NVME + "critical_warning", 1);
    set(values, SmartFact.SPARE, NVME + "available_spare", 0.01);
    set(values, SmartFact.USED, NVME + "percentage_used", 0.01);
    set(values, SmartFact.MEDIA_ERRORS, NVME + "media_errors", 1);
    set(values, SmartFact.LOGGED_ERRORS, NVME + "num_err_log_entries", 1);
    set(values, SmartFact.READ, NVME + "data_units_read", UNIT_BYTES);
    set(values, SmartFact.WRITTEN, NVME + "data_units_written", UNIT_BYTES);
    set(values, SmartFact.REALLOCATED, "scsi_grown_defect_list", 1);
    set(values, SmartFact.PENDING, "scsi_pending_defects.count", 1);
    set(values, SmartFact.USED, "scsi_percentage_used_endurance_indicator", 0.01);
    uncorrected(values);
    return values;
  }

  /** What {@code nvme smart-log -o json} prints. */
  static double[] nvme(String source, byte[] json) throws IOException {
    JsonRecords.Fields fields = JsonRecords.object(source, json, NVME_PATHS);
    SmartData log = new SmartData(fields);
    double[] values = new double[SmartFact.COUNT];
    Arrays.fill(values, Double.NaN);
    log.set(values, SmartFact.WARNINGS, "critical_warning", 1);
    log.set(values, SmartFact.WARNINGS, "critical_warning.value", 1);
    double warnings = values[SmartFact.WARNINGS.ordinal()];
    if (!Double.isNaN(warnings)) {
      values[SmartFact.HEALTHY.ordinal()] = warnings == 0 ? 1 : 0;
    }
    OptionalDouble kelvin = number(fields, "temperature");
    if (kelvin.isPresent() && kelvin.getAsDouble() > 0 && kelvin.getAsDouble() < MOST_KELVIN) {
      values[SmartFact.TEMPERATURE.ordinal()] = kelvin.getAsDouble() - KELVIN;
    }
    log.set(values, SmartFact.SPARE, "avail_spare", 0.01);
    log.set(values, SmartFact.USED, "percent_used", 0.01);
    log.set(values, SmartFact.READ, "data_units_read", UNIT_BYTES);
    log.set(values, SmartFact.WRITTEN, "data_units_written", UNIT_BYTES);
    log.set(values, SmartFact.POWER_CYCLES, "power_cycles", 1);
    log.set(values, SmartFact.POWER_ON, "power_on_hours", 3600);
    log.set(values, SmartFact.MEDIA_ERRORS, "media_errors", 1);
    log.set(values, SmartFact.LOGGED_ERRORS, "num_err_log_entries", 1);
    return values;
  }

  /**
   * The raw value as smartctl prints it begins with the count; the bare number may hold further
   * ones in its upper bytes.
   */
  private void attributes(double[] values) throws IOException {
    List<String> ids = fields.list(ATTRIBUTES + ".id");
    List<String> names = fields.list(ATTRIBUTES + ".name");
    List<String> left = fields.list(ATTRIBUTES + ".value");
    List<String> raws = fields.list(ATTRIBUTES + ".raw.string");
    if (names.size() != ids.size() || left.size() != ids.size() || raws.size() != ids.size()) {
      throw new IOException("smartctl: ata_smart_attributes: attributes that lack something");
    }
    for (int i = 0; i < ids.size(); i++) {
      OptionalDouble life = number(left.get(i));
      if (LIFE_LEFT.contains(names.get(i)) && life.isPresent() && life.getAsDouble() <= 100) {
        values[SmartFact.USED.ordinal()] = (100 - life.getAsDouble()) / 100;
      }
      Optional<SmartFact> fact = fact(ids.get(i));
      Matcher count = LEADING.matcher(raws.get(i).strip());
      if (fact.isPresent() && count.matches()) {
        values[fact.get().ordinal()] = Long.parseLong(count.group(1));
      }
    }
  }

  private static Optional<SmartFact> fact(String id) {
    return switch (id.matches("[0-9]{1,3}") ? Integer.parseInt(id) : 0) {
      case REALLOCATED -> Optional.of(SmartFact.REALLOCATED);
      case REPORTED_UNCORRECTABLE -> Optional.of(SmartFact.UNCORRECTABLE_ERRORS);
      case PENDING -> Optional.of(SmartFact.PENDING);
      case OFFLINE_UNCORRECTABLE -> Optional.of(SmartFact.UNCORRECTABLE_SECTORS);
      case INTERFACE_ERRORS -> Optional.of(SmartFact.INTERFACE_ERRORS);
      default -> Optional.empty();
    };
  }

  private void uncorrected(double[] values) {
    List<Double> counts = new ArrayList<>();
    for (String what : List.of("read", "write", "verify")) {
      number(fields, SCSI_ERRORS + what + UNCORRECTED).ifPresent(counts::add);
    }
    if (!counts.isEmpty()) {
      values[SmartFact.UNCORRECTABLE_ERRORS.ordinal()] =
          counts.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private void set(double[] values, SmartFact fact, String path, double scale) {
    OptionalDouble value = number(fields, path);
    if (value.isPresent()) {
      values[fact.ordinal()] =
          scale < 1 ? value.getAsDouble() / Math.rint(1 / scale) : value.getAsDouble() * scale;
    }
  }

  private static OptionalDouble number(JsonRecords.Fields fields, String path) {
    return number(fields.text(path));
  }

  private static OptionalDouble number(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }
}
