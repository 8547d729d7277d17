package io.duologger.collector;

import io.duologger.model.RecorderClock;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Mounts that answer, refuse or hang as a test says, and the threads on which they are asked: a
 * question is answered or hangs before the asker goes on, so that nothing depends on time.
 */
final class AnsweringMounts implements FileSystemUsage.Question, Executor, RecorderClock {
  /** Half of it free, a tenth for root only. */
  static final FileSystemUsage USAGE = new FileSystemUsage(4096, 1000, 500, 400, 200, 150);

  private final String root;
  private final Map<String, FileSystemUsage> usages = new HashMap<>();
  private final Map<String, Integer> refusals = new HashMap<>();
  private final Map<String, CountDownLatch> hung = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Semaphore settled = new Semaphore(0);
  private long nanos = 1_000_000_000;

  AnsweringMounts(HostRoot root) {
    this.root = root.root().toString();
  }

  Surroundings surroundings(HostRoot host) {
    return new Surroundings(host, this, this);
  }

  synchronized void answers(String path, FileSystemUsage usage) {
    usages.put(path, usage);
  }

  synchronized void refuses(String path, int error) {
    refusals.put(path, error);
  }

  synchronized void recovers(String path) {
    refusals.remove(path);
  }

  synchronized void hangs(String path) {
    hung.put(path, new CountDownLatch(1));
  }

  /** The hung question is answered, and no later one hangs. */
  void goesOn(String path) {
    CountDownLatch latch;
    synchronized (this) {
      latch = hung.remove(path);
    }
    latch.countDown();
    settled.acquireUninterruptibly();
  }

  /** Those that were asked since the last call, in that order. */
  synchronized List<String> asked() {
    List<String> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  synchronized void passSeconds(long seconds) {
    nanos += seconds * 1_000_000_000;
  }

  @Override
  public FileSystemUsage of(byte[] path) throws IOException {
    String name = new String(path, StandardCharsets.UTF_8).substring(root.length());
    CountDownLatch latch;
    synchronized (this) {
      asked.add(name);
      latch = hung.get(name);
    }
    if (latch != null) {
      settled.release();
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    synchronized (this) {
      if (refusals.containsKey(name)) {
        throw new SystemCallException(refusals.get(name));
      }
      return usages.getOrDefault(name, USAGE);
    }
  }

  @Override
  public void execute(Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              task.run();
              settled.release();
            });
    thread.setDaemon(true);
    thread.start();
    settled.acquireUninterruptibly();
  }

  @Override
  public long wall() {
    throw new UnsupportedOperationException("no module needs it");
  }

  @Override
  public synchronized long monotonicNanos() {
    return nanos;
  }
}
