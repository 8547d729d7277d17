package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** /proc/PID/limits as Linux 6.18 prints it, and what else may be there. */
class ProcessLimitsTest {
  private static final String HEAD =
      "Limit                     Soft Limit           Hard Limit           Units     \n"
          + "Max cpu time              unlimited            unlimited            seconds   \n";

  private static String line(String name, String soft) {
    return "%-25s %-20s %-20s bytes     \n".formatted(name, soft, "unlimited");
  }

  @Test
  void theSmallestSoftLimitThatTheKernelEnforcesCounts() {
    String some =
        HEAD
            + line("Max data size", "2147483648")
            + line("Max resident set", "1048576")
            + line("Max processes", "10")
            + line("Max address space", "4294967296");
    assertEquals(
        Optional.of(new MemoryLimit(2147483648L, "ulimit -d")), ProcessLimits.memory(some));
    assertEquals(
        Optional.of(new MemoryLimit(1000, "ulimit -v")),
        ProcessLimits.memory(some + line("Max address space", "1000")));
  }

  @Test
  void noneIsAbsent() {
    for (String none :
        List.of(
            "",
            HEAD + line("Max data size", "unlimited") + line("Max address space", "unlimited"),
            line("Max data size", "-1"),
            line("Max data size", "18446744073709551615"),
            "Max data size",
            "Max data size 1",
            "Max data size 1 x bytes")) {
      assertEquals(Optional.empty(), ProcessLimits.memory(none), none);
    }
  }

  @Test
  void isReadOfThisProcess(@TempDir Path folder) throws IOException {
    HostFiles host = new HostFiles(folder, folder);
    assertEquals(Optional.empty(), ProcessLimits.memory(host));
    Files.createDirectories(folder.resolve("self"));
    Files.writeString(folder.resolve("self/limits"), HEAD + line("Max data size", "7"));
    assertEquals(Optional.of(new MemoryLimit(7, "ulimit -d")), ProcessLimits.memory(host));
  }

  @Test
  void theSmallestLimitOfAllSaysWhoSetsIt() {
    MemoryLimit group = new MemoryLimit(5, "cgroup /a");
    MemoryLimit slurm = new MemoryLimit(5, "slurm");
    assertEquals(
        Optional.of(group),
        MemoryLimit.smallest(
            List.of(
                Optional.empty(),
                Optional.of(new MemoryLimit(6, "ulimit -v")),
                Optional.of(group),
                Optional.of(slurm))));
    assertEquals(Optional.empty(), MemoryLimit.smallest(List.of(Optional.empty())));
  }
}
