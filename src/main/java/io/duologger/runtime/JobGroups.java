package io.duologger.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds or makes the control group that a job's memory is accounted for in. An ordinary user may
 * make one only where a service manager or batch system has delegated a group; that there is none
 * is normal. Used by one thread at a time.
 */
public final class JobGroups {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,62}");
  private static final Pattern NUMBERED = Pattern.compile("(.*-)([0-9]+)");
  private static final String CONTROLLER = "memory";
  private static final String SUBTREE = "cgroup.subtree_control";
  private static final String PROCESSES = "cgroup.procs";
  private static final String RECORDER = ".recorder";
  private static final long PAUSE_NANOS = 5_000_000;

  /** Folders that batch systems and container engines make for a job, or above one. */
  private static final Pattern BATCH =
      Pattern.compile(
          "job_[0-9]+.*|slurm.*|sge|uge|ocs|gridengine|pbs.*|torque|htcondor|condor.*|lsf"
              + "|docker.*|kubepods.*|libpod.*|lxc.*|cri-containerd.*|crio.*|machine\\.slice");

  private final HostFiles host;
  private final GroupFiles files;
  private final long pid;
  private final List<String> reasons = new ArrayList<>();

  /** Those of {@code host} for this process. */
  public JobGroups(HostFiles host) {
    this(host, GroupFiles.KERNEL, ProcessHandle.current().pid());
  }

  JobGroups(HostFiles host, GroupFiles files, long pid) {
    this.host = host;
    this.files = files;
    this.pid = pid;
  }

  /** Why the last of the other methods found nothing, for people. */
  public String why() {
    return String.join("; ", reasons);
  }

  /**
   * Makes a group of that name: in version 2 beside this process's group, where the one above hands
   * out memory, or below it, if nobody else is in it; in version 1 below it.
   */
  public Optional<JobGroup> create(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of a control group: " + name);
    }
    reasons.clear();
    GroupPlace own;
    try {
      own = GroupPlace.of(host, "self");
    } catch (IOException nowhere) {
      reasons.add(said(nowhere));
      return Optional.empty();
    }
    if (own.version() == 1) {
      return made(own, own.folder().resolve(name), own.folder(), () -> {});
    }
    Optional<JobGroup> beside = beside(own, name);
    return beside.isPresent() ? beside : below(own, name);
  }

  /**
   * The group of the batch job or container that this process is in: the nearest one that tells of
   * memory. The recorder is part of it.
   */
  public Optional<JobGroup> batchGroup() {
    reasons.clear();
    try {
      GroupPlace own = GroupPlace.of(host, "self");
      boolean batch = false;
      for (Path folder : own.mount().relativize(own.folder())) {
        batch |= BATCH.matcher(folder.toString()).matches();
      }
      if (!batch) {
        reasons.add(own.name() + " is no batch job's control group");
        return Optional.empty();
      }
      return JobGroup.telling(own).map(place -> new JobGroup(place, true, Optional.empty()));
    } catch (IOException nowhere) {
      reasons.add(said(nowhere));
      return Optional.empty();
    }
  }

  /**
   * The group of another process, if it is another one than that of this process; such as of one
   * that {@link #scope} started.
   */
  public Optional<JobGroup> of(long process) {
    reasons.clear();
    try {
      GroupPlace own = GroupPlace.of(host, "self");
      GroupPlace other = GroupPlace.of(host, Long.toString(process));
      if (other.folder().equals(own.folder())) {
        reasons.add("process " + process + " is in the control group of the recorder");
        return Optional.empty();
      }
      boolean shared = own.folder().startsWith(other.folder());
      return Optional.of(new JobGroup(other, shared, Optional.empty()));
    } catch (IOException gone) {
      reasons.add(said(gone));
      return Optional.empty();
    }
  }

  /** The same of a process that is about to be moved there: it may take so long. */
  public Optional<JobGroup> of(long process, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    Optional<JobGroup> group = of(process);
    while (group.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      group = of(process);
    }
    return group;
  }

  /**
   * The words to put before a command so that systemd makes a scope for it; none if there is no
   * manager to ask. The program runs in the process that is started, after a while: its group is
   * that of {@link #of} from then on, and goes with its last process. If there is no such program,
   * the status is 1.
   *
   * @param environment of this process: PATH and XDG_RUNTIME_DIR
   */
  public List<String> scope(Map<String, String> environment) {
    reasons.clear();
    Optional<Path> program = program(environment, "systemd-run");
    if (program.isEmpty()) {
      reasons.add("no program systemd-run");
      return List.of();
    }
    List<String> words = new ArrayList<>(List.of(program.get().toString()));
    String folder = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    boolean user =
        folder.startsWith("/")
            && (Files.exists(host.at(folder).resolve("systemd/private"))
                || Files.exists(host.at(folder).resolve("bus")));
    if (host.isRoot() && Files.exists(host.at("/run/systemd/system"))) {
      words.add("--scope");
    } else if (user) {
      words.addAll(List.of("--user", "--scope"));
    } else {
      reasons.add("no service manager of systemd for this user");
      return List.of();
    }
    words.addAll(List.of("--quiet", "-p", "MemoryAccounting=yes", "--"));
    return words;
  }

  private Optional<JobGroup> beside(GroupPlace own, String name) {
    Optional<GroupPlace> above = own.above();
    if (above.isEmpty()) {
      reasons.add(own.name() + " has no control group above it");
      return Optional.empty();
    }
    if (!GroupPlace.words(above.get().folder().resolve(SUBTREE)).contains(CONTROLLER)) {
      reasons.add(above.get().name() + " hands out no memory");
      return Optional.empty();
    }
    return made(own, above.get().folder().resolve(name), own.folder(), () -> {});
  }

  /**
   * Only the root of all may have both processes and groups that memory is handed out to: of any
   * other this process has to move out first, into a group of its own.
   */
  private Optional<JobGroup> below(GroupPlace own, String name) {
    Path folder = own.folder();
    if (!Files.exists(folder.resolve("cgroup.type"))) {
      if (!GroupPlace.words(folder.resolve(SUBTREE)).contains(CONTROLLER)) {
        reasons.add(own.name() + " hands out no memory");
        return Optional.empty();
      }
      return made(own, folder.resolve(name), folder, () -> {});
    }
    if (!GroupPlace.words(folder.resolve(PROCESSES)).equals(List.of(Long.toString(pid)))) {
      reasons.add("other processes are in " + own.name());
      return Optional.empty();
    }
    Path leaf = folder.resolve(name + RECORDER);
    JobGroup.Undo home =
        () -> {
          files.write(folder.resolve(SUBTREE), "-" + CONTROLLER);
          files.write(folder.resolve(PROCESSES), Long.toString(pid));
          files.remove(leaf);
        };
    try {
      files.make(leaf);
    } catch (IOException refused) {
      reasons.add(said(refused));
      return Optional.empty();
    }
    try {
      files.write(leaf.resolve(PROCESSES), Long.toString(pid));
      files.write(folder.resolve(SUBTREE), "+" + CONTROLLER);
    } catch (IOException refused) {
      reasons.add(said(refused));
      undo(home);
      return Optional.empty();
    }
    Optional<JobGroup> made = made(own, folder.resolve(name), leaf, home);
    if (made.isEmpty()) {
      undo(home);
    }
    return made;
  }

  /** Makes it, and proves that it can be entered and left. */
  private Optional<JobGroup> made(GroupPlace own, Path folder, Path home, JobGroup.Undo undo) {
    JobGroup group =
        new JobGroup(own.at(folder), false, Optional.of(new JobGroup.Home(files, pid, home, undo)));
    try {
      // Who can't come back may not go.
      group.leave();
      removeOld(folder);
      files.make(folder);
    } catch (IOException refused) {
      reasons.add(said(refused));
      return Optional.empty();
    }
    try {
      group.enter();
      group.leave();
      return Optional.of(group);
    } catch (IOException refused) {
      reasons.add(said(refused));
      undo(group::leave);
      undo(() -> files.remove(folder));
      return Optional.empty();
    }
  }

  /**
   * Those beside it that were made for jobs which have left processes, and have lost them since.
   */
  private void removeOld(Path folder) {
    Matcher numbered = NUMBERED.matcher(folder.getFileName().toString());
    if (!numbered.matches()) {
      return;
    }
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(folder.getParent(), numbered.group(1) + "*")) {
      for (Path old : beside) {
        Matcher other = NUMBERED.matcher(old.getFileName().toString());
        if (other.matches()
            && other.group(1).equals(numbered.group(1))
            && !Files.exists(host.proc().resolve(other.group(2)))) {
          removeIfUnused(old);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      reasons.add(unreadable.getMessage());
    }
  }

  private void removeIfUnused(Path old) {
    try {
      files.remove(old);
    } catch (IOException inUse) {
      // What the job has left still runs: the next time, perhaps.
      return;
    }
  }

  private void undo(JobGroup.Undo what) {
    try {
      what.run();
    } catch (IOException refused) {
      reasons.add(said(refused));
    }
  }

  /** Some exceptions of files name the file and nothing else. */
  private static String said(IOException refused) {
    if (refused instanceof AccessDeniedException) {
      return refused.getMessage() + ": permission denied";
    }
    boolean bare = refused instanceof FileSystemException file && file.getReason() == null;
    return refused.getMessage() + (bare ? ": " + refused.getClass().getSimpleName() : "");
  }

  private static Optional<Path> program(Map<String, String> environment, String name) {
    for (String folder :
        environment.getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator)) {
      Path path = Path.of(folder, name);
      if (folder.startsWith("/") && Files.isExecutable(path) && !Files.isDirectory(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }
}
