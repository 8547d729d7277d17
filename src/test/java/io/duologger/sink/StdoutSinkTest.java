package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StdoutSinkTest {
  private final RecordingStream stream = new RecordingStream();
  private final StdoutSink sink = new StdoutSink(SinkFixture.FORMAT, stream);

  @Test
  void eachReportIsOneWriteAndAFlush() throws IOException {
    sink.write(SinkFixture.report("a=1\nb=2\n"));
    sink.write(SinkFixture.report("c=3\n"));
    assertEquals(List.of("a=1\nb=2\n", "flush", "c=3\n", "flush"), stream.calls);
  }

  @Test
  void failurePassesThrough() {
    IOException broken = new IOException("Broken pipe");
    stream.failure = List.of(broken);
    assertSame(
        broken, assertThrows(IOException.class, () -> sink.write(SinkFixture.report("a=1\n"))));
  }

  @Test
  void closeLeavesTheStreamOpen() throws IOException {
    sink.close();
    assertFalse(stream.calls.contains("close"));
  }

  private static final class RecordingStream extends OutputStream {
    private final List<String> calls = new ArrayList<>();
    private List<IOException> failure = List.of();

    @Override
    public void write(int b) {
      calls.add("single byte");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!failure.isEmpty()) {
        throw failure.get(0);
      }
      calls.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
    }

    @Override
    public void flush() {
      calls.add("flush");
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }
}
