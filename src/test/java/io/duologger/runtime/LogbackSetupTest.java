package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogbackSetupTest {
  @AfterEach
  void clearLevel() {
    System.clearProperty(LogbackSetup.LEVEL);
  }

  private static Level level() {
    LoggerContext context = new LoggerContext();
    new LogbackSetup().configure(context);
    return context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
  }

  @Test
  void theLevelIsThatOfTheProperty() {
    assertEquals(Level.INFO, level());
    System.setProperty(LogbackSetup.LEVEL, "trace");
    assertEquals(Level.TRACE, level());
    System.setProperty(LogbackSetup.LEVEL, "loud");
    assertEquals(Level.INFO, level());
  }
}
