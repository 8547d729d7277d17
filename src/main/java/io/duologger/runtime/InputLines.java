package io.duologger.runtime;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The lines of an input stream as a stream: each is read when it is asked for. */
public final class InputLines {
  /** So many bytes of a line are kept. */
  private static final int KEPT = 1024;

  private final InputStream in;

  private InputLines(InputStream in) {
    this.in = in;
  }

  /**
   * The lines of {@code in}, ended by a line feed or the end of the stream, of which only the first
   * kibibyte is kept. Completes at the end of the stream, and when it can't be read any more.
   *
   * @param thread where reads wait
   */
  public static Flowable<String> of(InputStream in, Scheduler thread) {
    return Flowable.<String, InputLines>generate(
            () -> new InputLines(new BufferedInputStream(in)),
            (lines, emitter) -> {
              String line = lines.next();
              if (line == null) {
                emitter.onComplete();
              } else {
                emitter.onNext(line);
              }
            })
        .subscribeOn(thread);
  }

  /** The next line; null at the end. */
  private String next() {
    byte[] line = new byte[KEPT];
    int length = 0;
    try {
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return length == 0 ? null : text(line, length);
        }
        if (length < KEPT) {
          line[length++] = (byte) b;
        }
      }
    } catch (IOException closed) {
      return null;
    }
    return text(line, length);
  }

  private static String text(byte[] line, int length) {
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }
}
