package io.duologger.collector;

import io.duologger.procfs.HostRoot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Where the control groups of a host are: one tree of version 2, and one of version 1 for each
 * controller that has one. Used by one thread at a time.
 */
final class CgroupTree implements Closeable {
  /** No tree is followed any deeper. */
  static final int DEEPEST = 12;

  /** So many folders are looked at, at most. */
  private static final int MOST = 20_000;

  /** Links to a folder without folders in it, by those file systems that count them. */
  private static final int LEAF = 2;

  /** What the names of a group's files begin with: most of what is in a folder. */
  private static final Set<String> FILES =
      Set.of(
          "cgroup",
          "memory",
          "cpu",
          "cpuset",
          "cpuacct",
          "io",
          "blkio",
          "pids",
          "hugetlb",
          "rdma",
          "misc",
          "devices",
          "freezer",
          "net_cls",
          "net_prio",
          "dmem");

  private final HostRoot root;
  private final MountTable mounts;

  /** A hierarchy: its folder and which files its groups have. */
  private record Hierarchy(Path folder, List<List<CgroupFiles.Source>> sources) {}

  CgroupTree(HostRoot root) {
    this.root = root;
    mounts = new MountTable(root);
  }

  /**
   * The groups below the roots by their path, each with the folders that it has and what to read in
   * them. The trees of version 1 come first: a controller belongs to one of them or to version 2.
   *
   * @param wanted whether a path, so many levels deep, is looked for
   * @param most how many groups are returned
   * @throws SourceAbsentException if nothing is mounted
   */
  Map<String, Map<Path, List<CgroupFiles.Source>>> groups(
      BiPredicate<String, Integer> wanted, int most) throws IOException {
    Map<String, Map<Path, List<CgroupFiles.Source>>> found = new TreeMap<>();
    List<Hierarchy> hierarchies = hierarchies();
    if (hierarchies.isEmpty()) {
      throw new SourceAbsentException("no cgroup hierarchy is mounted");
    }
    for (Hierarchy hierarchy : hierarchies) {
      walk(hierarchy, wanted, most, found);
    }
    return found;
  }

  private List<Hierarchy> hierarchies() throws IOException {
    List<Hierarchy> found = new ArrayList<>();
    Hierarchy unified = null;
    for (MountTable.Mount mount : mounts.read()) {
      Path folder = root.root().resolve(mount.point().substring(1));
      if (mount.type().equals("cgroup2")) {
        unified = new Hierarchy(folder, List.of(CgroupFiles.UNIFIED));
      } else if (mount.type().equals("cgroup")) {
        List<List<CgroupFiles.Source>> sources = new ArrayList<>();
        for (String option : Arrays.asList(mount.options().split(","))) {
          if (CgroupFiles.BY_CONTROLLER.containsKey(option)) {
            sources.add(CgroupFiles.BY_CONTROLLER.get(option));
          }
        }
        if (!sources.isEmpty()) {
          found.add(new Hierarchy(folder, sources));
        }
      }
    }
    if (unified != null) {
      found.add(unified);
    }
    return found;
  }

  private static void walk(
      Hierarchy hierarchy,
      BiPredicate<String, Integer> wanted,
      int most,
      Map<String, Map<Path, List<CgroupFiles.Source>>> found)
      throws IOException {
    record At(Path folder, String path, int depth) {}

    Deque<At> open = new ArrayDeque<>(List.of(new At(hierarchy.folder(), "", 0)));
    for (int looked = 0; !open.isEmpty() && looked < MOST; looked++) {
      At at = open.removeFirst();
      for (String name : folders(at.folder())) {
        At below = new At(at.folder().resolve(name), at.path() + "/" + name, at.depth() + 1);
        if (below.depth() < DEEPEST) {
          open.addLast(below);
        }
        if (wanted.test(below.path(), below.depth())
            && (found.containsKey(below.path()) || found.size() < most)) {
          Map<Path, List<CgroupFiles.Source>> parts =
              found.computeIfAbsent(below.path(), key -> new LinkedHashMap<>());
          parts.put(below.folder(), hierarchy.sources().stream().flatMap(List::stream).toList());
        }
      }
    }
  }

  /** The folders in a folder; none if it is gone. */
  private static List<String> folders(Path folder) throws IOException {
    try {
      Object links = Files.getAttribute(folder, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      if (links.equals(LEAF)) {
        return List.of();
      }
    } catch (IOException gone) {
      return List.of();
    }
    List<String> folders = new ArrayList<>();
    for (String name : SysFolder.names(folder)) {
      int dot = name.indexOf('.');
      boolean file = dot > 0 && FILES.contains(name.substring(0, dot));
      if (!file && Files.isDirectory(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        folders.add(name);
      }
    }
    return folders;
  }

  @Override
  public void close() throws IOException {
    mounts.close();
  }
}
