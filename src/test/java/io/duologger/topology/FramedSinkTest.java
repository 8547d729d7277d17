package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.collector.Collector;
import io.duologger.collector.Surroundings;
import io.duologger.model.Aggregate;
import io.duologger.model.Report;
import io.duologger.model.Source;
import io.duologger.model.Window;
import io.duologger.sink.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stands around the reports of a sink. */
class FramedSinkTest {
  private final List<String> done = new ArrayList<>();
  private boolean full;
  private boolean untold;

  private static Report report(String host) {
    return new Report(new Window(0, 0, 0, "", 0), host, List.of(), List.of());
  }

  private final Sink sink =
      new Sink() {
        @Override
        public void open() {
          done.add("open");
        }

        @Override
        public void write(Report report) throws IOException {
          if (full) {
            throw new IOException("full");
          }
          done.add("write " + report.host());
        }

        @Override
        public List<Aggregate> measures() {
          done.add("measures");
          return List.of();
        }

        @Override
        public void close() {
          done.add("close");
        }
      };

  private final FramedSink framed =
      new FramedSink(
          sink,
          new Frame() {
            @Override
            public Report head(String host) {
              return report("head of " + host);
            }

            @Override
            public Report tail(String host) throws IOException {
              if (untold) {
                throw new IOException("nothing to tell");
              }
              return report("tail of " + host);
            }

            @Override
            public Optional<Collector> collector(Source source, Surroundings surroundings) {
              return Optional.empty();
            }
          },
          "h1");

  @Test
  void headAndTailAreAroundTheReports() throws IOException {
    framed.open();
    framed.write(report("one"));
    assertEquals(List.of(), framed.measures());
    framed.write(report("two"));
    framed.close();
    assertEquals(
        List.of(
            "open",
            "write head of h1",
            "write one",
            "measures",
            "write two",
            "write tail of h1",
            "close"),
        done);
  }

  @Test
  void aTailThatCannotBeWrittenIsSaidAndTheSinkIsClosed() {
    full = true;
    assertEquals("full", assertThrows(IOException.class, framed::close).getMessage());
    assertEquals(List.of("close"), done);
  }

  @Test
  void withoutATailTheSinkIsClosedToo() {
    untold = true;
    assertEquals("nothing to tell", assertThrows(IOException.class, framed::close).getMessage());
    assertEquals(List.of("close"), done);
  }
}
