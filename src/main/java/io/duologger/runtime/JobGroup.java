package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A control group that a job is in, and what its memory controller knows: Documentation of the
 * kernel, admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst. Made by {@link JobGroups}. Used by
 * one thread at a time.
 */
public final class JobGroup {
  /** What version 1 calls no limit, less the rounding to pages. */
  private static final long UNLIMITED = 1L << 60;

  private static final String PROCESSES = "cgroup.procs";
  private static final long LOOK_MILLIS = 10;

  private final GroupPlace place;
  private final boolean shared;
  private final Optional<Home> home;

  /**
   * Where the recorder goes back to.
   *
   * @param files changes groups
   * @param pid the recorder
   * @param folder the group
   * @param undo puts the groups back into the state in which they were found
   */
  record Home(GroupFiles files, long pid, Path folder, Undo undo) {}

  /** Puts something back. */
  @FunctionalInterface
  interface Undo {
    void run() throws IOException;
  }

  JobGroup(GroupPlace place, boolean shared, Optional<Home> home) {
    this.place = place;
    this.shared = shared;
    this.home = home;
  }

  /** Its folder below the mount point of the memory controller. */
  public Path folder() {
    return place.folder();
  }

  /** Its path in the hierarchy, for people. */
  public String name() {
    return place.name();
  }

  /** Whether the recorder's own memory is part of its values. */
  public boolean sharedWithRecorder() {
    return shared;
  }

  /** Whether it was made for the job, so that it can be entered and is to be removed. */
  public boolean own() {
    return home.isPresent();
  }

  /**
   * The most memory that its processes had at a time, in bytes, with the page cache that they
   * filled; empty where the kernel does not tell: version 2 before Linux 5.19.
   */
  public OptionalLong peak() {
    return HostFiles.number(place.peak());
  }

  /** The smallest limit of it and of the groups above. */
  public Optional<MemoryLimit> limit() {
    Optional<MemoryLimit> smallest = Optional.empty();
    for (Optional<GroupPlace> at = Optional.of(place);
        at.isPresent();
        at = at.flatMap(GroupPlace::above)) {
      String source = "cgroup " + at.get().name();
      OptionalLong limit = HostFiles.number(at.get().limit());
      if (limit.isPresent() && limit.getAsLong() < UNLIMITED) {
        smallest =
            MemoryLimit.smallest(
                List.of(smallest, Optional.of(new MemoryLimit(limit.getAsLong(), source))));
      }
    }
    return smallest;
  }

  /**
   * Moves this process into the group, so that what it starts is born in it. What memory it had
   * stays accounted for where it was; what it takes until it leaves counts as the job's, which was
   * less than 1 MB for the start of a program.
   *
   * @throws IOException if the kernel refuses
   */
  public void enter() throws IOException {
    move(place.folder());
  }

  /**
   * Moves this process back.
   *
   * @throws IOException if the kernel refuses; it goes on in the group then
   */
  public void leave() throws IOException {
    move(made().folder());
  }

  /**
   * Removes the group after the job.
   *
   * @throws IOException if that can't be, as when processes are left, which go on in it
   */
  public void remove() throws IOException {
    List<String> left = GroupPlace.words(place.folder().resolve(PROCESSES));
    int processes = left.equals(List.of("")) ? 0 : left.size();
    if (processes > 0) {
      throw new IOException(place.folder() + " stays: processes in it: " + processes);
    }
    made().files().remove(place.folder());
    made().undo().run();
  }

  /**
   * Removes the group after the job, whose last processes may be about to end.
   *
   * @param patience how long to wait for them
   * @throws IOException as {@link #remove}
   */
  public void removeWithin(Duration patience) throws IOException {
    for (long waited = 0; waited < patience.toMillis() && !isEmpty(); waited += LOOK_MILLIS) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    remove();
  }

  private boolean isEmpty() {
    return GroupPlace.words(place.folder().resolve(PROCESSES)).equals(List.of(""));
  }

  private void move(Path folder) throws IOException {
    made().files().write(folder.resolve(PROCESSES), Long.toString(made().pid()));
  }

  private Home made() {
    return home.orElseThrow(() -> new IllegalStateException(name() + " was not made for the job"));
  }

  /** The nearest group, this place's or one above, that has something to tell. */
  static Optional<GroupPlace> telling(GroupPlace place) {
    Optional<GroupPlace> at = Optional.of(place);
    while (at.isPresent() && !Files.exists(at.get().limit()) && !Files.exists(at.get().peak())) {
      at = at.get().above();
    }
    return at;
  }
}
