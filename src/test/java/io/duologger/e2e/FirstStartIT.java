package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start in a fresh clone builds, once, whoever else starts at the same time. */
class FirstStartIT {
  private static final Duration BUILD = Duration.ofMinutes(3);
  private static final Set<String> NOT_IN_A_CLONE = Set.of(".git", "target");

  @Test
  void twoFirstStartsAtOnceBuildOnce(@TempDir Path clone) throws Exception {
    Machine.needsPrograms("mvn");
    copyTree(Machine.HOME, clone);
    String script = clone.resolve("sbin/duologger").toString();
    try (Running one = Running.start(start(script));
        Running other = Running.start(start(script))) {
      assertEquals(0, one.exitWithin(BUILD), one::all);
      assertEquals(0, other.exitWithin(BUILD), other::all);
      assertEquals(1, builds(one) + builds(other), () -> one.all() + other.all());
      assertEquals(one.out(), other.out(), "what the build prints is not the program's output");
      assertTrue(one.out().stream().anyMatch(line -> line.contains("cpu")), one::all);
    }
    try (Running later = Running.start(start(script))) {
      assertEquals(0, later.exitWithin(Running.MARGIN), later::all);
      assertEquals(0, builds(later), later::all);
    }
  }

  @Test
  void aBuildThatFailsSaysSo(@TempDir Path clone) throws Exception {
    Machine.needsPrograms("mvn");
    copyTree(Machine.HOME, clone);
    Files.writeString(clone.resolve("src/main/java/io/duologger/Main.java"), "no Java");
    try (Running start = Running.start(start(clone.resolve("sbin/duologger").toString()))) {
      assertEquals(1, start.exitWithin(BUILD), start::all);
      assertEquals(List.of(), start.out());
      String last = start.err().get(start.err().size() - 1);
      // Maven ends with codes that reset a terminal's colours, and no line feed.
      assertTrue(last.contains("duologger: the build failed"), start::all);
    }
  }

  /** It makes no cache, as the clone may go at any moment. */
  private static ProcessBuilder start(String script) {
    ProcessBuilder start = new ProcessBuilder(script, "modules");
    start.environment().put("DUOLOGGER_CACHE", "off");
    return start;
  }

  private static long builds(Running start) {
    return start.err().stream().filter(line -> line.startsWith("duologger: building")).count();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path :
          (Iterable<Path>) paths.filter(path -> isInAClone(from.relativize(path)))::iterator) {
        Path target = to.resolve(from.relativize(path));
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target.getParent());
          // Links of fixtures lead nowhere, as a checkout has them.
          Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static boolean isInAClone(Path relative) {
    return !NOT_IN_A_CLONE.contains(relative.getName(0).toString());
  }
}
