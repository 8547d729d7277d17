package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
