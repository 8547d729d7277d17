package io.duologger;

import io.duologger.cli.Cli;
import io.duologger.cli.ExitStatus;
import io.duologger.cli.JobPlan;
import io.duologger.cli.Runner;
import io.duologger.collector.Surroundings;
import io.duologger.config.ConfigException;
import io.duologger.model.Closing;
import io.duologger.model.ModuleSpec;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.InputLines;
import io.duologger.runtime.LogFile;
import io.duologger.runtime.LogbackSetup;
import io.duologger.runtime.PidFile;
import io.duologger.runtime.Signals;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import io.duologger.runtime.TimeSlice;
import io.duologger.runtime.Timekeeper;
import io.duologger.stream.Command;
import io.duologger.stream.Environment;
import io.duologger.stream.Requests;
import io.duologger.stream.Schedule;
import io.duologger.topology.Assembler;
import io.duologger.topology.Survey;
import io.duologger.topology.Topology;
import io.duologger.window.PercentileMemoryException;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process: puts the parts together, waits for the run to end, and is the only place that ends
 * the process.
 */
public final class Main {
  /** Where reads are due so often there is no room for wakes that only wait. */
  private static final Duration HIGH_RATE = Duration.ofMillis(50);

  private Main() {}

  /** Made when there is something to say. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger("duologger");
  }

  /** Where the process tells of itself; made with the first call. */
  static Logger log() {
    return Log.LOG;
  }

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    int status = run(args);
    String pidFile = System.getProperty("duologger.pidfile");
    if (pidFile != null) {
      PidFile.release(Path.of(pidFile));
    }
    if (status != ExitStatus.OK || hasOtherThreads()) {
      System.exit(status);
    }
  }

  /**
   * Whether the JVM would wait for a thread if main returned. If not, that is the faster end: exit
   * looks for a logger first, for which it opens every jar.
   */
  private static boolean hasOtherThreads() {
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent();
    }
    Thread[] threads = new Thread[2 * all.activeCount() + 16];
    int count = all.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (!threads[i].isDaemon() && threads[i] != Thread.currentThread()) {
        return true;
      }
    }
    return count == threads.length;
  }

  /** Does what the arguments say, and returns the exit status. */
  static int run(String[] args) {
    // Standard output is for reports and answers. Whatever else is printed there is a diagnostic,
    // be it by a library or by a user's logback.xml.
    PrintStream answers = System.out;
    System.setOut(System.err);
    Ending ending = new Ending();
    RxJavaPlugins.setErrorHandler(ending);
    Thread.setDefaultUncaughtExceptionHandler(ending);
    Path home = Path.of(System.getProperty("duologger.home", "."));
    String version = Main.class.getPackage().getImplementationVersion();
    try {
      return new Cli(
              home,
              version == null ? "unpackaged" : version,
              new Running(answers, ending),
              System.getenv(),
              answers,
              System.err)
          .run(args);
    } catch (RuntimeException | Error unforeseen) {
      Log.LOG.error("unforeseen failure", unforeseen);
      return ExitStatus.FAILURE;
    }
  }

  /** Does with topologies what there is to do. */
  private static final class Running implements Runner {
    private final PrintStream answers;
    private final Ending ending;

    Running(PrintStream answers, Ending ending) {
      this.answers = answers;
      this.ending = ending;
    }

    @Override
    public int run(Topology topology, Reread reread) {
      return Main.record(topology, reread, ending);
    }

    @Override
    public int record(JobPlan job) {
      return new JobRun(job, ending).run();
    }

    @Override
    public void warn(String warning) {
      Log.LOG.warn(warning);
    }

    @Override
    public int complexes(Topology topology) {
      try {
        answers.print(
            Survey.complexes(
                topology,
                new Surroundings(HostRoot.running(), new SystemClock(), Threads.reads())));
        return ExitStatus.OK;
      } catch (IOException failed) {
        return fail(failed);
      }
    }
  }

  /** Time and threads of a run. */
  static Environment environment() {
    // Libraries may log while another thread sets the log up: it comes later, and needs no word.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    if (LogFile.find().isPresent()) {
      // Read now, so that what is wrong with it is said at the start.
      LoggerFactory.getILoggerFactory();
    }
    Timekeeper timekeeper = Timekeeper.start();
    return new Environment(
        new SystemClock(),
        timekeeper.timer(),
        Threads.reads(),
        timekeeper::read,
        Threads.single("report"));
  }

  /** Sees to it that reads at a high rate are not late on busy processors. */
  static void hurry(Schedule schedule) {
    for (ModuleSpec module : schedule.modules()) {
      boolean again = module.every().compareTo(schedule.heartbeat()) < 0;
      if (again && module.every().compareTo(HIGH_RATE) <= 0) {
        TimeSlice.shorten(Main::explain);
        return;
      }
    }
  }

  private static void explain(String detail) {
    if (System.getProperty(LogbackSetup.LEVEL) != null) {
      Log.LOG.debug(detail);
    }
  }

  private static int record(Topology topology, Runner.Reread reread, Ending ending) {
    Environment environment = environment();
    hurry(topology.schedule());
    try {
      Requests requests = new Requests();
      Flowable<Command> commands = commands(reread);
      if (topology.closing() == Closing.ON_REQUEST) {
        InputStream in = new FileInputStream(FileDescriptor.in);
        Flowable<String> lines = InputLines.of(in, Threads.single("requests"));
        commands = commands.mergeWith(requests.commands(lines));
      }
      return ending.of(
          new Assembler(environment, HostRoot.running(), Threads::single, requests::answered)
              .assemble(topology)
              .run(commands));
    } catch (IOException | RuntimeException failed) {
      return fail(failed);
    }
  }

  /** Says why the run failed; the exit status for it. */
  static int fail(Throwable failed) {
    if (failed instanceof IOException) {
      Log.LOG.error(failed.getMessage());
    } else if (failed instanceof PercentileMemoryException) {
      Log.LOG.error(failed.getMessage());
      return ExitStatus.USAGE;
    } else {
      Log.LOG.error("the run failed", failed);
    }
    return ExitStatus.FAILURE;
  }

  private static Flowable<Command> commands(Runner.Reread reread) {
    return Signals.of("TERM", "INT", "HUP", "USR1")
        .concatMapIterable(
            signal ->
                switch (signal) {
                  case "HUP" -> reload(reread);
                  case "USR1" -> List.of(new Command.Close());
                  default -> List.of(new Command.Stop());
                });
  }

  private static List<Command> reload(Runner.Reread reread) {
    try {
      Schedule schedule = reread.topology().schedule();
      hurry(schedule);
      return List.of(new Command.Reload(schedule));
    } catch (ConfigException bad) {
      bad.problems().forEach(problem -> Log.LOG.error("not reloaded: {}", problem));
      return List.of();
    }
  }
}
