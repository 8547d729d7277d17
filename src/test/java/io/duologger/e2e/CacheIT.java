package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of classes: made by the first start, used by the later ones, and never in the way. */
class CacheIT {
  private static final Duration MAKING = Duration.ofSeconds(90);

  /** Classes that one-shot runs load; those that a newer JVM loads ahead of time count too. */
  private static final int MOST_CLASSES = 1_500;

  private static final int MOST_CLASSES_AHEAD = 2_050;

  /** Classes that a run with the cache may have from elsewhere. */
  private static final int MOST_FROM_ELSEWHERE = 12;

  @TempDir private Path folder;
  private Path caches;
  private Installation installation;

  @BeforeEach
  void install() throws IOException {
    caches = folder.resolve("caches");
    installation = Installation.in(folder.resolve("installed"));
  }

  @Test
  void theFirstStartMakesItAndTheNextOnesUseIt() throws Exception {
    List<String> first = answer();
    Running.poll(MAKING, "a cache", this::isMade, this::listing);
    Path loaded = folder.resolve("loaded");
    assertEquals(first, answer("-Xlog:class+load:file=" + loaded));
    List<String> own =
        Files.readAllLines(loaded).stream().filter(l -> l.contains("io.duologger.Main ")).toList();
    assertEquals(1, own.size());
    assertTrue(own.get(0).contains("shared objects file"), own::toString);

    Files.setLastModifiedTime(installation.jar(), FileTime.from(Instant.now().minusSeconds(5)));
    assertEquals(first, answer());
    Running.poll(MAKING, "a cache of the other jar", this::isMade, this::listing);
  }

  @Test
  void startsThatComeAtOnceMakeOne() throws Exception {
    List<Running> starts = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        starts.add(Running.start(command()));
      }
      for (Running start : starts) {
        assertEquals(0, start.exitWithin(MAKING), start::all);
        assertEquals(starts.get(0).out(), start.out());
        assertEquals(List.of(), start.err());
      }
    } finally {
      starts.forEach(Running::close);
    }
    Running.poll(MAKING, "a cache", this::isMade, this::listing);
    assertEquals(1, cacheFiles().size(), this::listing);
    answer();
  }

  @Test
  void oneThatIsWrongIsNotUsedAndNotMentioned() throws Exception {
    make();
    Path cache =
        cacheFiles().stream()
            .filter(file -> file.toString().contains("-lasting."))
            .findFirst()
            .orElseThrow();
    byte[] whole = Files.readAllBytes(cache);
    byte[] header = whole.clone();
    byte[] body = whole.clone();
    for (int i = 0; i < 64; i++) {
      header[i] = 'x';
      body[whole.length / 2 + 4096 * i] ^= 0x55;
    }
    List<String> expected = answer();
    for (byte[] wrong :
        List.of(header, body, "no cache".getBytes(StandardCharsets.UTF_8), new byte[0])) {
      Files.delete(cache);
      Files.write(cache, wrong);
      Files.setLastModifiedTime(cache, Files.getLastModifiedTime(installation.jar()));
      assertEquals(expected, answer());
    }
  }

  @Test
  void whoeverAsksForCachesWaitsForTheOneThatAStartMakes() throws Exception {
    answer();
    make();
  }

  @Test
  void whereNoneCanBeMadeNothingIsSaid() throws Exception {
    List<String> expected = answer();
    Running.poll(MAKING, "a cache", this::isMade, this::listing);
    Path file = Files.createFile(folder.resolve("file"));
    for (String place : List.of("/proc/caches", file.toString(), file + "/below", "relative")) {
      ProcessBuilder start = command();
      start.environment().put("DUOLOGGER_CACHE", place);
      assertEquals(expected, answer(start));
    }
    assertEquals(0, Files.size(file));
  }

  /** A regression of the start shows here without a clock. */
  @Test
  void oneShotRunsLoadFewClassesAndThoseFromTheCache() throws Exception {
    make();
    Path loaded = folder.resolve("loaded");
    for (int run = 0; run < 2; run++) {
      ProcessBuilder shot =
          command(
              "--config",
              "conf/cronlogger.conf",
              "--settle",
              "0",
              "--output",
              "file:" + folder + "/log",
              "--state",
              folder + "/state",
              "--modules",
              "cpu,memory,load,disk,net");
      List<String> words = new ArrayList<>(shot.command());
      words.set(0, sbin("cronlogger").toString());
      shot.command(words);
      shot.directory(installation.conf().getParent().toFile());
      shot.environment().put("DUOLOGGER_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
      assertEquals(List.of(), answer(shot));
    }
    List<String> classes = Files.readAllLines(loaded);
    List<String> elsewhere =
        classes.stream().filter(line -> !line.contains("shared objects file")).toList();
    boolean ahead = cacheFiles().get(0).toString().endsWith(".aot");
    int most = ahead ? MOST_CLASSES_AHEAD : MOST_CLASSES;
    assertTrue(classes.size() <= most, () -> classes.size() + " classes");
    assertTrue(elsewhere.size() <= MOST_FROM_ELSEWHERE, () -> String.join("\n", elsewhere));
  }

  private Path sbin(String mode) throws IOException {
    Path link = installation.conf().resolveSibling("sbin").resolve(mode);
    return Files.exists(link) ? link : Files.createSymbolicLink(link, Path.of("duologger"));
  }

  private ProcessBuilder command(String... arguments) {
    ProcessBuilder command =
        installation.command(arguments.length == 0 ? new String[] {"topology"} : arguments);
    command.environment().put("DUOLOGGER_CACHE", caches.toString());
    return command;
  }

  private List<String> answer(String... options) throws Exception {
    ProcessBuilder start = command();
    start.environment().put("DUOLOGGER_JAVA_OPTS", String.join(" ", options));
    return answer(start);
  }

  private static List<String> answer(ProcessBuilder command) throws Exception {
    try (Running start = Running.start(command)) {
      assertEquals(0, start.exitWithin(MAKING), start::all);
      assertEquals(List.of(), start.err());
      return start.out();
    }
  }

  private void make() throws Exception {
    try (Running making = Running.start(command("--make-cache"))) {
      assertEquals(0, making.exitWithin(MAKING), making::all);
    }
    assertTrue(areMade(2), this::listing);
    for (Path cache : cacheFiles()) {
      assertNotEquals(0, Files.size(cache));
    }
  }

  /** Whether there is one of this jar, and nothing left of its making. */
  private boolean isMade() {
    return areMade(1);
  }

  private boolean areMade(int count) {
    try {
      List<Path> files = cacheFiles();
      boolean made = files.size() == count;
      for (Path file : files) {
        made &=
            Files.exists(Path.of(file + ".jdk"))
                && !Files.exists(Path.of(file + ".new"))
                && Files.getLastModifiedTime(file)
                    .equals(Files.getLastModifiedTime(installation.jar()));
      }
      return made;
    } catch (IOException moved) {
      return false;
    }
  }

  private List<Path> cacheFiles() throws IOException {
    if (!Files.exists(caches)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(caches)) {
      return files.filter(file -> file.toString().matches(".*\\.(aot|jsa)")).toList();
    }
  }

  private String listing() {
    try (Stream<Path> files = Files.list(caches)) {
      return files.toList().toString();
    } catch (IOException absent) {
      return absent.toString();
    }
  }
}
