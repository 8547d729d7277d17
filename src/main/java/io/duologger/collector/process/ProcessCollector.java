package io.duologger.collector.process;

import io.duologger.collector.Collector;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.PageSize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Measures what processes use, by command and by user: those that use most, and those that are
 * watched.
 *
 * <ul>
 *   <li>Source: {@code /proc/PID/stat} of all; {@code status}, {@code cmdline} and {@code io} of
 *       those of which something new is to be known
 *   <li>Unit: seconds per second (so many processors), bytes, processes
 *   <li>Kind: gauges and counters
 *   <li>Since kernel: 2.6.27 (2.6.20 has no io)
 *   <li>Root needed: for the I/O of other users' processes; with {@code hidepid} to see them at all
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The processes of a command are one instance, since a single one seldom lasts for a window, and
 * what they have used adds up over those that have ended, so that it is a counter. All groups are
 * counted in each read; told of are those that use most ({@link Ranking}) and those of {@code
 * watch}. A group's rates begin with the read after the one in which it came up.
 *
 * <p>What a process uses after the last read that saw it, and all of one that no read saw, is not
 * in its command's time. The kernel adds it to the parent that waits for it: that is where it is
 * told of, as the time of children, less what was seen already ({@link Inherited}). Of I/O the
 * kernel does not keep that apart: it counts as the parent's. What nobody waits for is lost.
 */
public final class ProcessCollector implements Collector {
  private static final String TOP = "top";
  private static final String BY = "by";
  private static final String WATCH = "watch";
  private static final String SKIP_USERS = "skip-users";
  private static final String IO = "io";
  private static final String HOLD = "hold";
  private static final String OPEN_FILES = "open-files";
  private static final String COMMAND = "command";
  private static final String USER = "user";
  private static final String BOTH = "both";

  private static final Metric RUNNING =
      Metric.gauge(
          "running_processes",
          Unit.COUNT,
          "Processes whose first thread runs or could run (state R).");
  private static final Metric ZOMBIES =
      Metric.gauge(
          "zombie_processes",
          Unit.COUNT,
          "Processes that have ended and not been waited for (state Z).");
  private static final Metric STOPPED =
      Metric.gauge(
          "stopped_processes", Unit.COUNT, "Processes that are stopped or traced (states T, t).");
  private static final Metric IO_OF =
      Metric.info("io", "Whose I/O can be told, and what is needed for more.");

  private static final String ALL_TOLD = "of all processes";
  private static final String NONE_TOLD = "this kernel does not count it";
  private static final String SOME_TOLD =
      "not of all processes: that needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as root has";

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "process",
          "processes: top commands and users by processor time, memory and I/O, counts, states",
          Optional.of(COMMAND),
          metrics(),
          List.of(
              "/proc/PID/stat",
              "/proc/PID/status",
              "/proc/PID/cmdline",
              "/proc/PID/io",
              "/etc/passwd"),
          "root (CAP_SYS_PTRACE) for the I/O of other users' processes",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.integer(
                  TOP, 5, 0, 100, "How many rank by processor time, by memory and by I/O."),
              ModuleOption.choice(
                  BY, COMMAND, List.of(COMMAND, USER, BOTH), "What processes are summed by."),
              ModuleOption.list(
                  WATCH,
                  List.of(),
                  "Commands that are always told of; what matches a pattern counts together."),
              ModuleOption.list(
                  SKIP_USERS,
                  List.of(),
                  "Patterns of users, by name or number, whose processes count in totals only."),
              ModuleOption.flag(IO, true, "Whether I/O is told of."),
              ModuleOption.duration(
                  HOLD, Duration.ofMinutes(10), "How long one is told of that no longer ranks."),
              ModuleOption.integer(
                  OPEN_FILES,
                  1000,
                  0,
                  100_000,
                  "Of how many processes a file stays open, which halves what a read costs.")));

  private final HostRoot root;
  private final ProcessTable table;
  private final Inheritance inheritance;
  private final ProcessFiles files = new ProcessFiles();
  private final UserNames users;
  private final Globs skippedUsers;
  private final boolean usersMatter;
  private final boolean io;
  private final double ticksPerRead;
  private final Grouping commands;
  private final Grouping owners;
  private final boolean byUser;
  private final Group host = new Group("", true);
  private final ProcessMetrics hostSeries = new ProcessMetrics(Instance.HOST);
  private final Series hostRunning = new Series(RUNNING, Instance.HOST);
  private final Series hostZombies = new Series(ZOMBIES, Instance.HOST);
  private final Series hostStopped = new Series(STOPPED, Instance.HOST);
  private final Series hostIo = new Series(IO_OF, Instance.HOST);
  private long pageSize;
  private boolean ioMissing;

  /** How many reads have gone well. */
  private long completed;

  /** The latest start of a process that the read before saw. */
  private long newest;

  /** Those of which the I/O is to be asked for. */
  private final List<KnownProcess> due = new ArrayList<>();

  private long running;
  private long zombies;
  private long stopped;

  /** Reads the host {@code root}. */
  public ProcessCollector(HostRoot root, ModuleSettings settings) {
    this.root = root;
    table = new ProcessTable(root, settings.options().integer(OPEN_FILES));
    inheritance = new Inheritance(table);
    users = new UserNames(root, readsIn(Duration.ofMinutes(1), settings));
    skippedUsers = new Globs(settings.options().list(SKIP_USERS), List.of());
    io = settings.flag(IO);
    ticksPerRead = settings.every().toNanos() / 1e9 * ProcessMetrics.TICKS;
    byUser = !settings.option(BY).equals(COMMAND);
    usersMatter = byUser || !skippedUsers.include().isEmpty();
    int top = settings.options().integer(TOP);
    int hold = (int) Math.max(2, readsIn(settings.options().duration(HOLD), settings));
    commands =
        new Grouping(
            COMMAND,
            settings.options().list(WATCH),
            settings.instances(),
            settings,
            settings.option(BY).equals(USER) ? 0 : top,
            hold);
    owners = new Grouping(USER, List.of(), Globs.ALL, settings, byUser ? top : 0, hold);
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(ProcessMetrics.ALL);
    all.addAll(List.of(RUNNING, ZOMBIES, STOPPED, IO_OF));
    return all;
  }

  private static long readsIn(Duration span, ModuleSettings settings) {
    return Math.max(1, span.toNanos() / settings.every().toNanos());
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (pageSize == 0) {
      pageSize = PageSize.of(root);
    }
    table.read();
    long read = completed + 1;
    begin();
    inheritance.begin();
    List<KnownProcess> processes = table.known();
    long latest = 0;
    due.clear();
    for (int i = 0; i < processes.size(); i++) {
      KnownProcess process = processes.get(i);
      classify(process);
      present(process);
      account(process);
      latest = Math.max(latest, process.start);
    }
    // Children mostly come after their parents: what ends meanwhile is known before they are.
    for (int i = due.size() - 1; i >= 0; i--) {
      accountIo(due.get(i));
    }
    newest = latest;
    if (completed == 0) {
      guess(processes);
    }
    commands.end(read);
    owners.end(read);
    completed = read;
    emit(into);
  }

  private void begin() {
    host.begin();
    commands.begin();
    owners.begin();
    running = 0;
    zombies = 0;
    stopped = 0;
  }

  /** Finds the groups of a process that is new or calls itself otherwise. */
  private void classify(KnownProcess process) throws IOException {
    // Who starts in the name of another user has often not done so yet when it is new.
    boolean again = usersMatter && process.sights == 2;
    if (process.classified && !process.renamed && !again) {
      return;
    }
    OptionalLong user = usersMatter ? files.user(process) : OptionalLong.empty();
    process.groups = groups(process, user);
    process.ioAllowed = true;
    process.classified = true;
  }

  private Group[] groups(KnownProcess process, OptionalLong user) {
    List<Group> groups = new ArrayList<>(2);
    String owner = user.isPresent() ? users.name(user.getAsLong(), completed) : "";
    boolean skipped =
        user.isPresent()
            && (skippedUsers.matches(owner)
                || skippedUsers.matches(Long.toString(user.getAsLong())));
    if (!skipped) {
      Group command = commands.of(files.command(process));
      if (command != null) {
        groups.add(command);
      }
      if (byUser && user.isPresent()) {
        groups.add(owners.of(owner));
      }
    }
    return groups.toArray(new Group[0]);
  }

  private void present(KnownProcess process) {
    switch (process.state) {
      case 'R' -> running++;
      case 'Z' -> zombies++;
      case 'T', 't' -> stopped++;
      default -> {
        // Asleep, blocked or ending.
      }
    }
    host.addPresence(process);
    for (Group group : process.groups) {
      group.addPresence(process);
    }
    if (!process.ioAllowed) {
      refuse(process);
    }
  }

  private void refuse(KnownProcess process) {
    host.refused++;
    for (Group group : process.groups) {
      group.refused++;
    }
  }

  private void account(KnownProcess process) {
    if (!process.accounted) {
      process.accounted = true;
      process.fromStart = process.start >= newest;
      if (!process.fromStart) {
        // It was there before it could be seen: what it has used is no news.
        process.timeCounted = process.time;
        process.systemCounted = process.system;
        process.childTimeCounted = process.childTime;
      }
    }
    long time = Math.max(0, process.time - process.timeCounted);
    long childTime = Math.max(0, process.childTime - process.childTimeCounted);
    // A process without processor time has no I/O to tell of: most are not asked.
    process.ioDue |= time + childTime > 0 || process.state == 'D';
    if (process.ioDue || process.heritage != null && process.heritage.bytesPending()) {
      due.add(process);
    }
    if (time + childTime == 0 && process.heritage == null) {
      return;
    }
    long system = Math.max(0, process.system - process.systemCounted);
    childTime = inheritance.timeNews(process, childTime);
    process.timeCounted += time;
    process.systemCounted += system;
    process.childTimeCounted = process.childTime;
    add(host, time, system, childTime);
    for (Group group : process.groups) {
      add(group, time, system, childTime);
    }
  }

  private void add(Group group, long time, long system, long childTime) {
    group.time += time;
    group.system += system;
    group.childTime += childTime;
    if (completed > 0) {
      group.timeUsed += time + childTime;
    }
  }

  private void accountIo(KnownProcess process) throws IOException {
    if (!io || !process.ioAllowed || process.isZombie()) {
      return;
    }
    process.ioDue = false;
    if (!files.readIo(process)) {
      if (process.stat.exists()) {
        process.ioAllowed = false;
        refuse(process);
        ioMissing |= !process.io.exists();
      } else {
        inheritance.handDown(process);
      }
      return;
    }
    long read = Math.max(0, files.readBytes() - process.readBytes);
    long written = Math.max(0, files.writtenBytes() - process.writtenBytes);
    process.readBytes += read;
    process.writtenBytes += written;
    read = inheritance.readNews(process, read);
    written = inheritance.writeNews(process, written);
    if (!process.ioKnown) {
      process.ioKnown = true;
      if (completed > 0 && !process.fromStart) {
        return;
      }
    }
    for (Group group : process.groups) {
      group.readBytes += read;
      group.writtenBytes += written;
      if (completed > 0) {
        group.bytesUsed += read + written;
      }
    }
  }

  /** What is used lately is taken to be what was used on average, until more is known. */
  private void guess(List<KnownProcess> processes) {
    for (int i = 0; i < processes.size(); i++) {
      KnownProcess process = processes.get(i);
      double share = ticksPerRead / (newest - process.start + ProcessMetrics.TICKS);
      for (Group group : process.groups) {
        long bytes = process.readBytes + process.writtenBytes;
        group.timeUsed += Math.min(process.time, commands.sumOf(process.time * share));
        group.bytesUsed += Math.min(bytes, commands.sumOf(bytes * share));
      }
    }
  }

  private void emit(Readings into) {
    hostSeries.emit(host, into);
    into.gauge(hostRunning, running);
    into.gauge(hostZombies, zombies);
    into.gauge(hostStopped, stopped);
    if (io) {
      into.info(hostIo, host.refused == 0 ? ALL_TOLD : ioMissing ? NONE_TOLD : SOME_TOLD);
    }
    emit(commands.told(), into);
    emit(owners.told(), into);
  }

  private void emit(List<Group> groups, Readings into) {
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      group.series.emit(group, into);
      group.series.emitMemory(group, pageSize, into);
      if (io && group.refused == 0) {
        group.series.emitIo(group, into);
      }
    }
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
