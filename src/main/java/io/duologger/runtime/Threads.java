package io.duologger.runtime;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The process's threads. All are daemons: what hangs can't keep the process alive. */
public final class Threads {
  /** What the names of threads that read begin with. */
  static final String READS = "read-";

  private static final long IDLE_SECONDS = 60;

  private Threads() {}

  /** An executor that starts each task at once, on an idle thread or a new one. */
  public static Executor reads() {
    AtomicInteger count = new AtomicInteger();
    ThreadFactory factory = task -> named(READS + count.incrementAndGet()).newThread(task);
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  /** A scheduler of one thread that is never interrupted. */
  public static Scheduler single(String name) {
    // Schedulers.from would start RxJava's own threads, which nothing here uses.
    return RxJavaPlugins.createExecutorScheduler(
        Executors.newSingleThreadExecutor(named(name)), false, false);
  }

  private static ThreadFactory named(String name) {
    return task -> daemon(name, task);
  }

  /** A thread that is not started yet. */
  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
