package io.duologger.virtual;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps what is logged while it is open, as {@code LEVEL text}, and keeps it to itself. */
public final class Heard implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("duologger");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  /** Listens from now on. */
  public Heard() {
    events.start();
    logger.setAdditive(false);
    logger.addAppender(events);
  }

  /** All that was logged so far. */
  public List<String> messages() {
    return events.list.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(events);
    logger.setAdditive(true);
  }
}
