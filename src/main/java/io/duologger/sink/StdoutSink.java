package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.model.Report;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes reports to standard output, each with one write and without {@link System#out}, which
 * hides errors. Used by one thread at a time. Closing it leaves the stream open: it belongs to the
 * process.
 */
public final class StdoutSink implements Sink {
  private final Format format;
  private final OutputStream stream;

  /** On the process's standard output. */
  public StdoutSink(Format format) {
    this(format, new FileOutputStream(FileDescriptor.out));
  }

  /** On {@code stream}, which should not gather small writes. */
  public StdoutSink(Format format, OutputStream stream) {
    this.format = format;
    this.stream = stream;
  }

  @Override
  public void write(Report report) throws IOException {
    stream.write(format.bytes(report));
    stream.flush();
  }
}
