package io.duologger.virtual;

import io.reactivex.rxjava3.core.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs reads on real threads in virtual time. A read that calls {@link #pause} holds its thread, as
 * a slow device would, until that much virtual time has passed. At any moment either the test or
 * one read runs, so that runs repeat exactly.
 */
public final class VirtualReads implements Executor, AutoCloseable {
  private static final long HANG_SECONDS = 30;

  private final Scheduler scheduler;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "virtual-read");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore test = new Semaphore(0);
  private final Set<Semaphore> parked = ConcurrentHashMap.newKeySet();
  private volatile boolean quick;

  /** Reads go on when the scheduler's time has come. */
  public VirtualReads(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Runs the read until it ends or pauses. */
  @Override
  public void execute(Runnable read) {
    threads.execute(
        () -> {
          try {
            read.run();
          } finally {
            test.release();
          }
        });
    await(test);
  }

  /** Runs one that is taken for quick. */
  public void executeQuickly(Runnable read, Runnable slow) {
    slow.run();
    execute(
        () -> {
          quick = true;
          read.run();
          quick = false;
        });
  }

  /** Called by a read: whether it is taken for a quick one. */
  public boolean quick() {
    return quick;
  }

  /** Called by a read: goes on after {@code span} of virtual time. */
  public void pause(Duration span) {
    Semaphore self = new Semaphore(0);
    scheduler.scheduleDirect(() -> resume(self), span.toNanos(), TimeUnit.NANOSECONDS);
    park(self);
  }

  /** Called by a read: goes on when the test says so. */
  public void pause(Stuck stuck) {
    park(stuck.semaphore);
  }

  private void park(Semaphore self) {
    parked.add(self);
    test.release();
    self.acquireUninterruptibly();
    parked.remove(self);
  }

  private void resume(Semaphore read) {
    read.release();
    await(test);
  }

  private static void await(Semaphore semaphore) {
    try {
      if (!semaphore.tryAcquire(HANG_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a read neither ended nor paused");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A read that hangs until it is released. */
  public final class Stuck {
    private final Semaphore semaphore = new Semaphore(0);

    /** Lets the read end now. */
    public void release() {
      resume(semaphore);
    }
  }

  /** Something to hang on. */
  public Stuck stuck() {
    return new Stuck();
  }

  /** Lets go every read that still holds its thread; what becomes of it is of no interest. */
  @Override
  public void close() {
    threads.shutdown();
    parked.forEach(Semaphore::release);
  }
}
