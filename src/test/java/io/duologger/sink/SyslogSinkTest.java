package io.duologger.sink;

import static io.duologger.sink.SinkFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SyslogSinkTest {
  private final RecordingDatagrams datagrams = new RecordingDatagrams();
  private final SyslogSink sink =
      new SyslogSink(SinkFixture.FORMAT, SyslogFixture.HEADER, datagrams, SyslogFixture.CLOCK);

  @Test
  void eachLineIsAMessage() throws IOException {
    sink.write(report("a=1 b=2\nc=3\n"));
    assertEquals(
        List.of(SyslogFixture.LOCAL + "a=1 b=2", SyslogFixture.LOCAL + "c=3"), datagrams.sent);
  }

  @Test
  void noMessageHasALineFeedOrNoText() throws IOException {
    sink.write(report("\n\na=1\n\nb=2"));
    sink.write(report(""));
    assertEquals(List.of(SyslogFixture.LOCAL + "a=1", SyslogFixture.LOCAL + "b=2"), datagrams.sent);
  }

  @Test
  void theMessagesOfAReportShareOneDeadline() throws IOException {
    sink.write(report("a=1\nb=2\nc=3\n"));
    assertEquals(1, datagrams.deadlines.size());
    long wait = datagrams.deadlines.iterator().next() - SyslogFixture.CLOCK.monotonicNanos();
    assertTrue(wait <= TimeUnit.SECONDS.toNanos(1), "it may wait for " + wait + " ns");
  }

  @Test
  void aMessageThatIsLostKeepsNoneBackAndFailsTheReport() throws IOException {
    IOException lost = new DatagramLostException("too long");
    datagrams.failures = new ArrayList<>(List.of(lost, new DatagramLostException("too")));
    assertSame(lost, assertThrows(IOException.class, () -> sink.write(report("a=1\nb=2\nc=3\n"))));
    assertEquals(List.of(SyslogFixture.LOCAL + "c=3"), datagrams.sent);
    sink.write(report("d=4\n"));
    assertEquals(2, datagrams.sent.size());
  }

  @Test
  void afterAFailureTheRestIsNotTried() throws IOException {
    IOException failure = new IOException("nobody there");
    datagrams.failures = new ArrayList<>(List.of(failure));
    assertSame(
        failure, assertThrows(IOException.class, () -> sink.write(report("a=1\nb=2\nc=3\n"))));
    assertEquals(List.of(), datagrams.sent);
    sink.write(report("d=4\n"));
    assertEquals(List.of(SyslogFixture.LOCAL + "d=4"), datagrams.sent);
  }

  @Test
  void closeClosesTheSocket() throws IOException {
    sink.close();
    assertTrue(datagrams.closed);
  }

  private static final class RecordingDatagrams implements Datagrams {
    private final List<String> sent = new ArrayList<>();
    private final Set<Long> deadlines = new TreeSet<>();
    private List<IOException> failures = new ArrayList<>();
    private boolean closed;

    @Override
    public void send(byte[] message, long deadline) throws IOException {
      deadlines.add(deadline);
      if (!failures.isEmpty()) {
        throw failures.remove(0);
      }
      sent.add(new String(message, StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
