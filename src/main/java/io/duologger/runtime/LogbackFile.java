package io.duologger.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.hook.DefaultShutdownHook;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.xml.sax.SAXParseException;

/**
 * Sets logback up as a user's file says, all of it or nothing. What logback has to say of itself
 * later, such as that a disk is full, goes to standard error: otherwise it would go nowhere.
 */
final class LogbackFile {
  private LogbackFile() {}

  /**
   * Reads a file into a context. If it fails, the context is as empty as before.
   *
   * @param name the file, a resource or an address
   * @return what is wrong, with the place; empty if all is well
   */
  static Optional<String> read(LoggerContext context, String name) {
    Optional<URL> place = LogFile.locate(name);
    if (place.isEmpty()) {
      return Optional.of("there is no such file");
    }
    Listener listener = new Listener();
    context.getStatusManager().add(listener);
    Optional<String> problem = read(context, place.get(), listener);
    if (problem.isPresent()) {
      context.getStatusManager().remove(listener);
      context.reset();
      context.getStatusManager().clear();
      return problem;
    }
    listener
        .handOver()
        .forEach(warning -> context.getLogger("duologger").warn("{}: {}", name, warning));
    DefaultShutdownHook hook = new DefaultShutdownHook();
    hook.setContext(context);
    Runtime.getRuntime().addShutdownHook(new Thread(hook, "log"));
    return Optional.empty();
  }

  private static Optional<String> read(LoggerContext context, URL place, Listener listener) {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(place);
    } catch (JoranException | RuntimeException | LinkageError failed) {
      if (failed.getCause() instanceof SAXParseException bad) {
        return Optional.of(
            "line %d, column %d: %s"
                .formatted(bad.getLineNumber(), bad.getColumnNumber(), cause(bad)));
      }
      listener.errors.add(text(cause(failed), failed.getCause()));
    }
    if (!listener.errors.isEmpty()) {
      return Optional.of(listener.errors.get(0));
    }
    boolean heard =
        context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel() == Level.OFF
            || context.getLoggerList().stream()
                .anyMatch(logger -> logger.iteratorForAppenders().hasNext());
    if (heard) {
      return Optional.empty();
    }
    listener.warnings.add(0, "no logger has an appender");
    return Optional.of(String.join("; ", listener.warnings));
  }

  private static String text(String message, Throwable why) {
    return why == null || message.contains(cause(why)) ? message : message + " " + cause(why);
  }

  private static String cause(Throwable why) {
    return why.getMessage() == null ? why.toString() : why.getMessage();
  }

  /** Gathers what logback says of itself; once the file is read, prints the errors. */
  private static final class Listener implements StatusListener {
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean reading = true;

    @Override
    public synchronized void addStatusEvent(Status status) {
      if (status.getLevel() < Status.WARN) {
        return;
      }
      String text = text(status.getMessage(), status.getThrowable());
      if (reading) {
        (status.getLevel() == Status.ERROR ? errors : warnings).add(text);
      } else if (status.getLevel() == Status.ERROR) {
        System.err.print(LogbackSetup.line(Level.ERROR, "logback: " + text));
      }
    }

    /** The file is read: gives the warnings so far. */
    synchronized List<String> handOver() {
      reading = false;
      return warnings;
    }

    @Override
    public boolean isResetResistant() {
      return true;
    }
  }
}
