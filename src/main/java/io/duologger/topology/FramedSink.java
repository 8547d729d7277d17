package io.duologger.topology;

import io.duologger.model.Aggregate;
import io.duologger.model.Report;
import io.duologger.sink.Sink;
import java.io.IOException;
import java.util.List;

/** A sink that also writes what stands around the reports. Used as any sink. */
final class FramedSink implements Sink {
  private final Sink sink;
  private final Frame frame;
  private final String host;

  /**
   * @param host what reports call the host
   */
  FramedSink(Sink sink, Frame frame, String host) {
    this.sink = sink;
    this.frame = frame;
    this.host = host;
  }

  @Override
  public void open() throws IOException {
    sink.open();
    sink.write(frame.head(host));
  }

  @Override
  public void write(Report report) throws IOException {
    sink.write(report);
  }

  @Override
  public List<Aggregate> measures() {
    return sink.measures();
  }

  @Override
  public void close() throws IOException {
    try (sink) {
      sink.write(frame.tail(host));
    }
  }
}
