package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** memrec beside a job that uses graphics processors; a script stands for nvidia-smi. */
class JobGpuIT {
  /** Rows of the process whose number is in the file job, and of another one. */
  private static final String SMI =
      """
      #!/bin/sh
      cd '%s'
      echo $$ >>started
      case $1 in
      -L) echo 'GPU 0: NVIDIA A40 (UUID: GPU-1)'; echo 'GPU 1: NVIDIA A40 (UUID: GPU-2)'; exit ;;
      pmon) ;;
      *) exit 2 ;;
      esac
      while true; do
        job=$(cat job)
        echo '# gpu         pid   type     sm    mem    enc    dec    jpg    ofa     fb   ccpm    command'
        echo '# Idx           #    C/G      %%      %%      %%      %%      %%      %%     MB     MB    name'
        echo "    0 ${job:--}     C     75     40      -      -      -      -   3000      0    a b"
        echo '    0          1     C     20     40      -      -      -      -   9000      0    other'
        echo "    1 ${job:--}     C     50     40      -      -      -      -   1000      0    a b"
        sleep 0.2
      done
      """;

  @TempDir Path folder;

  private Running memrec(String smi, String script) throws IOException {
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(program, smi);
    assertTrue(program.toFile().setExecutable(true));
    Files.writeString(folder.resolve("job"), "");
    ProcessBuilder command =
        new ProcessBuilder(
            Machine.HOME.resolve("sbin/memrec").toString(),
            "-d",
            "100ms",
            "--format",
            "logfmt",
            "-o",
            folder.resolve("record").toString(),
            "--",
            "sh",
            "-c",
            script);
    command.environment().merge("PATH", folder.toString(), (path, mine) -> mine + ":" + path);
    return Running.start(command);
  }

  private List<String> record() throws IOException {
    Path record = folder.resolve("record");
    return Files.exists(record) ? Files.readAllLines(record) : List.of();
  }

  private List<String> lines(String... words) throws IOException {
    return record().stream().filter(line -> Stream.of(words).allMatch(line::contains)).toList();
  }

  private boolean started(int programs) {
    try {
      Path started = folder.resolve("started");
      return Files.exists(started) && Files.readAllLines(started).size() >= programs;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theRecordAndItsSummaryTellOfGraphicsProcessors() throws Exception {
    try (Running memrec =
        memrec(SMI.formatted(folder), "echo $$ >'%s/job'; sleep 5 & wait".formatted(folder))) {
      memrec.poll(Running.MARGIN, "nvidia-smi", () -> started(2));
      assertEquals(0, memrec.exitWithin(Running.MARGIN), memrec::all);
      long bytes = 4000L << 20;
      assertEquals(1, lines(" module=job scope=tree ", " gpu_memory_bytes_max=" + bytes).size());
      assertEquals(1, lines(" module=job scope=root ", " gpu_busy_ratio_max=1.25 ").size());
      assertEquals(1, lines(" module=job gpu=0 ", " gpu_memory_bytes_max=" + (3000L << 20)).size());
      assertEquals(1, lines(" module=job gpu=1 ", " gpu_busy_ratio_max=0.5 ").size());
      assertEquals(List.of(), lines(" command=nvidia-smi"), "it is none of the job's processes");
      List<String> end = lines(" record=end ", " gpu_memory_peak_bytes=" + bytes);
      assertEquals(1, end.size(), () -> String.join("\n", end));
      assertTrue(
          memrec.err().stream()
              .anyMatch(
                  line ->
                      line.contains("graphics processors    memory at most 3.9 GiB; ")
                          && line.endsWith(", at most 1.25")),
          memrec::all);
    }
    for (String pid : Files.readAllLines(folder.resolve("started"))) {
      long process = Long.parseLong(pid);
      Running.poll(
          Duration.ofSeconds(10),
          "end of " + pid,
          () -> ProcessHandle.of(process).map(left -> !left.isAlive()).orElse(true),
          () -> pid);
    }
  }

  @Test
  void oneThatHangsHoldsNothingUp() throws Exception {
    String hangs = "#!/bin/sh\necho $$ >>'%s/started'\nexec sleep 600\n".formatted(folder);
    try (Running memrec = memrec(hangs, "sleep 2")) {
      memrec.poll(Running.MARGIN, "nvidia-smi", () -> started(1));
      assertEquals(0, memrec.exitWithin(Duration.ofSeconds(20)), memrec::all);
      assertFalse(lines(" module=job scope=tree ").isEmpty(), memrec::all);
      assertFalse(record().stream().anyMatch(line -> line.contains(" gpu_")));
      assertFalse(memrec.all().contains("graphics"), memrec::all);
      double samples = Logfmt.parse(lines(" record=end ").get(0)).number("samples");
      assertTrue(samples >= 10, "reads go on: " + samples);
    }
  }
}
