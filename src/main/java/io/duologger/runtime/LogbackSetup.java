package io.duologger.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Locale;
import org.slf4j.Logger;

/**
 * Sends diagnostics to standard error, set up in code: reading logback.xml costs more than the rest
 * of the start. A user's own file is honoured if it is named by the system property {@code
 * logback.configurationFile}. Found by logback through its service interface.
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {
  /** The system property that holds the least level to be said; info if it is not set. */
  public static final String LEVEL = "duologger.log.level";

  /** The system property that holds what the program was called as; each line begins with it. */
  public static final String NAME = "duologger.log.name";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
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
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** One line an event, in the manner of command line tools. */
  private static final class LineLayout extends LayoutBase<ILoggingEvent> {
    private final String name = System.getProperty(NAME, "duologger");

    @Override
    public String doLayout(ILoggingEvent event) {
      String level = event.getLevel().toString().toLowerCase(Locale.ROOT);
      String text = event.getFormattedMessage().replaceAll("\\p{Cntrl}", " ");
      String cause =
          event.getThrowableProxy() == null
              ? ""
              : ": "
                  + event.getThrowableProxy().getClassName()
                  + " "
                  + event.getThrowableProxy().getMessage();
      return name + ": " + level + ": " + text + cause + "\n";
    }
  }
}
