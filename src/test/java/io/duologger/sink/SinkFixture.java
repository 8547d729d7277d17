package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.model.Report;
import io.duologger.model.Window;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reports of which the test chooses the text. */
final class SinkFixture {
  /** The host's name is what is written. */
  static final Format FORMAT = report -> report.host().getBytes(StandardCharsets.US_ASCII);

  private SinkFixture() {}

  static Report report(String text) {
    return new Report(new Window(0, 1, 1, "", 0), text, List.of(), List.of());
  }

  /** A line of {@code length} bytes. */
  static String line(int number, int length) {
    String start = "line=" + number + " ";
    return start + "x".repeat(length - 1 - start.length()) + "\n";
  }
}
