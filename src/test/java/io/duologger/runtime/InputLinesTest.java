package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of a stream, on the thread that waits for them. */
@Timeout(30)
class InputLinesTest {
  private final Scheduler thread = Threads.single("lines");

  private List<String> lines(InputStream in) throws InterruptedException {
    TestSubscriber<String> lines = InputLines.of(in, thread).test();
    assertTrue(lines.await(10, TimeUnit.SECONDS));
    lines.assertComplete().assertNoErrors();
    return lines.values();
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a, a",
    "'a\n', a",
    "'a\nb', a|b",
    "'a\n\n\nb\n', a|||b",
    "'\n', ''",
    "'a\r\nb\r', 'a\r|b\r'",
    "'\u00e4\u0000\u00ff\n', '\u00e4\u0000\u00ff'",
  })
  void linesEndAtALineFeedOrTheEnd(String text, String expected) throws Exception {
    List<String> lines = lines(bytes(text));
    assertEquals(expected, String.join("|", lines));
    assertEquals(text.isEmpty() ? 0 : expected.split("\\|", -1).length, lines.size());
  }

  @Test
  void onlyTheFirstKibibyteOfALineIsKept() throws Exception {
    String text = "x".repeat(1023) + "y\n" + "z".repeat(1025) + "\n" + "w".repeat(1 << 20) + "\nv";
    List<String> lines = lines(bytes(text));
    assertEquals(4, lines.size());
    assertEquals("x".repeat(1023) + "y", lines.get(0));
    assertEquals("z".repeat(1024), lines.get(1));
    assertEquals("w".repeat(1024), lines.get(2));
    assertEquals("v", lines.get(3));
  }

  /** Gives one byte after the other, without an end. */
  private static final class Endless extends InputStream {
    private long read;

    @Override
    public int read() {
      return read++ < 100_000_000 ? 'x' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      for (int i = 0; i < length; i++) {
        int next = read();
        if (next < 0) {
          return i == 0 ? -1 : i;
        }
        into[offset + i] = (byte) next;
      }
      return length;
    }
  }

  @Test
  void lineLongerThanTheMemoryIsALine() throws Exception {
    assertEquals(List.of("x".repeat(1024)), lines(new Endless()));
  }

  @Test
  void streamThatCannotBeReadAnyMoreHasEnded() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    assertEquals(List.of(), lines(broken));
    assertEquals(List.of("a", "b"), lines(new SequenceInputStream(bytes("a\nb\n"), broken)));
  }

  @Test
  void lineIsThereAsSoonAsItsLineFeedIs() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    try (PipedOutputStream out = new PipedOutputStream()) {
      PipedInputStream in = new PipedInputStream(out);
      InputLines.of(in, thread).doOnComplete(() -> lines.add("the end")).subscribe(lines::add);
      for (String line : List.of("one", "", "three")) {
        out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        assertEquals(line, lines.poll(10, TimeUnit.SECONDS));
      }
      assertEquals(0, lines.size());
    }
    assertEquals("the end", lines.poll(10, TimeUnit.SECONDS));
  }

  /** Gives a line at a time and tells how many. */
  private static final class Counted extends InputStream {
    private volatile int lines;

    @Override
    public int read() {
      throw new AssertionError("it is buffered");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      lines++;
      into[offset] = 'x';
      into[offset + 1] = '\n';
      return 2;
    }
  }

  @Test
  void lineIsReadWhenItIsAskedFor() throws Exception {
    Counted in = new Counted();
    TestSubscriber<String> lines = InputLines.of(in, thread).test(0);
    idle();
    assertEquals(0, in.lines);
    for (int asked = 1; asked < 5; asked++) {
      lines.request(1);
      idle();
      assertEquals(asked, in.lines);
      lines.assertValueCount(asked);
    }
    lines.cancel();
    idle();
    assertEquals(4, in.lines);
  }

  /** Waits until the thread has done what it had to. */
  private void idle() throws InterruptedException {
    BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
    thread.scheduleDirect(() -> done.add(true));
    done.poll(10, TimeUnit.SECONDS);
  }
}
