package io.duologger.runtime;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what is due when it is due, and the reads that should be quick, all on one thread: a tick
 * costs one wake-up, and its read begins right behind it. A second thread watches. It takes over
 * when a read takes longer than {@link #PATIENCE_NANOS}; that read goes on where it is, and its
 * thread ends with it. So what is due together with a read that hangs is late by that much, once.
 * Where others keep the processors busy, the first thread wakes early, see {@link EarlyWakes}.
 *
 * <p>The watcher wakes that long after each time the first thread had something to do, at most 20
 * times a second.
 */
public final class Timekeeper {
  /** What the names of its threads begin with. */
  static final String THREADS = "timer-";

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long there is nothing to do if nothing is known to be due. */
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long NOT_READING = Long.MIN_VALUE;

  private final Scheduler timer = new Timer();
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final Queue<Read> reads = new ArrayDeque<>();
  private long sequence;

  /** When the keeper wakes by itself; written by the keeper under the lock. */
  private volatile long wakesAt = System.nanoTime();

  /** When the watcher wakes by itself; written by the watcher. */
  private volatile long watchesAt = wakesAt;

  private volatile Keeper keeper;
  private volatile Keeper watcher;
  private int threads;

  private Timekeeper() {
    keeper = new Keeper();
    watcher = new Keeper();
  }

  /** A timekeeper at work. */
  public static Timekeeper start() {
    Timekeeper started = new Timekeeper();
    started.keeper.thread.start();
    started.watcher.thread.start();
    return started;
  }

  /** Runs everything on one thread at a time; nothing it runs may block, but for reads. */
  public Scheduler timer() {
    return timer;
  }

  /** A read that waits for its turn. */
  private record Read(Runnable read, Runnable slow) {}

  /**
   * Runs a read behind those that wait, as soon as what the timer does at the moment is done. One
   * that may take long delays others: it belongs elsewhere.
   *
   * @param slow is run by the thread that takes over, if that happens in the read
   */
  public void read(Runnable read, Runnable slow) {
    synchronized (this) {
      reads.add(new Read(read, slow));
    }
    wakeKeeper();
  }

  private void wakeKeeper() {
    Thread thread = keeper.thread;
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }

  private void add(Task task) {
    boolean first;
    synchronized (this) {
      task.number = sequence++;
      tasks.add(task);
      first = tasks.peek() == task;
    }
    if (first) {
      wakeKeeper();
    }
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  private synchronized void removeAllOf(Scheduler.Worker worker) {
    tasks.removeIf(task -> task.worker == worker);
  }

  private synchronized Read nextRead() {
    return reads.poll();
  }

  /** What is due now; null if nothing is, and {@link #wakesAt} says for how long. */
  private synchronized Task nextTask() {
    Task first = tasks.peek();
    long now = System.nanoTime();
    if (first != null && first.due - now <= 0) {
      return tasks.poll();
    }
    wakesAt = first == null ? now + IDLE_NANOS : first.due;
    return null;
  }

  private synchronized boolean takeOver(Keeper from, long since, Keeper to) {
    if (keeper != from || from.readsSince != since) {
      return false;
    }
    keeper = to;
    watcher = new Keeper();
    watcher.thread.start();
    return true;
  }

  /** A thread that keeps time, or watches until it has to. */
  private final class Keeper implements Runnable {
    private final Thread thread = Threads.daemon(THREADS + ++threads, this);

    private final EarlyWakes early = new EarlyWakes();

    /** When the read under way began; {@link #NOT_READING} if none is. */
    private volatile long readsSince = NOT_READING;

    /** Of the read under way. */
    private volatile Runnable slow;

    @Override
    public void run() {
      while (keeper != this) {
        watch();
      }
      while (keeper == this) {
        keep();
      }
    }

    private void keep() {
      Read read = nextRead();
      if (read != null) {
        run(read);
        return;
      }
      Task task = nextTask();
      if (task != null) {
        task.run();
      } else {
        await(wakesAt);
      }
    }

    private void await(long due) {
      long now = System.nanoTime();
      long at = early.next(now, due);
      LockSupport.parkNanos(Timekeeper.this, at - now);
      early.woken(at, System.nanoTime());
    }

    private void run(Read read) {
      long now = System.nanoTime();
      slow = read.slow();
      readsSince = now;
      if (watchesAt - now > 2 * PATIENCE_NANOS) {
        LockSupport.unpark(watcher.thread);
      }
      read.read().run();
      readsSince = NOT_READING;
      early.took(System.nanoTime() - now);
    }

    private void watch() {
      Keeper watched = keeper;
      long since = watched.readsSince;
      long now = System.nanoTime();
      if (since != NOT_READING && now - since >= PATIENCE_NANOS) {
        if (takeOver(watched, since, this)) {
          watched.slow.run();
        }
        return;
      }
      long busy = since != NOT_READING ? since : now + Math.max(0, wakesAt - now);
      watchesAt = busy + PATIENCE_NANOS;
      // A read that began since then has seen where it looked before, or is seen here.
      if (watched.readsSince == since) {
        LockSupport.parkNanos(Timekeeper.this, watchesAt - now);
      }
    }
  }

  /** Something to do at a time. */
  private final class Task implements Comparable<Task>, Disposable {
    private final Runnable what;
    private final long due;
    private final Worker worker;
    private long number;
    private volatile boolean disposed;

    Task(Runnable what, long delay, TimeUnit unit, Worker worker) {
      this.what = RxJavaPlugins.onSchedule(what);
      this.due = System.nanoTime() + Math.max(0, unit.toNanos(delay));
      this.worker = worker;
    }

    @Override
    public int compareTo(Task other) {
      long earlier = due - other.due;
      return earlier == 0 ? Long.compare(number, other.number) : Long.signum(earlier);
    }

    void run() {
      if (isDisposed()) {
        return;
      }
      disposed = true;
      try {
        what.run();
      } catch (Throwable failed) {
        RxJavaPlugins.onError(failed);
      }
    }

    @Override
    public void dispose() {
      if (!disposed) {
        disposed = true;
        remove(this);
      }
    }

    @Override
    public boolean isDisposed() {
      return disposed || worker != null && worker.isDisposed();
    }
  }

  private final class Timer extends Scheduler {
    @Override
    public Worker createWorker() {
      return new Timekeeper.Worker();
    }

    @Override
    public Disposable scheduleDirect(Runnable run, long delay, TimeUnit unit) {
      Task task = new Task(run, delay, unit, null);
      add(task);
      return task;
    }
  }

  /** Tasks that are cancelled together. */
  private final class Worker extends Scheduler.Worker {
    private volatile boolean disposed;

    @Override
    public Disposable schedule(Runnable run, long delay, TimeUnit unit) {
      Task task = new Task(run, delay, unit, this);
      if (disposed) {
        return Disposable.disposed();
      }
      add(task);
      return task;
    }

    @Override
    public void dispose() {
      disposed = true;
      removeAllOf(this);
    }

    @Override
    public boolean isDisposed() {
      return disposed;
    }
  }
}
