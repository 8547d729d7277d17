package io.duologger.stream;

import io.duologger.model.Aggregate;
import io.duologger.model.Report;
import io.duologger.sink.Sink;
import io.reactivex.rxjava3.core.BackpressureOverflowStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * The way of reports to one sink: its own bounded queue, from which the oldest report is dropped
 * and counted, and its own thread. Nothing that the sink does delays anything else. The counts may
 * be read by any thread.
 */
public final class Output {
  private final String name;
  private final Sink sink;
  private final int queue;
  private final Scheduler scheduler;
  private final Listener listener;
  private final AtomicLong arrived = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  /** Is told when writing begins to fail, when it works again, and what was left in the end. */
  public interface Listener {
    /** A report is written; told on the output's thread. */
    void written(String output);

    /**
     * Writing failed after it had worked; told on the output's thread.
     *
     * @throws IOException to end the run with this failure
     */
    void failed(String output, IOException why) throws IOException;

    /** Writing works again after {@code lost} reports; told on the output's thread. */
    void recovered(String output, long lost);

    /** The run is over, and so many reports were still waiting for the output. */
    void abandoned(String output, long reports);
  }

  /**
   * @param name what people call it
   * @param queue how many reports wait while it is slow
   * @param scheduler its own thread; never interrupted
   */
  public Output(String name, Sink sink, int queue, Scheduler scheduler, Listener listener) {
    this.name = name;
    this.sink = sink;
    this.queue = queue;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /** The same with a sink around its sink. */
  public Output with(UnaryOperator<Sink> around) {
    return new Output(name, around.apply(sink), queue, scheduler, listener);
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** What the sink has measured of itself. */
  public List<Aggregate> measures() {
    return sink.measures();
  }

  /** Reports that were dropped because the queue was full. */
  public long dropped() {
    return dropped.get();
  }

  /** Reports that the sink could not write. */
  public long failed() {
    return failed.get();
  }

  /** Reports that neither were written nor have failed nor were dropped. */
  public long pending() {
    return arrived.get() - dropped.get() - failed.get() - written.get();
  }

  /** The run is over: what was not written by now will not be. */
  void end() {
    if (pending() > 0) {
      listener.abandoned(name, pending());
    }
  }

  /**
   * Opens the sink and writes all reports; emits nothing, and completes when the last is written
   * and the sink closed.
   */
  Flowable<Report> consume(Flowable<Report> reports) {
    // On the one thread of the output, so before the first report.
    Flowable<Report> opened = Flowable.<Report>fromAction(sink::open).subscribeOn(scheduler);
    return opened.mergeWith(written(reports));
  }

  private Flowable<Report> written(Flowable<Report> reports) {
    return reports
        .doOnNext(report -> arrived.incrementAndGet())
        .onBackpressureBuffer(
            queue, dropped::incrementAndGet, BackpressureOverflowStrategy.DROP_OLDEST)
        .observeOn(scheduler, false, 1)
        .doOnNext(new Writer()::write)
        .doOnComplete(sink::close)
        .filter(report -> false);
  }

  private final class Writer {
    private long lost;

    void write(Report report) throws IOException {
      try {
        sink.write(report);
      } catch (IOException why) {
        failed.incrementAndGet();
        if (lost++ == 0) {
          listener.failed(name, why);
        }
        return;
      }
      written.incrementAndGet();
      listener.written(name);
      if (lost > 0) {
        listener.recovered(name, lost);
        lost = 0;
      }
    }
  }
}
