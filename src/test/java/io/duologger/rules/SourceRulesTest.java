package io.duologger.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.topology.Topologies;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules hold for the sources, and each can fail. */
class SourceRulesTest {
  private static final List<SourceFile> MAIN = SourceFile.below(Path.of("src/main/java"));
  private static final List<SourceFile> TESTS = SourceFile.below(Path.of("src/test/java"));

  @Test
  void importsGoDownwards() {
    assertKept(MAIN, SourceRules::importsGoDownwards);
    assertBroken(
        SourceRules::importsGoDownwards, "model", "import io.duologger.window.WindowAccumulator;");
    assertBroken(SourceRules::importsGoDownwards, "procfs", "import io.duologger.model.Unit;");
    assertBroken(SourceRules::importsGoDownwards, "cli", "import io.duologger.collector.Sources;");
    assertBroken(
        SourceRules::importsGoDownwards,
        "config",
        "class A { Object a = io.duologger.collector.Collectors.all(); }");
    assertBroken(
        SourceRules::importsGoDownwards,
        "sink",
        "import static io.duologger.config.ConfigReader.read;");
    assertBroken(SourceRules::importsGoDownwards, "util", "class A {}");
    assertNotBroken(
        SourceRules::importsGoDownwards,
        "stream",
        "import io.duologger.window.A; import io.duologger.model.B; /* io.duologger.cli.C */");
  }

  @Test
  void rxJavaStaysInTheStream() {
    assertKept(MAIN, SourceRules::rxJavaStaysInTheStream);
    String use = "import io.reactivex.rxjava3.core.Flowable;";
    assertBroken(SourceRules::rxJavaStaysInTheStream, "window", use);
    assertBroken(SourceRules::rxJavaStaysInTheStream, "cli", use);
    assertBroken(
        SourceRules::rxJavaStaysInTheStream, "sink", "import org.reactivestreams.Publisher;");
    assertNotBroken(SourceRules::rxJavaStaysInTheStream, "stream", use);
  }

  @Test
  void onlyRuntimeHasClocks() {
    assertKept(MAIN, SourceRules::onlyRuntimeHasClocks);
    for (String use :
        List.of(
            "java.time.Instant.now()",
            "System.currentTimeMillis()",
            "System\n    .nanoTime()",
            "(java.util.function.LongSupplier) System::nanoTime",
            "Thread.sleep(1)",
            "TimeUnit.SECONDS.sleep(1)",
            "LocalDate.now()",
            "LocalDateTime.now(zone)",
            "ZonedDateTime.now()",
            "Clock.systemUTC()",
            "LockSupport.parkNanos(1)",
            "new Date()",
            "Schedulers.io()")) {
      assertBroken(SourceRules::onlyRuntimeHasClocks, "window", "class A { Object a = " + use);
      assertNotBroken(SourceRules::onlyRuntimeHasClocks, "runtime", "class A { Object a = " + use);
    }
    assertBroken(
        SourceRules::onlyRuntimeHasClocks, "sink", "import static java.lang.System.nanoTime;");
    assertNotBroken(
        SourceRules::onlyRuntimeHasClocks,
        "window",
        "/** {@code System.nanoTime()} */ class A { String a = \"Instant.now\"; // Thread.sleep\n}");
  }

  @Test
  void unitTestsDoNotSleep() {
    assertKept(TESTS, SourceRules::unitTestsDoNotSleep);
    assertBroken(SourceRules::unitTestsDoNotSleep, "window", "class A { { Thread.sleep(1); } }");
    assertNotBroken(SourceRules::unitTestsDoNotSleep, "e2e", "class A { { Thread.sleep(1); } }");
  }

  @Test
  void onlyMainExits() {
    assertKept(MAIN, SourceRules::onlyMainExits);
    assertBroken(SourceRules::onlyMainExits, "cli", "class A { { System.exit(1); } }");
    assertBroken(SourceRules::onlyMainExits, "runtime", "class A { { runtime.halt(1); } }");
    assertBroken(
        SourceRules::onlyMainExits, "runtime", "class A { { Runtime.getRuntime().exit(1); } }");
    assertBroken(SourceRules::onlyMainExits, "cli", "class A { IntConsumer a = System::exit; }");
    assertEquals(
        List.of(),
        SourceRules.onlyMainExits(
            SourceFile.of("Main.java", "package io.duologger; class Main { System.exit(0); }")));
  }

  @Test
  void noFailureIsSwallowed() {
    assertKept(MAIN, SourceRules::noFailureIsSwallowed);
    assertBroken(SourceRules::noFailureIsSwallowed, "sink", "class A { { e.printStackTrace(); } }");
    assertBroken(
        SourceRules::noFailureIsSwallowed, "sink", "class A { { catch (Exception ignored) {} } }");
  }

  @Test
  void noPublicStaticState() {
    assertKept(MAIN, SourceRules::noPublicStaticState);
    assertBroken(SourceRules::noPublicStaticState, "model", "class A { public static int a; }");
    assertBroken(
        SourceRules::noPublicStaticState, "model", "class A { public static List<A> a = null; }");
    assertBroken(
        SourceRules::noPublicStaticState,
        "model",
        "class A { public static final int[] a = {1}; }");
    assertNotBroken(
        SourceRules::noPublicStaticState,
        "model",
        "class A { public static final int A = 1; public static int b(int[] c) { d = 1; }"
            + " public static final class C { int d; } }");
  }

  @Test
  void packagesSayTheirJob() {
    assertEquals(List.of(), SourceRules.packagesSayTheirJob(MAIN));
    assertFalse(SourceRules.packagesSayTheirJob(List.of(file("sink", "class A {}"))).isEmpty());
  }

  @Test
  void collectorsAreInTheCatalogue() {
    assertEquals(List.of(), SourceRules.collectorsAreInTheCatalogue(MAIN));
    SourceFile collector =
        SourceFile.of("NetCollector.java", "package io.duologger.collector; class NetCollector {}");
    SourceFile other =
        SourceFile.of("Collectors.java", "package io.duologger.collector; /* NetCollector */ { }");
    SourceFile catalogue =
        SourceFile.of("Collectors.java", "package io.duologger.collector; { NetCollector.type() }");
    assertEquals(1, SourceRules.collectorsAreInTheCatalogue(List.of(collector)).size());
    assertEquals(1, SourceRules.collectorsAreInTheCatalogue(List.of(collector, other)).size());
    assertEquals(List.of(), SourceRules.collectorsAreInTheCatalogue(List.of(collector, catalogue)));
  }

  @Test
  void onlyTheFactoriesKnowTheModes() throws IOException {
    for (String part :
        List.of("topology/Assembler.java", "topology/Run.java", "stream", "window")) {
      for (Path path : javaFiles(Path.of("src/main/java/io/duologger", part))) {
        assertEquals(List.of(), SourceRules.namesNoMode(path.toString(), Files.readString(path)));
      }
    }
    List<String> factories =
        Arrays.stream(Topologies.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .toList();
    assertEquals(5, factories.size());
    for (String mode : factories) {
      assertEquals(List.of("A:1: " + mode), SourceRules.namesNoMode("A", "if " + mode));
      assertEquals(List.of("A:2: " + mode), SourceRules.namesNoMode("A", "// a\n\"" + mode + "\""));
    }
    assertEquals(1, SourceRules.namesNoMode("A", "is(Mode.CRONLOGGER)").size());
    assertEquals(1, SourceRules.namesNoMode("A", "if (isQloadsensor)").size());
    assertEquals(1, SourceRules.namesNoMode("A", "switch (topology .mode())").size());
    assertEquals(
        List.of(),
        SourceRules.namesNoMode(
            "A", "package io.duologger.topology; import io.duologger.model.Mode; model();"));
  }

  private static List<Path> javaFiles(Path below) throws IOException {
    try (Stream<Path> paths = Files.walk(below)) {
      List<Path> files = paths.filter(path -> path.toString().endsWith(".java")).toList();
      assertFalse(files.isEmpty(), below::toString);
      return files;
    }
  }

  @Test
  void literalsAndCommentsAreNoCode() {
    String text =
        """
        package io.duologger.model;
        /* a
         */ char b = '"'; String c = "\\"// d"; // e
        String f = \"""
          g "h" \\\"""
          \"""; int i;""";
    assertEquals(
        """
        package io.duologger.model;
        \s
         char b = ' '; String c = "";\s
        String f = ""

        ; int i;""",
        SourceFile.of("A.java", text).code());
  }

  private static void assertKept(List<SourceFile> files, Function<SourceFile, List<String>> rule) {
    assertFalse(files.isEmpty());
    List<String> found = files.stream().flatMap(file -> rule.apply(file).stream()).toList();
    assertTrue(found.isEmpty(), () -> String.join("\n", found));
  }

  private static void assertBroken(
      Function<SourceFile, List<String>> rule, String part, String code) {
    assertEquals(1, rule.apply(file(part, code)).size(), code);
  }

  private static void assertNotBroken(
      Function<SourceFile, List<String>> rule, String part, String code) {
    assertEquals(List.of(), rule.apply(file(part, code)), code);
  }

  private static SourceFile file(String part, String code) {
    return SourceFile.of(part + "/A.java", "package io.duologger." + part + ";\n" + code);
  }
}
