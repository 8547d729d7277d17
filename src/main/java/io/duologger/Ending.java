package io.duologger;

import io.duologger.cli.ExitStatus;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.exceptions.UndeliverableException;
import io.reactivex.rxjava3.functions.Consumer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How the run ends: by itself or by what no part of it could deal with, whichever is first. A
 * thread that dies takes the run with it, which might otherwise go on without doing anything. May
 * be told by any thread.
 */
final class Ending implements Consumer<Throwable>, Thread.UncaughtExceptionHandler {
  // Not a CompletableFuture, which loads fifty classes at each start.
  private final AtomicReference<Integer> status = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Throwable told;

  /** What RxJava could not hand to any stream. */
  @Override
  public void accept(Throwable failed) {
    boolean wrapped = failed instanceof UndeliverableException && failed.getCause() != null;
    uncaughtException(Thread.currentThread(), wrapped ? failed.getCause() : failed);
  }

  @Override
  public synchronized void uncaughtException(Thread thread, Throwable failed) {
    if (failed == told) {
      // RxJava has told, and the thread died of it all the same.
      return;
    }
    told = failed;
    try {
      Main.log().error("the thread {} failed", thread.getName(), failed);
    } finally {
      end(ExitStatus.FAILURE);
    }
  }

  private void end(int how) {
    status.compareAndSet(null, how);
    ended.countDown();
  }

  /** Waits for the end of the run. */
  int of(Flowable<?> run) {
    run.subscribe(nothing -> {}, e -> end(Main.fail(e)), () -> end(ExitStatus.OK));
    try {
      ended.await();
    } catch (InterruptedException unforeseen) {
      throw new IllegalStateException("nobody interrupts the thread that waits", unforeseen);
    }
    return status.get();
  }
}
