package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Grid Engine of one host, {@value #HOST}: the real sge_qmaster and sge_execd on Debian's ports.
 *
 * <p>It lives in name spaces of its own (processes, mounts, network, host name), with its files in
 * memory. Their first process reads a pipe from this JVM: when the pipe closes, however this JVM
 * ends, it ends too and the kernel kills all the others. So nothing is left behind, not even by a
 * test that was killed, and nothing that runs on the machine is in the way. It is used by one
 * thread.
 */
final class GridEngine implements AutoCloseable {
  /** The name of the one host. */
  static final String HOST = "node1";

  /** {@code execd_params}: a sensor is asked when the report is due, as by default. */
  static final String DEMAND = "none";

  /** {@code execd_params}: a sensor is asked as soon as its last report was read, as in SGE 6. */
  static final String CLASSIC = "DEMAND_LS=false";

  /** How often execd reports; sensors are asked, and started again, as often. */
  static final Duration LOAD_REPORT = Duration.ofSeconds(2);

  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final Path FOLDER = Path.of("/var/spool/gridengine");
  private static final Path ROOT = FOLDER.resolve("root");
  private static final String CONFIGURATION = "/usr/share/gridengine/default-configuration";
  private static final Pattern VALUE = Pattern.compile("\\b[a-z]{2}:([^=:\\s]+)=(.*)$");

  /** Run with the folder, the root, the host's name and the base of the configuration. */
  private static final String SET_UP =
      """
      set -eu
      mount -t proc proc /proc
      mount -t tmpfs -o mode=755 none "$1"
      cd "$1"
      hostname "$3"
      echo "127.0.0.1 $3" > hosts
      mount --bind hosts /etc/hosts
      ip link set lo up

      mkdir execd qmaster spooldb "$2"
      ln -s /var/lib/gridengine/bin /var/lib/gridengine/lib /var/lib/gridengine/util \
        /var/lib/gridengine/utilbin "$2"
      mkdir -p "$2/default/common"
      echo "$3" > "$2/default/common/act_qmaster"
      cat > "$2/default/common/bootstrap" <<END
      admin_user        sgeadmin
      default_domain    none
      ignore_fqdn       false
      spooling_method   berkeleydb
      spooling_lib      libspoolb
      spooling_params   $1/spooldb
      binary_path       /usr/sbin
      qmaster_spool_dir $1/qmaster
      security_mode     none
      listener_threads  2
      worker_threads    2
      scheduler_threads 1
      END
      chown -R sgeadmin:sgeadmin execd qmaster spooldb "$2"
      cp "$4" configuration
      setpriv --reuid sgeadmin --regid sgeadmin --clear-groups sh -eu -c '
        cd /usr/lib/gridengine
        ./spoolinit berkeleydb libspoolb "$1/spooldb" init
        ./spooldefaults configuration "$1/configuration"
        ./spooldefaults complexes /usr/share/gridengine/util/resources/centry
        ./spooldefaults usersets /usr/share/gridengine/util/resources/usersets
        ./spooldefaults managers root
        ./spooldefaults managers sgeadmin
      ' sh "$1"
      sge_qmaster < /dev/null
      """;

  private static final String EXECUTION_HOST =
      """
      hostname %s
      load_scaling NONE
      complex_values NONE
      user_lists NONE
      xuser_lists NONE
      projects NONE
      xprojects NONE
      usage_scaling NONE
      report_variables NONE
      """;

  /** A queue on one host, of so many slots, in the form of qconf. */
  private static final String QUEUE =
      """
      qname all.q
      hostlist %s
      seq_no 0
      load_thresholds NONE
      suspend_thresholds NONE
      nsuspend 1
      suspend_interval 00:05:00
      priority 0
      min_cpu_interval 00:05:00
      processors UNDEFINED
      qtype BATCH INTERACTIVE
      ckpt_list NONE
      pe_list NONE
      rerun FALSE
      slots %d
      tmpdir /tmp
      shell /bin/sh
      prolog NONE
      epilog NONE
      shell_start_mode posix_compliant
      starter_method NONE
      suspend_method NONE
      resume_method NONE
      terminate_method NONE
      notify 00:00:60
      owner_list NONE
      user_lists NONE
      xuser_lists NONE
      subordinate_list NONE
      complex_values NONE
      projects NONE
      xprojects NONE
      calendar NONE
      initial_state default
      s_rt INFINITY
      h_rt INFINITY
      s_cpu INFINITY
      h_cpu INFINITY
      s_fsize INFINITY
      h_fsize INFINITY
      s_data INFINITY
      h_data INFINITY
      s_stack INFINITY
      h_stack INFINITY
      s_core INFINITY
      h_core INFINITY
      s_rss INFINITY
      h_rss INFINITY
      s_vmem INFINITY
      h_vmem INFINITY
      """;

  private final Process nameSpaces;
  private final long first;

  private GridEngine(Process nameSpaces, long first) {
    this.nameSpaces = nameSpaces;
    this.first = first;
  }

  /** Starts the master. */
  static GridEngine start() throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "nsenter", "setpriv", "mount", "hostname", "ip");
    Machine.needsPrograms("sge_qmaster", "sge_execd", "qconf", "qhost");
    // The shell stays to reap what daemons leave to the first process.
    Process nameSpaces =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "--mount",
                    "--net",
                    "--uts",
                    "--ipc",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "sh",
                    "-c",
                    "cat; exit"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      poll("first process", () -> nameSpaces.children().count() == 1);
      long first = nameSpaces.children().findFirst().orElseThrow().pid();
      GridEngine grid = new GridEngine(nameSpaces, first);
      grid.run("sh", "-c", SET_UP, "sh", FOLDER.toString(), ROOT.toString(), HOST, CONFIGURATION);
      poll("answer of sge_qmaster", () -> grid.succeeds("qconf", "-sconf"));
      grid.qconf("-Ae", grid.file("host", EXECUTION_HOST.formatted(HOST)));
      return grid;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      nameSpaces.destroyForcibly();
      throw e;
    }
  }

  /** Runs qconf, which has to succeed, and gives what it prints. */
  List<String> qconf(String... arguments) throws IOException, InterruptedException {
    return run(Stream.concat(Stream.of("qconf"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** The lines of all complexes, by their names. */
  Map<String, String> complexes() throws IOException, InterruptedException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : qconf("-sc")) {
      if (!line.startsWith("#")) {
        assertTrue(lines.put(line.split("\\s+")[0], line) == null, line);
      }
    }
    return lines;
  }

  /** Adds those of these complexes, in the form of {@code qconf -sc}, that are not there yet. */
  void define(List<String> lines) throws IOException, InterruptedException {
    Map<String, String> all = complexes();
    Set<String> names = new LinkedHashSet<>();
    for (String line : lines) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String name = line.strip().split("\\s+")[0];
        assertTrue(names.add(name), () -> name + " stands twice in: " + lines);
        all.putIfAbsent(name, line);
      }
    }
    List<String> told = qconf("-Mc", file("complexes", String.join("\n", all.values()) + "\n"));
    // qconf's status is 0 whatever it thinks of the lines.
    assertEquals(all.keySet(), complexes().keySet(), () -> String.join("\n", told));
  }

  /** Starts the execution daemon in this environment, with this program as the load sensor. */
  void execute(Path sensor, String parameters, Map<String, String> environment)
      throws IOException, InterruptedException {
    Map<String, String> set =
        Map.of(
            "load_sensor",
            starter(sensor),
            "load_report_time",
            "00:00:%02d".formatted(LOAD_REPORT.toSeconds()),
            "execd_params",
            parameters,
            // Jobs of root. Told later, it may reach the daemon after the first job.
            "min_uid",
            "0",
            "min_gid",
            "0");
    String configuration =
        qconf("-sconf").stream()
            .filter(line -> !line.startsWith("#") && !set.containsKey(line.split("\\s+")[0]))
            .collect(Collectors.joining("\n", "", "\n"));
    qconf("-Mconf", file("global", configuration + lines(set)));
    Map<String, String> now =
        qconf("-sconf").stream()
            .filter(line -> set.containsKey(line.split("\\s+")[0]))
            .collect(Collectors.toMap(l -> l.split("\\s+")[0], l -> l.split("\\s+", 2)[1].strip()));
    assertEquals(set, now);
    ProcessBuilder daemon = command("sge_execd");
    daemon.environment().putAll(environment);
    run(daemon);
  }

  /** Makes a queue of so many slots, and lets its jobs be started soon. */
  void runJobs(int slots) throws IOException, InterruptedException {
    qconf("-as", HOST);
    String scheduler =
        String.join("\n", qconf("-ssconf"))
            .replaceAll("(?m)^schedule_interval .*", "schedule_interval 0:0:1")
            .replaceAll("(?m)^flush_submit_sec .*", "flush_submit_sec 1");
    qconf("-Msconf", file("scheduler", scheduler + "\n"));
    qconf("-Aq", file("queue", QUEUE.formatted(HOST, slots)));
  }

  /** Submits a job that sleeps, with these arguments and the last one as its name. */
  void submit(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("qsub", "-o", "/dev/null", "-e", "/dev/null"));
    words.addAll(List.of(arguments).subList(0, arguments.length - 1));
    words.addAll(List.of("-N", arguments[arguments.length - 1]));
    words.addAll(List.of("-b", "y", "/bin/sleep", "600"));
    run(words.toArray(new String[0]));
  }

  /** Stops the execution daemon, and waits until it and its load sensor are gone. */
  void stopExecution(Duration limit) throws IOException, InterruptedException {
    ProcessHandle daemon = processes("sge_execd").get(0);
    List<ProcessHandle> all = new ArrayList<>(daemon.descendants().toList());
    all.add(daemon);
    qconf("-ke", HOST);
    poll(limit, "end of sge_execd", () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** The load values and resources of the host, as {@code qhost -F} prints them. */
  Map<String, String> values() throws IOException, InterruptedException {
    Map<String, String> values = new LinkedHashMap<>();
    boolean ours = false;
    for (String line : run("qhost", "-F")) {
      if (!line.startsWith(" ")) {
        ours = line.startsWith(HOST + " ");
      }
      Matcher matcher = VALUE.matcher(line);
      if (ours && matcher.find()) {
        values.put(matcher.group(1), matcher.group(2));
      }
    }
    return values;
  }

  /** Waits for values that {@code wanted} takes, and gives them. */
  Map<String, String> await(Duration limit, String what, Predicate<Map<String, String>> wanted)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Map<String, String> values = values(); ; values = values()) {
      if (wanted.test(values)) {
        return values;
      }
      if (System.nanoTime() - end > 0) {
        fail("no " + what + " within " + limit + ": " + values + "\n" + messages());
      }
      Thread.sleep(100);
    }
  }

  /** Its processes with a command line that has all of these words as parts. */
  List<ProcessHandle> processes(String... words) {
    return nameSpaces
        .descendants()
        .filter(process -> Stream.of(words).allMatch(commandLine(process)::contains))
        .toList();
  }

  /** Waits until there is no such process. */
  void awaitNone(Duration limit, String... words) throws InterruptedException {
    poll(limit, "end of " + String.join(" ", words), () -> processes(words).isEmpty());
  }

  /** What the daemons have logged, for messages. */
  String messages() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String daemon : List.of("qmaster", "execd/" + HOST)) {
      Path file = inside(FOLDER.resolve(daemon).resolve("messages"));
      if (Files.exists(file)) {
        all.append(daemon).append(":\n").append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException {
    nameSpaces.getOutputStream().close();
    // The kernel lets the first process go when all the others are gone.
    boolean gone = false;
    try {
      gone = nameSpaces.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!gone) {
      nameSpaces.destroyForcibly();
      fail("processes of Grid Engine outlive its name spaces");
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return new String(line, StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      // It has just ended.
      return "";
    }
  }

  private static String lines(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + " " + pair.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * A script that starts the sensor. The daemon looks at the sensor's file as sgeadmin, for whom
   * the source tree may be out of reach, but starts it as root.
   */
  private String starter(Path sensor) throws IOException {
    String file = file("sensor", "#!/bin/sh\nexec '%s'\n".formatted(sensor));
    Files.setPosixFilePermissions(
        inside(Path.of(file)), PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /** Writes a file where only Grid Engine sees it, and gives the name it has there. */
  private String file(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name);
    Files.writeString(inside(file), text);
    return file.toString();
  }

  private Path inside(Path file) {
    return Path.of("/proc", Long.toString(first), "root").resolve(Path.of("/").relativize(file));
  }

  private List<String> run(String... words) throws IOException, InterruptedException {
    return run(command(words));
  }

  private static List<String> run(ProcessBuilder command) throws IOException, InterruptedException {
    try (Running running = Running.start(command)) {
      int status = running.exitWithin(COMMAND);
      assertEquals(0, status, () -> String.join(" ", command.command()) + ": " + running.all());
      return running.out();
    }
  }

  private boolean succeeds(String... words) {
    try (Running running = Running.start(command(words))) {
      return running.exitWithin(COMMAND) == 0;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A command in the name spaces, where its programs find it. */
  ProcessBuilder command(String... words) {
    List<String> enter =
        List.of("nsenter", "-t", Long.toString(first), "-m", "-n", "-u", "-i", "-p", "--");
    ProcessBuilder command =
        new ProcessBuilder(Stream.concat(enter.stream(), Stream.of(words)).toList());
    command.environment().put("SGE_ROOT", ROOT.toString());
    command.environment().put("SGE_CELL", "default");
    return command;
  }

  private static void poll(String what, BooleanSupplier condition) throws InterruptedException {
    poll(COMMAND, what, condition);
  }

  private static void poll(Duration limit, String what, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("no " + what + " within " + limit);
      }
      Thread.sleep(20);
    }
  }
}
