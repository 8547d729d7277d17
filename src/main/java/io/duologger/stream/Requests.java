package io.duologger.stream;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;

/**
 * Requests that come as lines of text, as a Grid Engine's execution daemon sends them
 * (sge_execd(8)): {@code quit} or the end of the lines ends the run, any other line is a request.
 * The next line is looked at only when the request before it is answered, so that each is answered
 * once and in order.
 */
public final class Requests {
  private static final String QUIT = "quit";

  private final FlowableProcessor<Boolean> answers =
      PublishProcessor.<Boolean>create().toSerialized();

  /** The commands that {@code lines} stand for; ends with a {@link Command.Stop}. */
  public Flowable<Command> commands(Flowable<String> lines) {
    return lines
        .concatMap(this::command, 1)
        .concatWith(Flowable.just(new Command.Stop()))
        .takeUntil(command -> command instanceof Command.Stop);
  }

  private Flowable<Command> command(String line) {
    return line.strip().equals(QUIT)
        ? Flowable.just(new Command.Stop())
        : Flowable.merge(
            answers.take(1).ignoreElements().toFlowable(), Flowable.just(new Command.Request()));
  }

  /** An answer is written. To be called by any thread. */
  public void answered() {
    answers.onNext(true);
  }
}
