package io.duologger;

import io.duologger.cli.Cli;
import io.duologger.cli.ExitStatus;
import io.duologger.cli.Runner;
import io.duologger.config.ConfigException;
import io.duologger.model.Closing;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.InputLines;
import io.duologger.runtime.PidFile;
import io.duologger.runtime.Signals;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import io.duologger.stream.Command;
import io.duologger.stream.Environment;
import io.duologger.stream.Requests;
import io.duologger.topology.Assembler;
import io.duologger.topology.Survey;
import io.duologger.topology.Topology;
import io.duologger.window.PercentileMemoryException;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process: puts the parts together, waits for the run to end, and is the only place that ends
 * the process.
 */
public final class Main {
  private Main() {}

  /** Made when there is something to say. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger("duologger");
  }

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    int status = run(args);
    Optional.ofNullable(System.getProperty("duologger.pidfile"))
        .ifPresent(file -> PidFile.release(Path.of(file)));
    System.exit(status);
  }

  private static int run(String[] args) {
    RxJavaPlugins.setErrorHandler(e -> Log.LOG.error("failure after the end of the stream", e));
    Path home = Path.of(System.getProperty("duologger.home", "."));
    String version = Main.class.getPackage().getImplementationVersion();
    try {
      return new Cli(
              home,
              version == null ? "unpackaged" : version,
              new Running(),
              System.getenv(),
              System.out,
              System.err)
          .run(args);
    } catch (RuntimeException unforeseen) {
      Log.LOG.error("unforeseen failure", unforeseen);
      return ExitStatus.FAILURE;
    }
  }

  /** Does with topologies what there is to do. */
  private static final class Running implements Runner {
    @Override
    public int run(Topology topology, Reread reread) {
      return record(topology, reread);
    }

    @Override
    public int complexes(Topology topology) {
      try {
        System.out.print(Survey.complexes(topology, HostRoot.running()));
        return ExitStatus.OK;
      } catch (IOException failed) {
        return fail(failed);
      }
    }
  }

  private static int record(Topology topology, Runner.Reread reread) {
    Environment environment =
        new Environment(
            new SystemClock(), Threads.timer(), Threads.reads(), Threads.single("report"));
    try {
      Requests requests = new Requests();
      Flowable<Command> commands = commands(reread);
      if (topology.closing() == Closing.ON_REQUEST) {
        InputStream in = new FileInputStream(FileDescriptor.in);
        Flowable<String> lines = InputLines.of(in, Threads.single("requests"));
        commands = commands.mergeWith(requests.commands(lines));
      }
      new Assembler(environment, HostRoot.running(), Threads::single, requests::answered)
          .assemble(topology)
          .run(commands)
          .blockingAwait();
      return ExitStatus.OK;
    } catch (IOException failed) {
      return fail(failed);
    } catch (RuntimeException failed) {
      if (failed instanceof PercentileMemoryException) {
        Log.LOG.error(failed.getMessage());
        return ExitStatus.USAGE;
      }
      return fail(failed.getCause() instanceof IOException cause ? cause : failed);
    }
  }

  private static int fail(Exception failed) {
    if (failed instanceof IOException) {
      Log.LOG.error(failed.getMessage());
    } else {
      Log.LOG.error("the run failed", failed);
    }
    return ExitStatus.FAILURE;
  }

  private static Flowable<Command> commands(Runner.Reread reread) {
    return Signals.of("TERM", "INT", "HUP", "USR1")
        .concatMapMaybe(
            signal ->
                switch (signal) {
                  case "HUP" -> reload(reread);
                  case "USR1" -> Maybe.just(new Command.Close());
                  default -> Maybe.just(new Command.Stop());
                });
  }

  private static Maybe<Command> reload(Runner.Reread reread) {
    try {
      return Maybe.just(new Command.Reload(reread.topology().schedule()));
    } catch (ConfigException bad) {
      bad.problems().forEach(problem -> Log.LOG.error("not reloaded: {}", problem));
      return Maybe.empty();
    }
  }
}
