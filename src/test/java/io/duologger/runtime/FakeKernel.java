package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Control groups as the kernel keeps them, in a folder: the memory controller of one hierarchy, in
 * which processes move, and the rules of cgroup-v2.rst (top-down, no internal processes, busy
 * groups stay) and of permissions.
 */
final class FakeKernel implements GroupFiles {
  private final Path folder;
  private final Path mount;
  private final boolean unified;
  private final Set<Path> writable = new HashSet<>();
  private final TreeMap<Path, List<Long>> processes = new TreeMap<>();
  private final Set<Path> controlled = new HashSet<>();
  private final Set<Path> refusing = new HashSet<>();

  /** What was done, for the order of things. */
  final List<String> done = new ArrayList<>();

  /** An empty hierarchy of a version, mounted where both mostly are. */
  FakeKernel(Path folder, int version) throws IOException {
    this.folder = folder;
    unified = version == 2;
    String point = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    mount = folder.resolve(point.substring(1));
    Files.createDirectories(mount);
    Files.createDirectories(folder.resolve("proc/self"));
    Files.writeString(
        folder.resolve("proc/self/mountinfo"),
        "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
            + (unified
                ? "35 24 0:30 / " + point + " rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
                : "34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
                    + "35 31 0:32 / "
                    + point
                    + " rw,relatime - cgroup cgroup rw,memory\n"
                    + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"));
    Files.createDirectories(folder.resolve("sys/fs/cgroup/unified"));
    processes.put(mount, new ArrayList<>());
    files(mount);
  }

  HostFiles host() {
    return new HostFiles(folder.resolve("proc"), folder);
  }

  /** Makes a group and those above, with or without the right to write to it. */
  Path group(String path, boolean owned) throws IOException {
    Path at = mount;
    for (String name : path.split("/")) {
      at = at.resolve(name).normalize();
      if (!processes.containsKey(at)) {
        Files.createDirectory(at);
        processes.put(at, new ArrayList<>());
        files(at);
      }
    }
    if (owned) {
      writable.add(at);
    }
    return at;
  }

  /** Memory is handed out to the groups below. */
  void delegate(Path group) throws IOException {
    controlled.add(group);
    files(group);
  }

  /** Puts a process into a group, with all rights. */
  void place(long pid, Path group) throws IOException {
    for (Path each : List.copyOf(processes.keySet())) {
      processes.get(each).remove(pid);
      files(each);
    }
    processes.get(group).add(pid);
    files(group);
    Files.createDirectories(folder.resolve("proc/" + pid));
    String path = "/" + mount.relativize(group);
    String line = unified ? "0::" + path : "8:pids:/\n4:memory:" + path + "\n0::/";
    for (String process : List.of(Long.toString(pid), pid == 1 ? "init" : "self")) {
      Files.createDirectories(folder.resolve("proc/" + process));
      Files.writeString(folder.resolve("proc/" + process + "/cgroup"), line + "\n");
    }
  }

  /** No process may go into the group, though it can be made. */
  void refusesProcesses(Path group) {
    refusing.add(group);
  }

  /** The processes of a group. */
  List<Long> processes(Path group) {
    return processes.getOrDefault(group, List.of());
  }

  /** All groups there are. */
  Set<Path> groups() {
    return Set.copyOf(processes.keySet());
  }

  private void files(Path group) throws IOException {
    StringBuilder pids = new StringBuilder();
    processes.get(group).forEach(pid -> pids.append(pid).append('\n'));
    Files.writeString(group.resolve("cgroup.procs"), pids);
    if (unified) {
      boolean top = group.equals(mount);
      boolean has = top || controlled.contains(group.getParent());
      Files.writeString(group.resolve("cgroup.controllers"), has ? "cpu memory pids\n" : "pids\n");
      Files.writeString(
          group.resolve("cgroup.subtree_control"),
          controlled.contains(group) ? "memory pids\n" : "pids\n");
      if (!top) {
        Files.writeString(group.resolve("cgroup.type"), "domain\n");
      }
    }
  }

  @Override
  public void make(Path group) throws IOException {
    needs(group.getParent(), group);
    Files.createDirectory(group);
    processes.put(group, new ArrayList<>());
    writable.add(group);
    files(group);
    done.add("make " + mount.relativize(group));
  }

  @Override
  public void write(Path file, String text) throws IOException {
    Path group = file.getParent();
    needs(group, file);
    if (file.endsWith("cgroup.subtree_control")) {
      if (text.equals("+memory")) {
        if (!group.equals(mount) && !processes.get(group).isEmpty()) {
          throw new FileSystemException(file.toString(), null, "Device or resource busy");
        }
        controlled.add(group);
      } else {
        controlled.remove(group);
      }
      files(group);
    } else {
      Path from = null;
      long pid = Long.parseLong(text);
      if (refusing.contains(group)) {
        throw new AccessDeniedException(file.toString());
      }
      for (Path each : processes.keySet()) {
        from = processes.get(each).contains(pid) ? each : from;
      }
      if (unified) {
        needs(common(from, group), file);
        if (controlled.contains(group) && !group.equals(mount)) {
          throw new FileSystemException(file.toString(), null, "Device or resource busy");
        }
      }
      place(pid, group);
    }
    done.add(text + " > " + mount.relativize(file));
  }

  private static Path common(Path one, Path other) {
    Path at = one;
    while (!other.startsWith(at)) {
      at = at.getParent();
    }
    return at;
  }

  @Override
  public void remove(Path group) throws IOException {
    needs(group.getParent(), group);
    if (!processes.get(group).isEmpty()) {
      throw new FileSystemException(group.toString(), null, "Device or resource busy");
    }
    if (processes.keySet().stream().anyMatch(each -> each.getParent().equals(group))) {
      throw new DirectoryNotEmptyException(group.toString());
    }
    processes.remove(group);
    for (String name :
        List.of("cgroup.procs", "cgroup.controllers", "cgroup.subtree_control", "cgroup.type")) {
      Files.deleteIfExists(group.resolve(name));
    }
    Files.delete(group);
    done.add("remove " + mount.relativize(group));
  }

  private void needs(Path group, Path what) throws IOException {
    if (!writable.contains(group)) {
      throw new AccessDeniedException(what.toString());
    }
  }
}
