package io.duologger.topology;

import io.duologger.model.Report;
import io.duologger.stream.Command;
import io.reactivex.rxjava3.core.Flowable;

/** A topology put together, ready to run once. */
@FunctionalInterface
public interface Run {
  /**
   * Runs until a command or the run's length ends it. Completes when all is written or the time for
   * that is over; fails with whatever nothing can go on after. Emits nothing.
   */
  Flowable<Report> run(Flowable<Command> commands);
}
