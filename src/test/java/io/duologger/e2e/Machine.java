package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine has to have for a test. Where it is missing, the test is skipped with the
 * reason, unless {@code DUOLOGGER_CI=true} says that everything must be there: then it fails.
 */
final class Machine {
  /** The source tree under test. */
  static final Path HOME = Path.of("").toAbsolutePath();

  private Machine() {}

  /** Needs the rights of root: namespaces, mounts. */
  static void needsRoot() throws IOException {
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      missing("the rights of root");
    }
  }

  /** Needs programs on the PATH. */
  static void needsPrograms(String... names) {
    for (String name : names) {
      boolean found =
          List.of(System.getenv("PATH").split(":")).stream()
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
      if (!found) {
        missing("the program " + name);
      }
    }
  }

  /** Needs a file below the folder of one of the usual architectures. */
  static Path needsLibrary(String name) {
    for (String architecture : List.of("x86_64-linux-gnu", "aarch64-linux-gnu")) {
      Path file = Path.of("/usr/lib", architecture, name);
      if (Files.exists(file)) {
        return file;
      }
    }
    missing("the library " + name);
    throw new AssertionError("not reached");
  }

  /** Says that the test needs {@code what}. */
  static void missing(String what) {
    if ("true".equals(System.getenv("DUOLOGGER_CI"))) {
      fail("this test needs " + what);
    }
    abort("needs " + what);
  }
}
