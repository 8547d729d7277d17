package io.duologger.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Sets logback up: to standard error, in code, as reading logback.xml costs more than the rest of
 * the start; or as a user's file says ({@link LogFile}). With a file that can't be used diagnostics
 * go to standard error, and the first one says what is wrong with it. Levels that the file sets
 * hold; where it sets none for the root logger, {@link #LEVEL} does. Found by logback through its
 * service interface.
 *
 * <p>Everything the program says during a run goes this way, all of it to the logger {@code
 * duologger}. What does not: the answer to a command line or a configuration that can't be run, as
 * there is no run yet; and what the JVM and its launcher say. All that is standard error too.
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {
  /** The system property that holds the least level to be said; info if it is not set. */
  public static final String LEVEL = "duologger.log.level";

  /** The system property that holds what the program was called as; each line begins with it. */
  public static final String NAME = "duologger.log.name";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    setLevel(context);
    Optional<String> file = LogFile.find();
    Optional<String> problem = file.flatMap(name -> LogbackFile.read(context, name));
    if (file.isEmpty() || problem.isPresent()) {
      setLevel(context);
      useStandardError(context);
    }
    problem.ifPresent(
        what ->
            context
                .getLogger("duologger")
                .warn("{} is not used, diagnostics are on standard error: {}", file.get(), what));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void setLevel(LoggerContext context) {
    context
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
  }

  private static void useStandardError(LoggerContext context) {
    LineLayout layout = new LineLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /** A line as it is on standard error. */
  static String line(Level level, String text) {
    return System.getProperty(NAME, "duologger")
        + ": "
        + level.toString().toLowerCase(Locale.ROOT)
        + ": "
        + text.replaceAll("\\p{Cntrl}", " ")
        + "\n";
  }

  /** One line an event, in the manner of command line tools. */
  private static final class LineLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
      IThrowableProxy cause = event.getThrowableProxy();
      return line(
          event.getLevel(),
          cause == null
              ? event.getFormattedMessage()
              : event.getFormattedMessage() + ": " + describe(cause));
    }

    /** What was thrown, and where. */
    private static String describe(IThrowableProxy thrown) {
      StackTraceElementProxy[] trace = thrown.getStackTraceElementProxyArray();
      String place = trace.length == 0 ? "" : " " + trace[0].getSTEAsString();
      return thrown.getClassName() + " " + thrown.getMessage() + place;
    }
  }
}
