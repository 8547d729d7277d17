package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracerTest {
  @Test
  void theTracerIsThatOfTheStatus(@TempDir Path folder) throws IOException {
    HostFiles host = new HostFiles(folder, folder);
    assertEquals(OptionalLong.empty(), Tracer.of(host, 42));
    Files.createDirectories(folder.resolve("42"));
    for (String none : List.of("", "TracerPid:\t0\n", "TracerPid:\n", "TracerPid:\tx\n")) {
      Files.writeString(folder.resolve("42/status"), "Name:\tx\n" + none);
      assertEquals(OptionalLong.empty(), Tracer.of(host, 42), none);
    }
    Files.writeString(folder.resolve("42/status"), "Name:\tx\nTracerPid:\t4711\nUid:\t0\n");
    assertEquals(OptionalLong.of(4711), Tracer.of(host, 42));
  }

  @ParameterizedTest
  @CsvSource({
    "-, 1000, true, true",
    "0, 1000, true, true",
    "1, 1000, false, true",
    "2, 1000, false, false",
    "3, 1000, false, false",
    "2, 0, true, true"
  })
  void theScopeSaysWhatAnOrdinaryUserMayTrace(
      String scope, int user, boolean attach, boolean start, @TempDir Path folder)
      throws IOException {
    HostFiles host = new HostFiles(folder, folder);
    Files.createDirectories(folder.resolve("self"));
    Files.writeString(folder.resolve("self/status"), "Uid:\t1000\t%d\t0\t0\n".formatted(user));
    Files.createDirectories(folder.resolve("sys/kernel/yama"));
    if (!scope.equals("-")) {
      Files.writeString(folder.resolve("sys/kernel/yama/ptrace_scope"), scope + "\n");
    }
    assertEquals(attach, Tracer.mayAttach(host));
    assertEquals(start, Tracer.mayStart(host));
  }
}
