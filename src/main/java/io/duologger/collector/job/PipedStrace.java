package io.duologger.collector.job;

import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An strace that somebody else started and that writes to a named pipe. It is ended by the signal
 * that a pipe without a reader gives it, which lets the processes go.
 */
final class PipedStrace implements Tracing {
  private static final int BUFFER = 64 << 10;

  private final Path pipe;
  private final SystemCallCounts counts;
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private volatile boolean stopped;

  private PipedStrace(Path pipe, SystemCallCounts counts) {
    this.pipe = pipe;
    this.counts = counts;
  }

  /**
   * Waits, on a thread of its own, for somebody who writes to {@code pipe}, and for all of that.
   *
   * @throws SourceAbsentException if there is no such pipe
   */
  static PipedStrace start(Surroundings surroundings, Path pipe, SystemCallCounts counts)
      throws IOException {
    if (!Files.exists(pipe) || Files.isRegularFile(pipe) || Files.isDirectory(pipe)) {
      throw new SourceAbsentException("no named pipe " + pipe);
    }
    PipedStrace piped = new PipedStrace(pipe, counts);
    surroundings.threads().execute(piped::read);
    return piped;
  }

  private void read() {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new FileInputStream(pipe.toFile())) {
      opened.complete(null);
      for (int n = in.read(buffer); n >= 0 && !stopped; n = in.read(buffer)) {
        counts.add(buffer, n);
      }
      read.complete(null);
    } catch (IOException failed) {
      read.completeExceptionally(failed);
    }
  }

  @Override
  public boolean isRunning() {
    return !read.isDone();
  }

  @Override
  public void finish() throws IOException {
    try {
      read.get();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException failed) {
      throw new IOException(pipe + ": " + failed.getCause().getMessage(), failed.getCause());
    }
  }

  /** Opened for both, a pipe waits for nobody: whoever waits for a writer has one then. */
  @Override
  public void stop() {
    stopped = true;
    try {
      RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
      try {
        opened.get(1, TimeUnit.SECONDS);
      } finally {
        both.close();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException | TimeoutException gone) {
      // With the pipe gone nobody can write to it any more.
    }
  }
}
