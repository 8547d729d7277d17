package io.duologger.collector.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.job.SimulatedKernel.Manners;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The sums over a tree, whatever its processes do between any two reads. */
class JobTreeSimulationTest {
  private static final int TICKS = 60;

  /** Of the first process, its own time and that of its children are told in whole ticks. */
  private static final long ROUNDING = 2 * Amounts.MICROS_PER_TICK;

  /** One life of a job. */
  private static final class Run {
    private final SimulatedKernel kernel;
    private final JobTree tree;
    private final long[] before = new long[Amounts.COUNT];
    private final int thoroughEach;
    private int reads;

    Run(long seed, Manners manners) throws IOException {
      kernel = new SimulatedKernel(seed, manners);
      boolean adopted = manners != Manners.UNADOPTED;
      Random random = new Random(seed);
      thoroughEach = 1 + random.nextInt(10);
      tree =
          new JobTree(
              kernel, adopted ? kernel : Orphans.NONE, SimulatedKernel.ROOT, 1 + random.nextInt(6));
      for (int i = 0; i < TICKS; i++) {
        read();
      }
      for (int i = 0; i < 300 && !kernel.closeDown(); i++) {
        read();
      }
      assertTrue(kernel.closeDown(), "all have ended");
      kernel.end();
      read();
      read();
      read();
    }

    /** Sums never decrease and never hold more than was used. */
    private void read() throws IOException {
      tree.read(reads % 4 == 0, reads % thoroughEach == 0);
      reads++;
      for (int i = 0; i < Amounts.COUNT; i++) {
        assertTrue(
            tree.accounts().total(i) >= before[i], "amount " + i + " goes back in read " + reads);
        assertTrue(
            tree.accounts().total(i) <= kernel.truth[i],
            "amount " + i + " is " + tree.accounts().total(i) + ", not " + kernel.truth[i]);
        before[i] = tree.accounts().total(i);
      }
    }

    private long missing(int amount) {
      return kernel.truth[amount] - tree.accounts().total(amount);
    }

    private static long rounding(int amount) {
      return amount == Amounts.USER || amount == Amounts.SYSTEM ? ROUNDING : 0;
    }
  }

  @Property(tries = 500)
  void nothingIsLostOrCountedTwiceWhereEverybodyWaits(@ForAll long seed) throws IOException {
    Run run = new Run(seed, Manners.WAITING);
    for (int i = 0; i < Amounts.COUNT; i++) {
      assertTrue(run.missing(i) <= Run.rounding(i), "amount " + i + " lacks " + run.missing(i));
    }
    assertEquals(1, run.tree.members().size());
  }

  @Property(tries = 500)
  void whatNobodyWaitsForIsKeptFromItsLastSample(@ForAll long seed) throws IOException {
    Run run = new Run(seed, Manners.FIRST_IGNORES);
    for (int i = 0; i < Amounts.COUNT; i++) {
      long excused = run.kernel.unwaitedUnsampled[i] + Run.rounding(i);
      assertTrue(run.missing(i) <= excused, "amount " + i + " lacks " + run.missing(i));
    }
  }

  @Property(tries = 500)
  void noMoreIsLostThanNobodyWaitedFor(@ForAll long seed) throws IOException {
    for (Manners manners : new Manners[] {Manners.MIXED, Manners.UNADOPTED}) {
      Run run = new Run(seed, manners);
      for (int i = 0; i < Amounts.COUNT; i++) {
        long excused = run.kernel.unwaited[i] + Run.rounding(i);
        assertTrue(run.missing(i) <= excused, "amount " + i + " lacks " + run.missing(i));
      }
    }
  }

  /** Otherwise the properties would say nothing. */
  @Example
  void theSimulationDoesWhatItIsFor() throws IOException {
    int inherited = 0;
    int ignored = 0;
    int reaped = 0;
    long missingOfIgnored = 0;
    long ignoredAmount = 0;
    for (int seed = 0; seed < 50; seed++) {
      Run waiting = new Run(seed, Manners.WAITING);
      inherited += waiting.kernel.inherited;
      reaped += waiting.kernel.reaped;
      Run ignoring = new Run(seed, Manners.MIXED);
      ignored += ignoring.kernel.ignored;
      missingOfIgnored += ignoring.missing(Amounts.READ_BYTES);
      ignoredAmount += ignoring.kernel.unwaited[Amounts.READ_BYTES];
    }
    assertTrue(inherited > 200 && reaped > 50 && ignored > 200, inherited + " " + reaped);
    assertTrue(
        missingOfIgnored < ignoredAmount / 2, missingOfIgnored + " missing of " + ignoredAmount);
  }

  /** But at their end and when somebody owes, so that nothing is lost. */
  @Example
  void theIoOfYoungProcessesIsReadSeldom() throws IOException {
    int stat = 0;
    int io = 0;
    for (int seed = 0; seed < 50; seed++) {
      SimulatedKernel kernel = new Run(seed, Manners.WAITING).kernel;
      stat += kernel.statOfYoung;
      io += kernel.ioOfYoung;
    }
    assertTrue(io < stat * 2 / 3, io + " beside " + stat);
  }

  @Example
  void aJobThatIsGoneIsAbsent() throws IOException {
    SimulatedKernel kernel = new SimulatedKernel(1, Manners.WAITING);
    JobTree tree = new JobTree(kernel, kernel, 9, 1);
    try {
      tree.read(true, true);
    } catch (SourceAbsentException absent) {
      assertEquals("no job: no process 9", absent.getMessage());
      return;
    }
    throw new AssertionError("process 9 does not exist");
  }
}
