package io.duologger.sink;

import static io.duologger.sink.SpoolFixture.AGE;
import static io.duologger.sink.SpoolFixture.drain;
import static io.duologger.sink.SpoolFixture.files;
import static io.duologger.sink.SpoolFixture.onDisk;
import static io.duologger.sink.SpoolFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.sink.SpoolFixture.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever is done with a spool, it does what a plain queue would do. */
class SpoolPropertyTest {
  private static final long ROOMY = 1 << 16;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private Path directory;

  /** What may be done; {@code size} says how much of it. */
  private record Step(Act act, int size) {}

  private enum Act {
    APPEND,
    TAKE,
    DELIVER,
    OPEN_ANEW,
    CLOCK_FORTH,
    CLOCK_BACK
  }

  /** The same without a disk. */
  private static final class Model {
    private record Waiting(int number, long wall) {}

    private final Deque<Waiting> queue = new ArrayDeque<>();
    private Optional<Waiting> given = Optional.empty();
    private long dropped;

    Optional<Integer> oldest(long now) {
      while (!queue.isEmpty() && now - queue.peek().wall() > AGE.toNanos()) {
        queue.remove();
        dropped++;
      }
      given = Optional.ofNullable(queue.peek());
      return given.map(Waiting::number);
    }

    void delivered() {
      given.ifPresent(queue::remove);
      given = Optional.empty();
    }

    void openAnew() {
      given = Optional.empty();
      dropped = 0;
    }
  }

  @BeforeProperty
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("spool");
  }

  @AfterProperty
  void removeDirectory() throws IOException {
    SpoolFixture.remove(directory.resolve("spool"));
    Files.delete(directory);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Act> acts =
        Arbitraries.frequency(
            Tuple.of(6, Act.APPEND),
            Tuple.of(2, Act.TAKE),
            Tuple.of(4, Act.DELIVER),
            Tuple.of(1, Act.OPEN_ANEW),
            Tuple.of(1, Act.CLOCK_FORTH),
            Tuple.of(1, Act.CLOCK_BACK));
    return Combinators.combine(acts, Arbitraries.integers().between(0, 1500))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 300)
  void itIsAQueue(@ForAll("steps") List<Step> steps) throws IOException {
    Path folder = fresh();
    WallClock clock = new WallClock();
    Model model = new Model();
    Spool spool = Spool.open(folder, ROOMY, AGE, clock);
    try {
      int number = 0;
      for (Step step : steps) {
        switch (step.act()) {
          case APPEND -> {
            spool.append(report(number, step.size() / 2, clock.now));
            model.queue.add(new Model.Waiting(number, clock.now));
            number++;
          }
          case TAKE -> assertEquals(model.oldest(clock.now), taken(spool));
          case DELIVER -> {
            if (step.size() % 4 > 0) {
              assertEquals(model.oldest(clock.now), taken(spool));
            }
            model.delivered();
            spool.delivered();
          }
          case OPEN_ANEW -> {
            spool.close();
            spool = Spool.open(folder, ROOMY, AGE, clock);
            model.openAnew();
          }
          case CLOCK_FORTH -> clock.now += step.size() / 30 * MINUTE;
          case CLOCK_BACK -> clock.now -= step.size() / 30 * MINUTE;
        }
        assertEquals(
            new SpoolCounts(model.queue.size(), onDisk(folder), model.dropped, 0), spool.counts());
      }
    } finally {
      spool.close();
    }
  }

  @Property(tries = 200)
  void fullOneForgetsTheOldestAndNeverExceedsItsSize(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 40_000) int maxBytes)
      throws IOException {
    Path folder = fresh();
    WallClock clock = new WallClock();
    List<Integer> delivered = new ArrayList<>();
    Spool spool = Spool.open(folder, maxBytes, AGE, clock);
    try {
      int appended = 0;
      int forgotten = 0;
      long before = 0;
      for (int i = 0; i < 2 * steps.size(); i++) {
        Step step = steps.get(i % steps.size());
        switch (step.act()) {
          case APPEND, CLOCK_FORTH, CLOCK_BACK -> {
            try {
              spool.append(report(appended, 2 * step.size()));
              appended++;
            } catch (ReportTooLargeException e) {
              assertTrue(SpoolFixture.LEAST + 2 * step.size() + 8 > maxBytes);
            }
          }
          case TAKE -> spool.oldest();
          case DELIVER -> {
            Optional<Integer> taken = taken(spool);
            spool.delivered();
            taken.ifPresent(delivered::add);
          }
          case OPEN_ANEW -> {
            spool.close();
            spool = Spool.open(folder, maxBytes, AGE, clock);
            before = forgotten;
          }
        }
        assertTrue(onDisk(folder) <= maxBytes);
        assertEquals(onDisk(folder), spool.counts().bytes());
        forgotten = (int) (before + spool.counts().dropped());
        assertEquals(appended, delivered.size() + forgotten + spool.counts().reports());
        assertEquals(0, spool.counts().corrupt());
      }
      int left = (int) spool.counts().reports();
      List<Integer> last = drain(spool);
      assertEquals(left, last.size());
      assertTrue(left == 0 || last.get(0) == appended - left);
      delivered.addAll(last);
      assertRising(delivered);
    } finally {
      spool.close();
    }
  }

  @Property(tries = 200)
  void damageCostsNoMoreThanWhatItHits(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 5) int hits, @ForAll Random random)
      throws IOException {
    Path folder = fresh();
    int appended = 0;
    int delivered = 0;
    try (Spool spool = Spool.open(folder, ROOMY, AGE, new WallClock())) {
      for (Step step : steps) {
        if (step.act() == Act.APPEND) {
          spool.append(report(appended++, step.size() / 2));
        } else if (step.act() == Act.DELIVER && spool.oldest().isPresent()) {
          spool.delivered();
          delivered++;
        }
      }
    }
    List<Path> files = files(folder);
    int damages = files.isEmpty() ? 0 : hits;
    for (int i = 0; i < damages; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, bytes);
    }
    try (Spool spool = Spool.open(folder, ROOMY, AGE, new WallClock())) {
      assertTrue(spool.counts().corrupt() <= damages);
      spool.append(report(appended, 10));
      List<Integer> found = drain(spool);
      assertRising(found);
      assertEquals(appended, found.get(found.size() - 1));
      int first = delivered;
      long again = found.stream().filter(number -> number < first).count();
      long lost = appended + 1 - delivered - (found.size() - again);
      assertTrue(again + lost <= damages, again + " again, " + lost + " lost of " + found);
    }
  }

  private Path fresh() throws IOException {
    Path folder = directory.resolve("spool");
    SpoolFixture.remove(folder);
    return folder;
  }

  private static Optional<Integer> taken(Spool spool) throws IOException {
    return spool.oldest().map(SpoolFixture::number);
  }

  private static void assertRising(List<Integer> numbers) {
    assertEquals(numbers.stream().distinct().sorted().toList(), numbers);
  }
}
