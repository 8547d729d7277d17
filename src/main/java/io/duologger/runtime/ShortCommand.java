package io.duologger.runtime;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs programs that answer soon, without a shell. Safe for use by any thread. */
public final class ShortCommand {
  /** Bytes that an answer may have. */
  static final int MAX_BYTES = 4 << 10;

  private ShortCommand() {}

  /**
   * The first line that a program prints. Empty if there is none, if the program can't be started,
   * fails, prints more than 4 KiB or takes longer than {@code limit}: then it is killed.
   *
   * @param command the program and its arguments
   */
  public static Optional<String> firstLine(List<String> command, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException notStarted) {
      return Optional.empty();
    }
    try {
      byte[] output = output(process).get(limit.toNanos(), TimeUnit.NANOSECONDS);
      boolean answered =
          output.length <= MAX_BYTES
              && process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)
              && process.exitValue() == 0;
      return answered
          ? new String(output, StandardCharsets.UTF_8).lines().findFirst()
          : Optional.empty();
    } catch (ExecutionException | TimeoutException noAnswer) {
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Read on a thread of its own: a grandchild may keep the pipe open for as long as it likes. */
  private static CompletableFuture<byte[]> output(Process process) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = process.getInputStream()) {
            return in.readNBytes(MAX_BYTES + 1);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        },
        task -> {
          Thread reader = new Thread(task, "command");
          reader.setDaemon(true);
          reader.start();
        });
  }
}
