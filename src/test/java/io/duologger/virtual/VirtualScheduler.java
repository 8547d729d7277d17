package io.duologger.virtual;

import io.reactivex.rxjava3.annotations.NonNull;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks at virtual instants, as a timer thread would: one at a time, in the order in which
 * they are due. Unlike RxJava's TestScheduler it can be late, and then everything that is overdue
 * sees the late time; and tasks that are due at the same instant, among which a real timer makes no
 * promise, may run in any order that a seed says. Tasks may be added by any thread.
 */
final class VirtualScheduler extends Scheduler {
  private final PriorityQueue<Task> queue = new PriorityQueue<>();
  private final Random ties;
  private long now;
  private long added;

  /** Tasks due at the same instant run in the order in which they were added. */
  VirtualScheduler() {
    this(null);
  }

  /**
   * @param ties decides among tasks due at the same instant; null for the order of adding
   */
  VirtualScheduler(Random ties) {
    this.ties = ties;
  }

  /** Lets time pass; every task runs at the instant it is due, or now if that has passed. */
  void advance(long nanos) {
    long target;
    synchronized (this) {
      target = now + nanos;
    }
    for (Task task = next(target); task != null; task = next(target)) {
      task.run.run();
    }
    synchronized (this) {
      now = Math.max(now, target);
    }
  }

  /** Lets time pass while no task runs. */
  synchronized void stall(long nanos) {
    now += nanos;
  }

  private synchronized Task next(long target) {
    while (!queue.isEmpty() && queue.peek().due <= target) {
      Task task = queue.remove();
      if (!task.disposed()) {
        now = Math.max(now, task.due);
        return task;
      }
    }
    return null;
  }

  private synchronized Task add(Runnable run, long delay, Disposable worker) {
    long tie = ties == null ? 0 : ties.nextLong();
    Task task = new Task(run, now + Math.max(0, delay), tie, added++, worker);
    queue.add(task);
    return task;
  }

  /** The virtual time, nanoseconds. */
  synchronized long nanos() {
    return now;
  }

  @Override
  public long now(@NonNull TimeUnit unit) {
    return unit.convert(nanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public @NonNull Worker createWorker() {
    return new VirtualWorker();
  }

  private static final class Task implements Comparable<Task>, Disposable {
    private final Runnable run;
    private final long due;
    private final long tie;
    private final long number;
    private final Disposable worker;
    private volatile boolean dropped;

    Task(Runnable run, long due, long tie, long number, Disposable worker) {
      this.run = run;
      this.due = due;
      this.tie = tie;
      this.number = number;
      this.worker = worker;
    }

    @Override
    public int compareTo(Task other) {
      int byDue = Long.compare(due, other.due);
      int byTie = byDue != 0 ? byDue : Long.compare(tie, other.tie);
      return byTie != 0 ? byTie : Long.compare(number, other.number);
    }

    boolean disposed() {
      return dropped || worker.isDisposed();
    }

    @Override
    public void dispose() {
      dropped = true;
    }

    @Override
    public boolean isDisposed() {
      return disposed();
    }
  }

  private final class VirtualWorker extends Worker {
    private final Disposable alive = Disposable.empty();

    @Override
    public @NonNull Disposable schedule(@NonNull Runnable run, long delay, @NonNull TimeUnit unit) {
      return alive.isDisposed() ? Disposable.disposed() : add(run, unit.toNanos(delay), alive);
    }

    @Override
    public long now(@NonNull TimeUnit unit) {
      return VirtualScheduler.this.now(unit);
    }

    @Override
    public void dispose() {
      alive.dispose();
    }

    @Override
    public boolean isDisposed() {
      return alive.isDisposed();
    }
  }
}
