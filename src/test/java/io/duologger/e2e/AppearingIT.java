package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hardware and programs that come and go while the recorder runs. */
class AppearingIT {
  private static final String CARDS =
      Machine.HOME.resolve("src/test/resources/outputs/gpu/two.csv").toString();

  @TempDir Path folder;

  private Path config(String modules) throws IOException {
    return Files.writeString(
        folder.resolve("test.conf"),
        "heartbeat = 2 s\nmodules {\n" + modules + "}\noutputs = [ { type = stdout } ]\n");
  }

  /** The program is there at once and whole. */
  private Path program(String script) throws IOException {
    Path half = Files.writeString(folder.resolve("half"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.move(half, folder.resolve("nvidia-smi"), StandardCopyOption.REPLACE_EXISTING);
  }

  private String gpu(String every) {
    return "gpu { every = " + every + ", nvidia-smi = \"" + folder.resolve("nvidia-smi") + "\" }\n";
  }

  private static boolean said(Running recorder, String line) {
    return recorder.err().contains("duologger: info: " + line);
  }

  private static long count(Running recorder, String module) {
    return recorder.err().stream().filter(line -> line.contains(": " + module + ": ")).count();
  }

  @Test
  void sensorsThatAppearAreReadFromTheNextHeartbeatOn() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare");
    Path config =
        config(
            "thermal { every = 100 ms }\ninfiniband { every = 100 ms }\npower { every = 100 ms }\n");
    Path go = folder.resolve("go");
    String script =
        "mount -t tmpfs none /sys/class && (while ! [ -e "
            + go
            + " ]; do sleep 0.1; done; cp -a src/test/resources/hosts/metal/sys/class/. /sys/class)"
            + " & while ! grep -q ' /sys/class ' /proc/self/mounts; do sleep 0.1; done; exec"
            + " sbin/duologger --config "
            + config;
    try (Running recorder =
        Running.start(new ProcessBuilder("unshare", "-m", "sh", "-c", script))) {
      recorder.poll(
          Running.MARGIN,
          "two windows",
          () ->
              recorder.reported("self").stream().filter(l -> l.text().contains("cpu_ratio")).count()
                  > 1);
      assertTrue(
          said(recorder, "thermal: off: no sensor in /sys/class/hwmon and /sys/class/thermal"),
          recorder::all);
      assertEquals(1, count(recorder, "thermal"), recorder::all);
      assertEquals(1, count(recorder, "power"), recorder::all);
      Files.createFile(go);
      recorder.await(
          Running.MARGIN,
          "temperatures",
          line -> line.module().equals("thermal") && line.text().contains("temperature_celsius"));
      recorder.await(
          Running.MARGIN,
          "power",
          line -> line.module().equals("power") && line.text().contains("_watts_"));
      assertTrue(said(recorder, "thermal: works"), recorder::all);
      assertTrue(said(recorder, "power: works"), recorder::all);
      assertEquals(1, count(recorder, "infiniband"), recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    }
  }

  @Test
  void aProgramThatAppearsIsRunAndAtEachHeartbeatAtMostUntilItWorks() throws Exception {
    Path asked = folder.resolve("asked");
    try (Running recorder = Running.duologger("--config", config(gpu("100 ms")).toString())) {
      String program = folder.resolve("nvidia-smi").toString();
      recorder.poll(Running.MARGIN, "off", () -> said(recorder, "gpu: off: no program " + program));
      program("echo run >>" + asked + "; echo 'no driver'; exit 9");
      recorder.poll(
          Running.MARGIN, "off", () -> said(recorder, "gpu: off: " + program + ": no driver"));
      recorder.poll(Running.MARGIN, "asked again", () -> lines(asked) >= 3);
      long windows =
          recorder.reported("self").stream()
              .filter(line -> line.text().contains("cpu_ratio"))
              .count();
      assertTrue(lines(asked) <= windows + 2, recorder::all);
      program(
          "case \"$*\" in *-lms*) while cat "
              + CARDS
              + "; do sleep 0.1; done;; *) cat "
              + CARDS
              + ";; esac");
      recorder.await(
          Running.MARGIN,
          "a processor",
          line -> "1".equals(line.pairs().get("gpu")) && line.text().contains("power_watts_max"));
      assertTrue(said(recorder, "gpu: works"), recorder::all);
      assertEquals(3, count(recorder, "gpu"), recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    }
  }

  private static long lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** A program that runs on, which says who it is. */
  private ProcessHandle looping(Running recorder) throws Exception {
    Path pid = folder.resolve("pid");
    recorder.poll(Running.MARGIN, "the program that runs on", () -> lines(pid) > 0);
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0))).orElseThrow();
  }

  private void loopingProgram() throws IOException {
    program(
        "case \"$*\" in *-lms*) echo $$ >"
            + folder
            + "/pid; while cat "
            + CARDS
            + "; do sleep 0.1; done;; *) cat "
            + CARDS
            + ";; esac");
  }

  @Test
  void aProgramThatRunsOnIsGoneWhenTheRecorderIs() throws Exception {
    for (String signal : List.of("TERM", "KILL")) {
      Files.deleteIfExists(folder.resolve("pid"));
      loopingProgram();
      try (Running recorder = Running.duologger("--config", config(gpu("200 ms")).toString())) {
        ProcessHandle program = looping(recorder);
        assertTrue(program.isAlive());
        recorder.signal(signal);
        assertEquals(signal.equals("TERM") ? 0 : 137, recorder.exitWithin(Running.MARGIN));
        program.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(program.isAlive());
      }
    }
  }

  @Test
  void aProgramThatRunsOnIsStartedAgainWhenItIsKilled() throws Exception {
    loopingProgram();
    try (Running recorder = Running.duologger("--config", config(gpu("200 ms")).toString())) {
      ProcessHandle first = looping(recorder);
      Files.delete(folder.resolve("pid"));
      first.destroyForcibly();
      assertTrue(looping(recorder).isAlive());
      recorder.poll(Running.MARGIN, "works again", () -> said(recorder, "gpu: works"));
      assertTrue(
          recorder.err().get(0).endsWith("nvidia-smi: ended with status 137"), recorder::all);
      assertEquals(2, recorder.err().size(), recorder::all);
    }
  }
}
