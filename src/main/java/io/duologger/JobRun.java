package io.duologger;

import io.duologger.cli.ExitStatus;
import io.duologger.cli.JobPlan;
import io.duologger.collector.OwnSessions;
import io.duologger.collector.Program;
import io.duologger.config.OutputSpec;
import io.duologger.config.Target;
import io.duologger.model.JobEnd;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.BatchJob;
import io.duologger.runtime.Given;
import io.duologger.runtime.HostFiles;
import io.duologger.runtime.JobGroup;
import io.duologger.runtime.JobGroups;
import io.duologger.runtime.JobProcess;
import io.duologger.runtime.MemoryLimit;
import io.duologger.runtime.ProcessLimits;
import io.duologger.runtime.RawArguments;
import io.duologger.runtime.Signals;
import io.duologger.runtime.Terminal;
import io.duologger.runtime.Threads;
import io.duologger.runtime.TracePipe;
import io.duologger.runtime.Tracer;
import io.duologger.stream.Command;
import io.duologger.stream.Environment;
import io.duologger.topology.Assembler;
import io.duologger.topology.JobFacts;
import io.duologger.topology.JobRecord;
import io.duologger.topology.LiveLine;
import io.duologger.topology.Topology;
import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A job from its start to its end, and the record beside it. The job never suffers from what
 * happens to the record: it goes on, and its status is this process's.
 */
final class JobRun {
  /** Whoever signals a whole group has reached the job as well. */
  private static final Duration ALREADY_SIGNALLED = Duration.ofMillis(100);

  /** In which time the module that counts system calls should have begun. */
  private static final Duration HOLD = Duration.ofSeconds(10);

  /** How long systemd may take to make a scope. */
  private static final Duration SCOPE_LIMIT = Duration.ofSeconds(2);

  /** What a shell had started ends soon after it, and then the job's control group can go. */
  private static final Duration LAST_PROCESSES = Duration.ofMillis(200);

  private static final Duration LIVE_PERIOD = Duration.ofMillis(500);
  private static final OptionalInt INTERRUPTED = OptionalInt.of(JobProcess.number("INT"));
  private static final String SYSCALLS = "syscalls";

  private final JobPlan plan;
  private final Ending ending;
  private final HostFiles host = HostFiles.running();
  private final JobGroups groups = new JobGroups(host);
  private volatile Optional<String> why = Optional.empty();
  private volatile boolean killed;
  private Optional<TracePipe> pipe = Optional.empty();

  JobRun(JobPlan plan, Ending ending) {
    this.plan = plan;
    this.ending = ending;
  }

  /** Runs and records it; the exit status. */
  int run() {
    Environment environment = Main.environment();
    Optional<JobGroup> group = Optional.empty();
    CompletableFuture<JobProcess> started = new CompletableFuture<>();
    JobProcess job;
    long start;
    try {
      checkOutputs(plan.topology());
      Given given = Given.prepare();
      passSignals(environment, started);
      group = group();
      start = environment.clock().monotonicNanos();
      job = start(group, given);
    } catch (JobProcess.NotStartedException notStarted) {
      clean(group);
      return notStarted(notStarted.getMessage(), notStarted.status());
    } catch (IOException failed) {
      clean(group);
      return notStarted(failed.getMessage(), ExitStatus.NOT_STARTED);
    }
    started.complete(job);
    Optional<JobRecord> record = Optional.empty();
    try {
      record = Optional.of(follow(environment, job, group, start));
    } catch (RuntimeException unforeseen) {
      Main.fail(unforeseen);
    }
    return end(job, record, group);
  }

  /** Records the job to its end, or as far as that goes: the job goes on in any case. */
  private JobRecord follow(
      Environment environment, JobProcess job, Optional<JobGroup> group, long start) {
    Main.hurry(plan.topology().schedule());
    CompletableFuture<Long> exited =
        job.exited().thenApply(nothing -> environment.clock().monotonicNanos());
    Optional<JobGroup> known = group.isPresent() ? group : found(job.pid());
    JobRecord record =
        new JobRecord(
            facts(job.pid(), known),
            environment.clock(),
            new Adoption(host, job.pid()),
            new JobEnding(job, exited),
            () -> known.isPresent() ? known.get().peak() : OptionalLong.empty(),
            start);
    try {
      record(environment, record, job, exited, known);
    } catch (IOException | RuntimeException failed) {
      Main.fail(failed);
    }
    return record;
  }

  private int end(JobProcess job, Optional<JobRecord> record, Optional<JobGroup> group) {
    try {
      JobEnd end = job.end();
      if (killed) {
        // Who was killed may just have started another, and not all may have been reached yet.
        JobProcess.endAll(() -> others(job));
      }
      if (plan.summary() && record.isPresent()) {
        print(record.get());
      }
      clean(group);
      if (why.isEmpty() && end.signal().equals(INTERRUPTED)) {
        JobProcess.endByInterrupt();
      }
      return why.isPresent() && !killed ? ExitStatus.TIMED_OUT : end.status();
    } catch (IOException failed) {
      Main.fail(failed);
      return ExitStatus.NOT_STARTED;
    }
  }

  private static int notStarted(String reason, int status) {
    System.err.println("memrec: " + reason);
    return status;
  }

  /** That a record can't be begun is better known before the job has started. */
  private static void checkOutputs(Topology topology) throws IOException {
    for (OutputSpec output : topology.outputs()) {
      if (output.target() instanceof Target.ToFile file) {
        Path path = file.path().toAbsolutePath();
        Path folder = path.getParent();
        boolean writable =
            Files.exists(path)
                ? Files.isWritable(path) && !Files.isDirectory(path)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
          throw new IOException("cannot write " + file.path() + ", the record");
        }
      }
    }
  }

  private Optional<JobGroup> group() {
    return switch (plan.group()) {
      case AUTO, OWN -> groups.create("memrec-" + ProcessHandle.current().pid());
      default -> Optional.empty();
    };
  }

  /** The group of a job for which none was made. */
  private Optional<JobGroup> found(long pid) {
    return switch (plan.group()) {
      case AUTO, JOB -> groups.batchGroup();
      case SCOPE -> groups.of(pid, SCOPE_LIMIT);
      default -> Optional.empty();
    };
  }

  private JobProcess start(Optional<JobGroup> group, Given given)
      throws IOException, JobProcess.NotStartedException {
    List<byte[]> words = new ArrayList<>();
    if (plan.group() == JobPlan.Group.SCOPE) {
      List<String> scope = groups.scope(System.getenv());
      if (scope.isEmpty()) {
        throw new IOException("no scope: " + groups.why());
      }
      add(words, scope);
    } else if (plan.group() == JobPlan.Group.OWN && group.isEmpty()) {
      throw new IOException("no control group of its own: " + groups.why());
    }
    List<byte[]> command = RawArguments.of(plan.command());
    Optional<String> strace = strace();
    if (strace.isPresent() && JobProcess.isThere(command.get(0))) {
      pipe = Optional.of(TracePipe.make());
      add(words, Tracer.prefix(strace.get(), pipe.get().path()));
    }
    words.addAll(command);
    if (group.isEmpty()) {
      return JobProcess.start(words, given);
    }
    group.get().enter();
    try {
      return JobProcess.start(words, given);
    } finally {
      leave(group.get());
    }
  }

  /** If it can't, its memory counts as the job's; that is no reason to fail. */
  private static void leave(JobGroup group) {
    try {
      group.leave();
    } catch (IOException refused) {
      Main.log().warn("memrec stays in the job's control group: {}", refused.getMessage());
    }
  }

  /** The program that counts system calls, if that is wanted and it may. */
  private Optional<String> strace() {
    return plan.topology()
        .module(SYSCALLS)
        .map(spec -> spec.settings().option("strace"))
        .filter(name -> Program.find(name).isPresent() && Tracer.mayStart(host));
  }

  private static void add(List<byte[]> words, List<String> more) {
    more.forEach(word -> words.add(word.getBytes(StandardCharsets.UTF_8)));
  }

  private JobFacts facts(long pid, Optional<JobGroup> group) {
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("directory", Path.of("").toAbsolutePath().toString());
    infos.put("user", System.getProperty("user.name", ""));
    Optional<BatchJob> batch = BatchJob.of(System.getenv(), host);
    batch.ifPresent(job -> infos.put("batch_system", job.system()));
    batch.ifPresent(job -> infos.putAll(job.infos()));
    infos.put(
        "modules",
        plan.topology().schedule().modules().stream()
            .map(spec -> spec.name() + "=" + spec.every().toMillis() + "ms")
            .collect(Collectors.joining(",")));
    infos.put("version", plan.version());
    infos.put("java_version", System.getProperty("java.version", ""));
    infos.put("kernel", System.getProperty("os.version", ""));
    Optional<MemoryLimit> ulimit = ProcessLimits.memory(host);
    Optional<MemoryLimit> limit =
        MemoryLimit.smallest(
            List.of(group.flatMap(JobGroup::limit), batch.flatMap(BatchJob::memoryLimit), ulimit));
    return new JobFacts(
        plan.command(),
        pid,
        infos,
        limit.map(l -> new JobFacts.Limit(l.bytes(), l.source(), limit.equals(ulimit))),
        group.map(g -> new JobFacts.Group(g.name(), g.sharedWithRecorder())));
  }

  /**
   * @param exited when the job ended: noted before the last read is asked for, which is behind it
   */
  private void record(
      Environment environment,
      JobRecord record,
      JobProcess job,
      CompletableFuture<Long> exited,
      Optional<JobGroup> group)
      throws IOException {
    Topology topology = plan.topology().with("job", "pid", Long.toString(job.pid()));
    if (group.isPresent()) {
      topology = topology.with("job", "cgroup", group.get().folder().toString());
    }
    topology = topology.with(SYSCALLS, "pid", Long.toString(job.pid()));
    if (pipe.isPresent()) {
      topology = topology.with(SYSCALLS, "pipe", pipe.get().path().toString());
      pipe.get().holdFor(HOLD, environment.timer());
    }
    limit(environment, job);
    Runnable endOfLive = plan.live() ? live(environment, record) : () -> {};
    Flowable<Command> stop =
        Flowable.fromCompletionStage(exited.handle((when, failed) -> new Command.Stop()));
    try {
      ending.of(
          new Assembler(environment, HostRoot.running(), Threads::single, () -> {})
              .assemble(topology, record)
              .run(stop.concatWith(Flowable.never())));
    } finally {
      endOfLive.run();
    }
  }

  private void limit(Environment environment, JobProcess job) {
    if (plan.timeout().isEmpty()) {
      return;
    }
    Duration limit = plan.timeout().get();
    environment
        .timer()
        .scheduleDirect(
            () -> overdue(environment, job, limit), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void overdue(Environment environment, JobProcess job, Duration limit) {
    if (job.exited().isDone()) {
      return;
    }
    why = Optional.of("timed out after " + limit.toMillis() / 1000.0 + " s");
    environment.reads().execute(() -> signal(job, "TERM"));
    environment
        .timer()
        .scheduleDirect(
            () -> {
              if (!job.exited().isDone()) {
                killed = true;
                environment.reads().execute(() -> signal(job, "KILL"));
              }
            },
            plan.killAfter().toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** To all processes of the job that are known by their parents. */
  private static void signal(JobProcess job, String name) {
    List<Long> others = others(job);
    job.signal(name);
    others.forEach(pid -> JobProcess.send(pid, JobProcess.number(name)));
  }

  private static List<Long> others(JobProcess job) {
    try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
      return all.map(ProcessHandle::pid)
          .filter(pid -> pid != job.pid() && !OwnSessions.contains(pid, Program.sessionOf(pid)))
          .toList();
    }
  }

  /** From now on, as one that comes before the job has started would end this process alone. */
  private static void passSignals(Environment environment, CompletableFuture<JobProcess> started) {
    Signals.of("TERM", "HUP")
        .delay(ALREADY_SIGNALLED.toMillis(), TimeUnit.MILLISECONDS, environment.timer())
        .mergeWith(Signals.of("USR1", "CONT", "WINCH"))
        .subscribe(name -> started.thenAccept(job -> job.signal(name)));
  }

  /** Begins to tell how the job is; what is returned ends it. */
  private static Runnable live(Environment environment, JobRecord record) {
    Optional<Terminal> terminal = Terminal.ofErrors();
    if (terminal.isEmpty()) {
      return () -> {};
    }
    LiveLine line = new LiveLine();
    var shown =
        Flowable.interval(LIVE_PERIOD.toMillis(), TimeUnit.MILLISECONDS, Threads.single("live"))
            .onBackpressureDrop()
            .subscribe(
                tick ->
                    terminal
                        .get()
                        .show(
                            line.text(
                                record.tally(),
                                environment.clock().monotonicNanos() - record.started())));
    return () -> {
      shown.dispose();
      terminal.get().clear();
    };
  }

  private void print(JobRecord record) {
    try {
      StringBuilder text = new StringBuilder();
      for (String line : record.text()) {
        text.append("memrec: ").append(Terminal.printable(line)).append('\n');
      }
      for (OutputSpec output : plan.topology().outputs()) {
        if (output.target() instanceof Target.ToFile file) {
          text.append("memrec:   record                 ")
              .append(Terminal.printable(file.path().toString()))
              .append('\n');
        }
      }
      System.err.print(text);
      System.err.flush();
    } catch (IOException failed) {
      Main.fail(failed);
    }
  }

  /** Takes away what was made for the job. */
  private void clean(Optional<JobGroup> group) {
    pipe.ifPresent(TracePipe::remove);
    try {
      if (group.isPresent()) {
        group.get().removeWithin(LAST_PROCESSES);
      }
    } catch (IOException inUse) {
      Main.log().info("control group: {}", inUse.getMessage());
    }
  }

  /** How the job ends, for its record. */
  private final class JobEnding implements JobRecord.Ending {
    private final JobProcess job;
    private final CompletableFuture<Long> exited;

    JobEnding(JobProcess job, CompletableFuture<Long> exited) {
      this.job = job;
      this.exited = exited;
    }

    @Override
    public JobEnd await() throws IOException {
      return job.end();
    }

    @Override
    public long nanos() {
      return exited.join();
    }

    @Override
    public Optional<String> why() {
      return why;
    }
  }
}
