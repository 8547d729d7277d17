package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastWindowsTest {
  private final LastWindows last = new LastWindows();

  private static Line line(String module, String device, long every) {
    Line.Head head = new Line.Head(every, 1, 0, 0, -1, -1, Double.NaN, 0, Optional.empty());
    return new Line(
        module, Instance.of("device", device), Optional.of(head), List.of(), Map.of(), List.of());
  }

  /** What is shown when a window ends at {@code end}, as module and device. */
  private List<String> shown(long end, Line... lines) {
    Report report = new Report(new Window(0, end, end, "", 0), "host", List.of(lines), List.of());
    List<String> shown = new ArrayList<>();
    for (Line line : last.with(report).lines()) {
      shown.add(line.module() + " " + line.instance().labels().get("device"));
    }
    return shown;
  }

  @Test
  void aModuleThatIsSampledSeldomKeepsItsLines() {
    assertEquals(
        List.of("net a", "smart x", "smart y"),
        shown(10, line("net", "a", 1), line("smart", "x", 30), line("smart", "y", 30)));
    for (int end = 20; end <= 70; end += 10) {
      assertEquals(List.of("net a", "smart x", "smart y"), shown(end, line("net", "a", 1)));
    }
    assertEquals(List.of("net a"), shown(80, line("net", "a", 1)), "it should have come twice");
  }

  @Test
  void aDeviceThatHasGoneIsGone() {
    shown(10, line("net", "a", 1), line("net", "b", 1));
    assertEquals(List.of("net b"), shown(20, line("net", "b", 1)));
  }

  @Test
  void whatIsNewReplacesWhatWas() {
    shown(10, line("smart", "x", 100));
    assertEquals(List.of("smart z"), shown(20, line("smart", "z", 100)));
    assertEquals(List.of("smart z"), shown(30));
  }
}
