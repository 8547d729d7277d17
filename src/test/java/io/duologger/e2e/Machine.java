package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the machine has to have for a test. Where it is missing, the test is skipped with the
 * reason, unless {@code DUOLOGGER_CI=true} says that everything must be there: then it fails.
 */
final class Machine {
  /** The source tree under test. */
  static final Path HOME = Path.of("").toAbsolutePath();

  /**
   * The tag of tests that need the machine for themselves, as what they assert depends on time:
   * they run after all others, one after the other.
   */
  static final String ALONE = "alone";

  /** Where programs under test keep what lasts: a folder for each of the JVMs that run tests. */
  static final Path STATE = HOME.resolve("target/it-state/" + ProcessHandle.current().pid());

  /** Local ports of connections come from above: none of them may take a free port. */
  private static final int LOWEST_PORT = 10_000;

  private static final int HIGHEST_PORT = 32_000;

  private Machine() {}

  /** Needs the rights of root: namespaces, mounts. */
  static void needsRoot() throws IOException {
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      missing("the rights of root");
    }
  }

  /** Needs programs, on the PATH or by their absolute names. */
  static void needsPrograms(String... names) {
    for (String name : names) {
      boolean found =
          List.of(System.getenv("PATH").split(":")).stream()
              .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(name)));
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

  /**
   * A port of the loopback addresses that nobody uses, over UDP or TCP. Tests in other JVMs look
   * for theirs at the same time, so it is a random one.
   */
  static int freePort() throws IOException {
    InetAddress any = InetAddress.getByName("127.0.0.1");
    for (int attempt = 0; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket stream = new ServerSocket(port, 1, any);
          DatagramSocket datagrams = new DatagramSocket(port, any)) {
        assertEquals(stream.getLocalPort(), datagrams.getLocalPort());
        return port;
      } catch (IOException e) {
        if (attempt == 100) {
          throw e;
        }
      }
    }
  }

  /** Says that the test needs {@code what}. */
  static void missing(String what) {
    if ("true".equals(System.getenv("DUOLOGGER_CI"))) {
      fail("this test needs " + what);
    }
    abort("needs " + what);
  }
}
