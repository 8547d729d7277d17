package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job does not notice that memrec runs it, and its end is memrec's. */
class MemrecIT {
  private static final String MEMREC = Machine.HOME.resolve("sbin/memrec").toString();

  @TempDir private Path folder;

  /** A shell's command line; MEMREC is memrec with its record there, OUT a file there. */
  private Running shell(String script, String name) throws IOException {
    String memrec = "'%s' -q -o '%s.jsonl'".formatted(MEMREC, folder.resolve(name));
    String command = script.replace("MEMREC", memrec).replace("OUT", name + ".out");
    return Running.start(new ProcessBuilder("bash", "-c", command).directory(folder.toFile()));
  }

  /** What command lines of a shell print that start MEMREC, and what the same print without it. */
  private void assertSame(String... scripts) throws Exception {
    List<Running> with = new ArrayList<>();
    for (int i = 0; i < scripts.length; i++) {
      with.add(shell(scripts[i], "with" + i));
    }
    for (int i = 0; i < scripts.length; i++) {
      try (Running one = with.get(i);
          Running other = shell(scripts[i].replace("MEMREC", ""), "without" + i)) {
        assertEquals(other.exitWithin(Running.MARGIN), one.exitWithin(Running.MARGIN), one::all);
        assertEquals(other.out(), one.out());
        assertEquals(other.err(), one.err());
        assertFalse(one.out().isEmpty(), "something to compare");
      }
    }
  }

  private MemrecJob job(String... words) throws IOException {
    return MemrecJob.start(folder, words);
  }

  private static String path(Path file) {
    return file.toString();
  }

  @Test
  void theStatusIsTheJobs() throws Exception {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    statuses.put("exit 0", 0);
    statuses.put("exit 3", 3);
    statuses.put("exit 255", 255);
    statuses.put("kill -9 $$", 137);
    statuses.put("kill -TERM $$", 143);
    statuses.put("kill -SEGV $$", 139);
    Map<String, MemrecJob> jobs = new LinkedHashMap<>();
    for (String script : statuses.keySet()) {
      jobs.put(script, job("sh", "-c", script));
    }
    for (Map.Entry<String, MemrecJob> each : jobs.entrySet()) {
      try (MemrecJob job = each.getValue()) {
        int status = statuses.get(each.getKey());
        assertEquals(status, job.status(), job.running()::all);
        MemrecJob.Entry summary = job.summary();
        assertEquals(status, summary.number("exit_status"), summary.text());
        boolean signal = status > 128 && status < 255;
        assertEquals(signal, summary.pairs().containsKey("signal"), summary.text());
        if (signal) {
          assertEquals(status - 128, summary.number("signal"), summary.text());
        }
      }
    }
  }

  @Test
  void whatCannotRunHasTheShellsStatus() throws Exception {
    Path data = Files.writeString(folder.resolve("data"), "x");
    try (MemrecJob data126 = job(path(data));
        MemrecJob folder126 = job(path(folder));
        MemrecJob path127 = job(path(folder.resolve("none")));
        MemrecJob name127 = job("no-such-program")) {
      assertEquals(126, data126.status(), data126.running()::all);
      assertEquals(126, folder126.status(), folder126.running()::all);
      assertEquals(127, path127.status(), path127.running()::all);
      assertEquals(127, name127.status(), name127.running()::all);
      assertEquals(
          List.of("memrec: cannot run no-such-program: No such file or directory"),
          name127.running().err());
      assertEquals(
          List.of("memrec: cannot run " + data + ": Permission denied"), data126.running().err());
    }
  }

  @Test
  void whatIsWrongWithMemrecIs125AndStartsNoJob() throws Exception {
    Path mark = folder.resolve("mark");
    Path config = Files.writeString(folder.resolve("bad.conf"), "no-such-key = 1\n");
    Path good = folder.resolve("record");
    List<Running> all = new ArrayList<>();
    for (List<String> options :
        List.of(
            List.of("--no-such-option"),
            List.of("--timeout", "soon"),
            List.of("--every", "no-such-module=1s"),
            List.of("-f", path(config)),
            List.of("-f", path(folder.resolve("none.conf"))),
            List.of("--output", "file:" + folder),
            List.of("--output", "file:" + folder.resolve("no/such/folder")))) {
      List<String> words = new ArrayList<>(options);
      words.addAll(List.of("touch", path(mark)));
      ProcessBuilder command =
          new ProcessBuilder(Stream.concat(Stream.of(MEMREC), words.stream()).toList());
      all.add(Running.start(command.directory(folder.toFile())));
    }
    all.add(Running.start(MemrecJob.command(good)));
    for (Running each : all) {
      try (each) {
        assertEquals(125, each.exitWithin(Running.MARGIN), each::all);
        assertFalse(each.err().isEmpty(), each::all);
        assertEquals(List.of(), each.out());
      }
    }
    assertFalse(Files.exists(mark));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(config), files.toList(), "no records of what was not started");
    }
  }

  /** Also names that no shell has, and those of the launcher's own variables. */
  @Test
  void theEnvironmentIsTheSameByteForByte() throws Exception {
    String variables =
        "$'latin=\\xe4\\xff' a.b=1 $'BASH_FUNC_f%%=() { echo hi\n}' PATH=\"$PATH\" home=/x mode=memrec"
            + " script='a b' folder= status=5 names=1 java=none cache=/tmp handed=x files=1 part=2"
            + " JAVA_TOOL_OPTIONS=-Dx=1 JDK_JAVA_OPTIONS=-Dx=1 _JAVA_OPTIONS=-Dx=1 IFS=x PS4=7"
            + " OPTIND=3 PPID=5 LINENO=9 MALLOC_ARENA_MAX=7 DUOLOGGER_ENVIRONMENT_1=x"
            + " STATE_DIRECTORY=/nowhere LANG=C XLARGE=$(printf %0100000d 1)";
    assertSame(
        "env -i " + variables + " MEMREC /usr/bin/env | cut -c 1-50",
        "env -i " + variables + " MEMREC /usr/bin/env -0 | md5sum");
  }

  @Test
  void argumentsAndWorkingFolderAreTheSameByteForByte() throws Exception {
    Files.writeString(
        folder.resolve("plain"), "pwd; for a in \"$@\"; do echo \"<$a>\"; done; echo $0\n");
    Files.setPosixFilePermissions(
        folder.resolve("plain"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertSame(
        "LANG=C LC_ALL=C MEMREC ./plain $'a\\xff\\xe4b' '' ' two  words ' -- --timeout 1s -q"
            + " \"it's\" $'line\\nfeed' ü | od -c");
  }

  @Test
  void openFilesAreTheSame() throws Exception {
    Files.writeString(folder.resolve("three"), "of three\n");
    assertSame(
        "echo of stdin | MEMREC sh -c 'ls /proc/self/fd; cat; cat <&3; echo of seven >&7;"
            + " echo error >&2' 3<three 7>OUT 12</dev/null; cat OUT",
        "MEMREC sh -c 'ls /proc/self/fd; read x || echo closed' <&-",
        "MEMREC sh -c 'ls /proc/self/fd >&2; echo x' 2>OUT; cat OUT");
  }

  @Test
  void ignoredAndBlockedSignalsAreTheSame() throws Exception {
    String signals = "MEMREC grep -E '^Sig(Ign|Blk|Cgt)' /proc/self/status";
    assertSame(
        signals,
        "trap '' INT QUIT USR1 USR2 PIPE WINCH XFSZ; " + signals,
        "nohup " + signals,
        "/usr/bin/python3 -c 'import os,signal,sys;"
            + " signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGTERM]);"
            + " os.execvp(sys.argv[1], sys.argv[1:])' "
            + signals);
  }

  @Test
  void processGroupAndSessionAreTheSame() throws Exception {
    assertSame("MEMREC sh -c 'set -- $(cat /proc/$$/stat); echo group $5 session $6'");
  }

  private static List<String> processesWith(String mark) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      for (ProcessHandle each : all.toList()) {
        try {
          String line =
              Files.readString(
                  Path.of("/proc", Long.toString(each.pid()), "cmdline"),
                  StandardCharsets.ISO_8859_1);
          if (line.contains(mark)) {
            found.add(line.replace('\0', ' '));
          }
        } catch (IOException gone) {
          continue;
        }
      }
    }
    return found;
  }

  /** Three loops that fork all the time, and two that have left the session. */
  @Test
  void whoIgnoresTermIsKilledWithItsWholeTree() throws Exception {
    Path job = folder.resolve("tree.sh");
    String loop = "sh -c 'trap \"\" TERM; while :; do sleep 0.02; done' " + job;
    Files.writeString(
        job,
        "trap '' TERM\nfor i in 1 2 3; do ( while :; do ( sleep 0.02 ); done ) & done\n"
            + "setsid LOOP &\n( setsid LOOP & )\nwait\n".replace("LOOP", loop));
    try (MemrecJob memrec =
        job("--every", "job=200ms", "--timeout", "1s", "--kill-after", "1s", "sh", path(job))) {
      assertEquals(137, memrec.status(), memrec.running()::all);
      MemrecJob.Entry summary = memrec.summary();
      assertTrue(summary.has("ended", "timed out after 1.0 s"), summary.text());
      assertEquals(9, summary.number("signal"));
      double elapsed = summary.number("elapsed_seconds");
      assertTrue(elapsed >= 2 && elapsed < 15, summary.text());
      assertTrue(summary.number("processes_peak") >= 6, summary.text());
      assertEquals(List.of(), processesWith(path(job)));
    }
  }

  @Test
  void whoHeedsTermHasTimedOut() throws Exception {
    String script = "trap 'echo told; exit 3' TERM; while :; do sleep 0.05; done";
    try (MemrecJob job = job("--timeout", "1s", "--kill-after", "20s", "sh", "-c", script)) {
      assertEquals(124, job.status(), job.running()::all);
      assertEquals(List.of("told"), job.running().out());
      MemrecJob.Entry summary = job.summary();
      assertEquals(3, summary.number("exit_status"), summary.text());
      assertTrue(job.running().err().stream().anyMatch(line -> line.contains("timed out")));
    }
  }

  @Test
  void signalsReachTheJobAndItsEndIsPassedOn() throws Exception {
    String told =
        "echo ready; trap 'echo usr1' USR1; trap 'exit 7' HUP; while :; do sleep 0.01; done";
    try (MemrecJob dies = job("sh", "-c", "echo ready; exec sleep 60");
        MemrecJob exits = job("sh", "-c", told)) {
      for (MemrecJob job : List.of(dies, exits)) {
        Running running = job.running();
        running.poll(Running.MARGIN, "ready", () -> running.out().contains("ready"));
        running.poll(Running.MARGIN, "handlers", () -> running.catches(Running.USR1));
      }
      exits.running().signal("USR1");
      dies.running().signal("TERM");
      exits.running().poll(Running.MARGIN, "usr1", () -> exits.running().out().contains("usr1"));
      exits.running().signal("HUP");
      assertEquals(143, dies.status(), dies.running()::all);
      assertEquals(15, dies.summary().number("signal"));
      assertEquals(7, exits.status(), exits.running()::all);
      assertEquals(7, exits.summary().number("exit_status"));
    }
  }

  @Test
  void ifMemrecIsKilledTheJobGoesOnAndTheRecordIsReadable() throws Exception {
    Path done = folder.resolve("done");
    Path go = folder.resolve("go");
    String script =
        "while ! test -e '%s'; do sleep 0.05; done; echo out; touch '%s'".formatted(go, done);
    try (MemrecJob job = job("--heartbeat", "1s", "sh", "-c", script)) {
      job.await("a window", line -> line.has("scope", "tree"));
      List<Path> groups = job.groups();
      job.running().signal("KILL");
      Running.poll(Running.MARGIN, "end", () -> !job.running().isAlive(), () -> "memrec");
      job.head();
      assertFalse(job.where("scope", "tree").isEmpty());
      assertEquals(List.of(), job.where("record", "end"));
      Files.createFile(go);
      Running.poll(Running.MARGIN, "end of the job", () -> Files.exists(done), () -> "");
      assertEquals(137, job.status());
      assertEquals(List.of("out"), job.running().out());
      for (Path group : groups) {
        Running.poll(Running.MARGIN, "empty", () -> group.toFile().delete(), group::toString);
      }
    }
  }

  @Test
  void aFullDiskIsSaidAndChangesNothingForTheJob() throws Exception {
    Machine.needsRoot();
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String script =
        "mount -t tmpfs -o size=16k none '%1$s' && '%2$s' --heartbeat 1s --every job=100ms"
                .formatted(disk, MEMREC)
            + " -o '%s/record' sh -c 'sleep 2.5; echo out; exit 5'".formatted(disk);
    try (Running memrec = Running.start(new ProcessBuilder("unshare", "-m", "sh", "-c", script))) {
      assertEquals(5, memrec.exitWithin(Running.MARGIN.plusSeconds(5)), memrec::all);
      assertEquals(List.of("out"), memrec.out());
      String said = String.join("\n", memrec.err());
      assertTrue(said.contains("No space left on device"), said);
      assertTrue(said.contains("exit status 5"), said);
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path scratch = Files.createDirectory(folder.resolve("tmp"));
    Path work = Files.createDirectory(folder.resolve("work"));
    String mark = "left-" + folder.getFileName();
    ProcessBuilder command =
        MemrecJob.command(work.resolve("record"), "sh", "-c", "sleep 0.3; exit 0", mark)
            .directory(work.toFile());
    command.environment().put("HOME", home.toString());
    command.environment().put("DUOLOGGER_CACHE", "off");
    command.environment().put("DUOLOGGER_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch);
    try (MemrecJob job = MemrecJob.start(work.resolve("record"), command)) {
      job.succeeds();
      assertEquals(List.of(), processesWith(mark));
    }
    for (Path place : List.of(home, scratch, work)) {
      try (Stream<Path> all = Files.walk(place)) {
        List<Path> files = all.filter(Files::isRegularFile).toList();
        assertEquals(place == work ? List.of(work.resolve("record")) : List.of(), files);
      }
    }
  }
}
