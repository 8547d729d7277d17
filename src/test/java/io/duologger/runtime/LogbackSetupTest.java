package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.status.ErrorStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

class LogbackSetupTest {
  private static final PrintStream OUT = System.out;
  private static final PrintStream ERR = System.err;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();

  @TempDir private Path folder;

  @BeforeEach
  void catchOutput() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void leaveNothing() {
    context.stop();
    System.setOut(OUT);
    System.setErr(ERR);
    for (String property :
        List.of(LogbackSetup.LEVEL, LogbackSetup.NAME, LogFile.NAMED, LogFile.HOME)) {
      System.clearProperty(property);
    }
  }

  private Logger configured() {
    new LogbackSetup().configure(context);
    context.start();
    return context.getLogger("duologger");
  }

  private Level level() {
    configured();
    Level level = context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
    context.reset();
    return level;
  }

  /** A file that logs to another one, with what else it may say. */
  private Path logTo(Path log, String root) throws Exception {
    Path file = Files.createDirectories(folder.resolve("conf")).resolve("logback.xml");
    return Files.writeString(
        file,
        """
        <configuration>
          <appender name="file" class="ch.qos.logback.core.FileAppender">
            <file>%s</file>
            <encoder><pattern>%%level %%logger %%msg%%n</pattern></encoder>
          </appender>
          <root %s><appender-ref ref="file"/></root>
        </configuration>
        """
            .formatted(log, root));
  }

  private String printed() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String warning(Path file, String what) {
    return "duologger: warn: %s is not used, diagnostics are on standard error: %s\n"
        .formatted(file, what);
  }

  @Test
  void theLevelIsThatOfTheProperty() {
    assertEquals(Level.INFO, level());
    System.setProperty(LogbackSetup.LEVEL, "trace");
    assertEquals(Level.TRACE, level());
    System.setProperty(LogbackSetup.LEVEL, "loud");
    assertEquals(Level.INFO, level());
  }

  @Test
  void withoutAFileItIsALineOnStandardError() {
    System.setProperty(LogFile.HOME, folder.toString());
    System.setProperty(LogbackSetup.NAME, "dlogger");
    Logger log = configured();
    log.info("two\nlines");
    log.debug("not said");
    IllegalStateException thrown = new IllegalStateException("bad");
    StackTraceElement[] place = {new StackTraceElement("a.B", "c", "B.java", 7)};
    thrown.setStackTrace(place);
    log.error("failed", thrown);
    assertEquals(
        """
        dlogger: info: two lines
        dlogger: error: failed: java.lang.IllegalStateException bad at a.B.c(B.java:7)
        """,
        printed());
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aFileInTheHomeIsHonoured() throws Exception {
    Path log = folder.resolve("log");
    logTo(log, "level='warn'");
    System.setProperty(LogFile.HOME, folder.toString());
    Logger logger = configured();
    logger.info("not said");
    logger.warn("said");
    assertEquals("WARN duologger said\n", Files.readString(log));
    assertEquals("", printed());
  }

  @Test
  void aFileThatIsNamedGoesBeforeIt() throws Exception {
    Path home = folder.resolve("log");
    Path file = logTo(home, "");
    System.setProperty(LogFile.HOME, folder.toString());
    Path named = Files.move(file, folder.resolve("named.xml"));
    logTo(folder.resolve("other"), "");
    for (String name : List.of(named.toString(), named.toUri().toString())) {
      System.setProperty(LogFile.NAMED, name);
      context.reset();
      configured().info("said");
    }
    assertEquals("INFO duologger said\n".repeat(2), Files.readString(home));
    assertTrue(Files.notExists(folder.resolve("other")));
  }

  @Test
  void aResourceMayBeNamedAsWell() {
    assertTrue(LogFile.locate("io/duologger/runtime/LogFile.class").isPresent());
    assertEquals(Optional.empty(), LogFile.locate("no such resource"));
  }

  @ParameterizedTest
  @CsvSource({"'', INFO, DEBUG", "level='warn', WARN, WARN", "level='trace', TRACE, TRACE"})
  void theFilesLevelHoldsAndWithoutOneTheProperty(String root, String plain, String verbose)
      throws Exception {
    System.setProperty(LogFile.NAMED, logTo(folder.resolve("log"), root).toString());
    assertEquals(Level.toLevel(plain), level());
    System.setProperty(LogbackSetup.LEVEL, "debug");
    assertEquals(Level.toLevel(verbose), level());
  }

  @Test
  void aFileThatIsNotThereIsWarnedOf() {
    Path file = folder.resolve("none.xml");
    System.setProperty(LogFile.NAMED, file.toString());
    configured().info("said");
    assertEquals(warning(file, "there is no such file") + "duologger: info: said\n", printed());
  }

  @Test
  void aFileThatIsNoXmlIsWarnedOfWithThePlace() throws Exception {
    Path log = folder.resolve("log");
    Path file = logTo(log, "level='trace'");
    Files.writeString(file, Files.readString(file).replace("</encoder>", ""));
    System.setProperty(LogFile.NAMED, file.toString());
    Logger logger = configured();
    logger.info("said");
    logger.debug("not said");
    assertEquals(
        warning(
                file,
                "line 5, column 5: The element type \"encoder\" must be terminated by the matching"
                    + " end-tag \"</encoder>\".")
            + "duologger: info: said\n",
        printed());
    assertTrue(Files.notExists(log));
  }

  @Test
  void aFileWithAnErrorIsNotUsedAtAll() throws Exception {
    Path file = logTo(folder.resolve("log"), "");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "<root",
                "<appender name='x' class='a.NoSuchAppender'/><root level='off'>"
                    + "<appender-ref ref='x'/></root><root"));
    System.setProperty(LogFile.NAMED, file.toString());
    configured().info("said");
    assertTrue(
        printed().matches("(?s)duologger: warn: \\Q" + file + "\\E .*a\\.NoSuchAppender.*"),
        printed());
    assertTrue(printed().endsWith("\nduologger: info: said\n"), printed());
    assertEquals(2, printed().lines().count(), printed());
    assertEquals("", Files.readString(folder.resolve("log")));
  }

  @Test
  void aFileThatWouldSilenceItIsNotUsedUnlessItSaysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("a.xml"), "<configuration/>");
    System.setProperty(LogFile.NAMED, file.toString());
    configured();
    assertEquals(warning(file, "no logger has an appender"), printed());
    Files.writeString(file, "<configuration><root level='off'/></configuration>");
    err.reset();
    context.reset();
    configured().error("not said");
    assertEquals("", printed());
  }

  @Test
  void whatLogbackWarnsOfInAFileIsLogged() throws Exception {
    Path log = folder.resolve("log");
    Path file = logTo(log, "");
    Files.writeString(file, Files.readString(file).replace("<root", "<colour>red</colour><root"));
    System.setProperty(LogFile.NAMED, file.toString());
    configured();
    assertTrue(
        Files.readString(log).startsWith("WARN duologger " + file + ": "), Files.readString(log));
    assertTrue(Files.readString(log).contains("colour"), Files.readString(log));
    assertEquals("", printed());
  }

  @Test
  void whatFailsLaterIsOnStandardError() throws Exception {
    System.setProperty(LogFile.NAMED, logTo(folder.resolve("log"), "").toString());
    configured();
    context.getStatusManager().add(new ErrorStatus("IO failure", this, new Exception("disk full")));
    assertEquals("duologger: error: logback: IO failure disk full\n", printed());
  }
}
