package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell script finds its tree and a Java, from wherever and however it is called. */
class LauncherIT {
  private static final String SCRIPT = Machine.HOME.resolve("sbin/duologger").toString();

  @TempDir private Path folder;

  @Test
  void startsThroughLinksFromAnyFolder() throws Exception {
    Path far = Files.createSymbolicLink(folder.resolve("far"), Path.of(SCRIPT));
    Path near = Files.createDirectory(folder.resolve("near"));
    Files.createSymbolicLink(near.resolve("duologger"), Path.of("../far"));
    Path sbin = Files.createSymbolicLink(folder.resolve("s"), Path.of(SCRIPT).getParent());
    assertStarts(new ProcessBuilder(far.toString(), "modules"));
    assertStarts(new ProcessBuilder("./duologger", "modules").directory(near.toFile()));
    assertStarts(new ProcessBuilder("near/duologger", "modules").directory(folder.toFile()));
    assertStarts(new ProcessBuilder(sbin.resolve("duologger").toString(), "modules"));
    assertStarts(new ProcessBuilder("sh", "s/duologger", "modules").directory(folder.toFile()));
    ProcessBuilder byPath = new ProcessBuilder("sh", "-c", "duologger modules");
    byPath.environment().merge("PATH", sbin.toString(), (path, first) -> first + ":" + path);
    assertStarts(byPath.directory(folder.toFile()));
  }

  @Test
  void whatTheJvmSaysIsNotAmongTheReports() throws Exception {
    // The modules that are on by default have room on a heap of 2 MiB.
    String modules =
        "cpu,memory,load,disk,net,process,tcp,mount,df,kernel,os,host,cpuinfo,netconfig";
    ProcessBuilder command = Running.command("--heartbeat", "1s", "--modules", modules);
    command.environment().put("DUOLOGGER_JAVA_OPTS", "-Xms1m -Xmx2m");
    // Newer JVMs refuse to start where not even their cache has room on the heap.
    command.environment().put("DUOLOGGER_CACHE", "off");
    try (Running start = Running.start(command)) {
      int status = start.exitWithin(Running.MARGIN);
      assertEquals(ExitStatus.OUT_OF_MEMORY, status, start::all);
      assertEquals(List.of(), start.out());
      assertTrue(start.err().toString().contains("OutOfMemoryError"), start::all);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"duologger", "dlogger", "cronlogger", "qloadsensor"})
  void theNameItIsCalledByIsTheMode(String mode) throws Exception {
    Machine.needsPrograms("busybox");
    Path tree = Path.of(SCRIPT).getParent();
    Path far = Files.createSymbolicLink(folder.resolve("sensor.sh"), tree.resolve(mode));
    Path copy = installedCopy();
    Path java = fakeJava();
    for (List<String> call :
        List.of(
            List.of(tree.resolve(mode).toString()),
            List.of("busybox", "sh", tree.resolve(mode).toString()),
            List.of(copy.resolve("sbin").resolve(mode).toString()),
            List.of(far.toString()),
            // as the execution daemon of Grid Engine does
            List.of("env", "-i", "JAVA_HOME=" + java, "/bin/sh", "-c", far.toString()),
            List.of("sh", "-c", "PATH=" + tree + ":$PATH; " + mode))) {
      ProcessBuilder command = new ProcessBuilder(call);
      command.environment().put("JAVA_HOME", java.toString());
      try (Running start = Running.start(command)) {
        assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
        List<String> arguments = start.out();
        assertEquals(
            List.of("io.duologger.Main", mode),
            arguments.subList(arguments.size() - 2, arguments.size()));
      }
    }
  }

  @Test
  void takesItsOwnOptionsAndNoOthers() throws Exception {
    Path pidfile = folder.resolve("x y.pid");
    assertEquals(
        List.of("-Dduologger.pidfile=" + pidfile, "--a", "b  c", "", "--", "--pidfile", "d"),
        told("--a", "--pidfile", pidfile.toString(), "b  c", "", "--", "--pidfile", "d"));
    assertEquals(
        List.of("-Dduologger.pidfile=" + pidfile, "*", "$x"),
        told("*", "--pidfile=" + pidfile, "$x"));
    assertEquals(List.of("--daemons", "--pidfiles=x"), told("--daemons", "--pidfiles=x"));
    assertEquals(List.of("--", "--daemon"), told("--", "--daemon"));
  }

  @Test
  void anInstalledCopyStartsInABareEnvironment() throws Exception {
    Path script = installedCopy().resolve("sbin/duologger");
    assertStarts(
        new ProcessBuilder("env", "-i", "/bin/sh", "-c", script + " modules")
            .directory(Path.of("/").toFile()));
  }

  @Test
  void theProcessThatWasStartedIsTheJvm() throws Exception {
    String recording = SCRIPT + " --heartbeat 1h --modules cpu --output stdout";
    try (Running start =
        Running.start(new ProcessBuilder("env", "-i", "/bin/sh", "-c", "exec " + recording))) {
      Path program = Path.of("/proc/" + start.pid() + "/exe");
      start.poll(Running.MARGIN, "a JVM", () -> leadsTo(program, "java"));
      start.signal("KILL");
      assertEquals(128 + 9, start.exitWithin(Running.MARGIN));
    }
  }

  @Test
  void nativeCallsAreAllowedWhereTheJvmWouldWarn() throws Exception {
    String flag = "--enable-native-access=ALL-UNNAMED";
    Path java = fakeJava();
    for (String version : List.of("17.0.15", "23.0.2", "24", "25.0.3")) {
      Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
      ProcessBuilder command = Running.command();
      command.environment().put("JAVA_HOME", java.toString());
      try (Running start = Running.start(command)) {
        assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
        assertEquals(
            version.startsWith("2") && !version.startsWith("23"),
            start.out().contains(flag),
            version);
      }
    }
  }

  @Test
  void takesJavaHomeIfItIsNewEnough() throws Exception {
    String given = javaOf(System.getProperty("java.home"));
    assertEquals(Path.of(System.getProperty("java.home")).toRealPath(), Path.of(given));
  }

  @Test
  void findsAJavaWithoutJavaHomeOrDespiteAWrongOne() throws Exception {
    Path old = folder.resolve("jdk8");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Files.createSymbolicLink(old.resolve("bin/java"), Path.of("/bin/false"));
    for (String home : List.of("", "/nonexistent", old.toString())) {
      String found = javaOf(home);
      assertTrue(Files.isExecutable(Path.of(found, "bin/java")), found);
    }
  }

  @Test
  void withoutJavaItNamesThePackage() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "mount");
    // A mount name space of its own, in which the places where Java may be are empty.
    ProcessBuilder command =
        new ProcessBuilder(
            "unshare",
            "-m",
            "sh",
            "-c",
            """
            for folder in /usr/lib/jvm /usr/lib64/jvm /usr/java /opt; do
              [ ! -d "$folder" ] || mount -t tmpfs none "$folder" || exit 3
            done
            PATH=/nonexistent exec /bin/sh "$1" modules
            """,
            "sh",
            SCRIPT);
    command.environment().remove("JAVA_HOME");
    try (Running start = Running.start(command)) {
      assertEquals(1, start.exitWithin(Running.MARGIN), start::all);
      String message = String.join("\n", start.err());
      assertTrue(message.contains("openjdk-17-jre-headless"), message);
      assertTrue(message.contains("java-17-openjdk-headless"), message);
      assertEquals(1, start.err().size(), message);
      assertEquals(List.of(), start.out());
    }
  }

  /** The program with its libraries and without its sources. */
  private Path installedCopy() throws Exception {
    Path copy = Files.createDirectories(folder.resolve("opt/duologger"));
    Running.run(
        "sh",
        "-c",
        "mkdir \"$2/lib\" && cp -R \"$1/sbin\" \"$1/conf\" \"$2\" && cp \"$1\"/target/lib/*"
            + " \"$1/target/duologger.jar\" \"$2/lib\"",
        "sh",
        Machine.HOME.toString(),
        copy.toString());
    return copy;
  }

  /** The home of a Java that prints its arguments, a line each. */
  private Path fakeJava() throws Exception {
    Path home = Files.createDirectories(folder.resolve("jdk99/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"99\"\n");
    Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertTrue(java.toFile().setExecutable(true));
    return home;
  }

  /** What reaches the JVM of these arguments: its pidfile, and what follows the mode. */
  private List<String> told(String... arguments) throws Exception {
    ProcessBuilder command = Running.command(arguments);
    command.environment().put("JAVA_HOME", fakeJava().toString());
    try (Running start = Running.start(command)) {
      assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
      List<String> all = start.out();
      int mode = all.indexOf("io.duologger.Main") + 1;
      assertEquals("duologger", all.get(mode));
      return Stream.concat(
              all.subList(0, mode).stream().filter(line -> line.startsWith("-Dduologger.pidfile")),
              all.subList(mode + 1, all.size()).stream())
          .toList();
    }
  }

  private static boolean leadsTo(Path link, String name) {
    try {
      return Files.readSymbolicLink(link).endsWith(name);
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertStarts(ProcessBuilder command) throws Exception {
    try (Running start = Running.start(command)) {
      assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
      assertTrue(start.out().stream().anyMatch(line -> line.contains("cpu")), start::all);
    }
  }

  /** The java.home of the JVM that the script starts when JAVA_HOME is {@code home}. */
  private static String javaOf(String home) throws Exception {
    ProcessBuilder command = Running.command("modules");
    command.environment().put("JAVA_HOME", home);
    command.environment().put("DUOLOGGER_JAVA_OPTS", "-XshowSettings:properties  -Dsplit=yes");
    try (Running start = Running.start(command)) {
      assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
      return start.err().stream()
          .map(String::strip)
          .filter(line -> line.startsWith("java.home = "))
          .map(line -> line.substring("java.home = ".length()))
          .findFirst()
          .orElseThrow(() -> new AssertionError(start.all()));
    }
  }
}
