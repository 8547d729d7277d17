package io.duologger.collector;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Questions to something that may never answer, such as a mount: each is asked on a thread of its
 * own, and there is never a second one while the first has no answer. Used by one thread at a time.
 *
 * @param <T> what is answered; never null
 */
public final class Probe<T> {
  private final Surroundings surroundings;
  private final Callable<T> question;
  private CompletableFuture<T> asked;
  private long since;

  /**
   * @param question may block for ever; must be safe to be asked on any thread
   */
  public Probe(Surroundings surroundings, Callable<T> question) {
    this.surroundings = surroundings;
    this.question = question;
  }

  /** Asks, unless an earlier question has no answer yet. Returns at once. */
  public void ask() {
    if (asked != null) {
      return;
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    since = surroundings.clock().monotonicNanos();
    asked = answer;
    surroundings
        .threads()
        .execute(
            () -> {
              try {
                answer.complete(question.call());
              } catch (Throwable failed) {
                answer.completeExceptionally(failed);
              }
            });
  }

  /**
   * The answer to {@link #ask}, waiting for it until {@code patience} has passed since it was
   * asked; empty if there is none by then. What comes later is answered to the next question.
   *
   * @throws ExecutionException if the question failed; its cause says how
   */
  public Optional<T> answer(Duration patience) throws ExecutionException {
    CompletableFuture<T> answer = asked;
    long left = since + patience.toNanos() - surroundings.clock().monotonicNanos();
    try {
      T given = answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
      asked = null;
      return Optional.of(given);
    } catch (TimeoutException stuck) {
      return Optional.empty();
    } catch (InterruptedException neverDone) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException failed) {
      asked = null;
      throw failed;
    }
  }

  /** How long the question without an answer has been waiting; empty if there is none. */
  public Optional<Duration> stuck() {
    return asked == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(surroundings.clock().monotonicNanos() - since));
  }
}
