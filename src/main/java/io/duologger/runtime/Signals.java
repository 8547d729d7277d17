package io.duologger.runtime;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;

/** Signals as a stream. */
public final class Signals {
  private Signals() {}

  /**
   * Emits the name, such as TERM, of each of {@code signals} that arrives from subscription on;
   * never ends.
   */
  public static Flowable<String> of(String... signals) {
    return Flowable.create(
        emitter -> {
          for (String signal : signals) {
            SystemSignals.handle(signal, () -> emitter.onNext(signal));
          }
        },
        BackpressureStrategy.BUFFER);
  }
}
