package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimekeeperTest {
  private final Timekeeper timekeeper = Timekeeper.start();
  private final Scheduler timer = timekeeper.timer();
  private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
  private final CountDownLatch hang = new CountDownLatch(1);

  private final AtomicInteger slow = new AtomicInteger();

  private void note() {
    ran.add(Thread.currentThread());
  }

  private void hang() {
    note();
    try {
      hang.await();
    } catch (InterruptedException e) {
      throw new AssertionError("a read is never interrupted", e);
    }
    note();
  }

  @Test
  void tasksRunInTheOrderInWhichTheyAreDue() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    timer.scheduleDirect(
        () -> {
          timer.scheduleDirect(() -> order.add("third"), 200, TimeUnit.MILLISECONDS);
          timer.scheduleDirect(() -> order.add("second"), 100, TimeUnit.MILLISECONDS);
          timer.scheduleDirect(() -> order.add("first"));
          timer.scheduleDirect(done::countDown, 300, TimeUnit.MILLISECONDS);
        });
    done.await();
    assertEquals(List.of("first", "second", "third"), order);
  }

  @Test
  void tasksThatAreDueTogetherRunInTheOrderOfTheirArrival() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    timer.scheduleDirect(
        () -> {
          for (int i = 0; i < 100; i++) {
            int number = i;
            timer.scheduleDirect(() -> order.add(number));
          }
          timer.scheduleDirect(done::countDown);
        });
    done.await();
    assertEquals(java.util.stream.IntStream.range(0, 100).boxed().toList(), order);
  }

  @Test
  void anEarlierTaskWakesTheTimer() throws Exception {
    timer.scheduleDirect(this::note, 1, TimeUnit.HOURS);
    timer.scheduleDirect(this::note, 1, TimeUnit.MILLISECONDS);
    ran.take();
    assertTrue(ran.isEmpty());
  }

  @Test
  void whatIsCancelledDoesNotRun() throws Exception {
    Disposable cancelled = timer.scheduleDirect(this::note, 20, TimeUnit.MILLISECONDS);
    Scheduler.Worker worker = timer.createWorker();
    worker.schedule(this::note, 20, TimeUnit.MILLISECONDS);
    cancelled.dispose();
    worker.dispose();
    assertTrue(cancelled.isDisposed());
    assertTrue(worker.isDisposed());
    assertTrue(worker.schedule(this::note).isDisposed());
    CountDownLatch later = new CountDownLatch(1);
    timer.scheduleDirect(later::countDown, 40, TimeUnit.MILLISECONDS);
    later.await();
    assertTrue(ran.isEmpty());
  }

  @Test
  void aQuickReadRunsOnTheTimersThreadBehindWhatItDoes() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    timer.scheduleDirect(
        () -> {
          timekeeper.read(
              () -> {
                order.add("read");
                note();
              },
              slow::incrementAndGet);
          order.add("tick");
          note();
        });
    assertEquals(ran.take(), ran.take());
    assertEquals(List.of("tick", "read"), order);
    assertEquals(0, slow.get());
  }

  @Test
  void aReadFromElsewhereWakesTheTimer() throws Exception {
    timekeeper.read(this::note, slow::incrementAndGet);
    ran.take();
  }

  @Test
  void aReadThatHangsDoesNotStopTheTimer() throws Exception {
    timekeeper.read(this::hang, slow::incrementAndGet);
    Thread hung = ran.take();
    timer.scheduleDirect(this::note);
    timekeeper.read(this::note, slow::incrementAndGet);
    Thread other = ran.take();
    assertNotEquals(hung, other);
    assertEquals(other, ran.take());
    assertEquals(1, slow.get());
    hang.countDown();
    assertEquals(hung, ran.take());
    hung.join();
    timer.scheduleDirect(this::note);
    assertEquals(other, ran.take());
  }

  @Test
  void oneReadAfterTheOtherMayHang() throws Exception {
    for (int i = 0; i < 5; i++) {
      timekeeper.read(this::hang, slow::incrementAndGet);
    }
    for (int i = 0; i < 5; i++) {
      ran.take();
    }
    timer.scheduleDirect(this::note);
    assertFalse(ran.take().isInterrupted());
    hang.countDown();
  }

  @Test
  void aTaskThatFailsIsTold() throws Exception {
    BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    RxJavaPlugins.setErrorHandler(told::add);
    try {
      timer.scheduleDirect(
          () -> {
            throw new IllegalStateException("no");
          });
      Throwable failed = told.take();
      assertEquals(
          "no", failed.getCause() == null ? failed.getMessage() : failed.getCause().getMessage());
      timer.scheduleDirect(this::note);
      ran.take();
    } finally {
      RxJavaPlugins.setErrorHandler(null);
    }
  }
}
