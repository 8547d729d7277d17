package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.collector.Collector;
import io.duologger.model.Readings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenCollectorsTest {
  private final List<String> closed = new ArrayList<>();

  private Collector collector(Throwable atClose) {
    return new Collector() {
      @Override
      public String name() {
        return "x";
      }

      @Override
      public void collect(Readings into) {}

      @Override
      public void close() throws IOException {
        closed.add(String.valueOf(atClose));
        if (atClose instanceof IOException failed) {
          throw failed;
        } else if (atClose instanceof Error failed) {
          throw failed;
        }
      }
    };
  }

  @Test
  void allAreClosedAtTheEndWhateverFails() {
    List<Collector> collectors =
        new ArrayList<>(
            List.of(
                collector(new IOException("io")),
                collector(new AssertionError("error")),
                collector(null)));
    OpenCollectors open = new OpenCollectors(source -> collectors.remove(0), Runnable::run);
    for (int i = 0; i < 3; i++) {
      open.apply(null);
    }
    open.close();
    assertEquals(
        List.of("java.io.IOException: io", "java.lang.AssertionError: error", "null"),
        closed.stream().sorted().toList());
  }

  @Test
  void whoIsClosedBeforeIsNotClosedAgain() throws IOException {
    OpenCollectors open = new OpenCollectors(source -> collector(null), Runnable::run);
    open.apply(null).close();
    open.close();
    assertEquals(List.of("null"), closed);
  }
}
