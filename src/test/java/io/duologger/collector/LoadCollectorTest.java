package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadCollectorTest {
  @Test
  void readsFiveFields() throws IOException {
    LoadCollector.Values values = new LoadCollector.Values();
    LoadCollector.parse(Scan.text("0.20 1.18 12.12 1/80 11206\n"), values);
    assertEquals(0.2, values.load1);
    assertEquals(1.18, values.load5);
    assertEquals(12.12, values.load15);
    assertEquals(1, values.runnable);
    assertEquals(80, values.tasks);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|/proc/test line 0: missing 1-minute load: ''",
        "0.1|/proc/test line 1: missing 5-minute load: '0.1'",
        "0.1 x 0.3 1/80 9|/proc/test line 1: 5-minute load is no number: '0.1 x 0.3 1/80 9'",
        "0.1 0.2 0.3|/proc/test line 1: missing runnable/existing tasks: '0.1 0.2 0.3'",
        "0.1 0.2 0.3 1/|/proc/test line 1: missing tasks: '0.1 0.2 0.3 1/'",
      })
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String text, String message) {
    LoadCollector.Values values = new LoadCollector.Values();
    assertEquals(
        message,
        assertThrows(IOException.class, () -> LoadCollector.parse(Scan.text(text), values))
            .getMessage());
  }
}
