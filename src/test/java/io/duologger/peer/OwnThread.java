package io.duologger.peer;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What may wait for long runs on a thread of its own, which does not keep the JVM from ending. */
final class OwnThread {
  private OwnThread() {}

  static <T> CompletableFuture<T> run(Callable<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        command -> {
          Thread thread = new Thread(command, "peer");
          thread.setDaemon(true);
          thread.start();
        });
  }
}
