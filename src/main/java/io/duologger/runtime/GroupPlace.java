package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process is in the hierarchy of the memory controller, by /proc/PID/cgroup and
 * /proc/PID/mountinfo: cgroups(7), proc(5).
 *
 * @param version of control groups: 1 or 2
 * @param mount the folder of the topmost group that can be seen
 * @param folder that of the process's group
 */
record GroupPlace(int version, Path mount, Path folder) {
  private static final String CONTROLLER = "memory";
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7][0-7])");
  private static final int ROOT = 3;
  private static final int POINT = 4;
  private static final int OCTAL_BASE = 8;

  /** A mounted hierarchy: the path of its topmost visible group, and where that is. */
  private record Mount(String type, String root, String point, List<String> options) {}

  /**
   * The place of the process {@code pid}, a number or self.
   *
   * @throws IOException if there is none; the message says why
   */
  static GroupPlace of(HostFiles host, String pid) throws IOException {
    List<Mount> mounts =
        HostFiles.text(host.proc().resolve("self/mountinfo"))
            .lines()
            .flatMap(line -> mount(line).stream())
            .toList();
    List<String> lines = HostFiles.text(host.proc().resolve(pid + "/cgroup")).lines().toList();
    for (Mount mount : mounts) {
      boolean unified = mount.type().equals("cgroup2");
      Path top = host.at(mount.point());
      boolean controls =
          unified
              ? words(top.resolve("cgroup.controllers")).contains(CONTROLLER)
              : mount.options().contains(CONTROLLER);
      if (controls) {
        String path = path(lines, unified);
        Path folder = top.resolve(below(mount.root(), path)).normalize();
        if (!folder.startsWith(top) || !Files.isDirectory(folder)) {
          throw new IOException("the control group " + path + " can't be seen from here");
        }
        return new GroupPlace(unified ? 2 : 1, top, folder);
      }
    }
    throw new IOException("no memory controller of control groups is mounted");
  }

  /** The words of a file; none if it can't be read. */
  static List<String> words(Path file) {
    try {
      return List.of(HostFiles.text(file).strip().split("\\s+"));
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** The file that holds the most memory there was. */
  Path peak() {
    return folder.resolve(version == 2 ? "memory.peak" : "memory.max_usage_in_bytes");
  }

  /** The file that holds how much memory there may be. */
  Path limit() {
    return folder.resolve(version == 2 ? "memory.max" : "memory.limit_in_bytes");
  }

  /** The group above; empty at the top. */
  Optional<GroupPlace> above() {
    return folder.equals(mount) ? Optional.empty() : Optional.of(at(folder.getParent()));
  }

  /** Another group of the hierarchy. */
  GroupPlace at(Path other) {
    return new GroupPlace(version, mount, other);
  }

  /** The group's path as people know it. */
  String name() {
    return "/" + mount.relativize(folder);
  }

  /** The path in the line "5:cpu,memory:/a", or in "0::/a" of version 2. */
  private static String path(List<String> lines, boolean unified) throws IOException {
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3
          && (unified
              ? fields[0].equals("0") && fields[1].isEmpty()
              : List.of(fields[1].split(",")).contains(CONTROLLER))) {
        return fields[2];
      }
    }
    throw new IOException("the process is in no control group with a memory controller");
  }

  /** A group's path as seen from the one that is mounted, without a slash at its start. */
  private static String below(String root, String path) {
    boolean within = path.equals(root) || path.startsWith(root.equals("/") ? root : root + "/");
    return (within ? path.substring(root.length()) : path).replaceFirst("^/+", "");
  }

  /** "36 35 98:0 /root /point rw,noatime master:1 - cgroup2 source rw,nsdelegate". */
  private static Optional<Mount> mount(String line) {
    String[] halves = line.split(" - ", 2);
    String[] before = halves[0].split(" ");
    String[] after = halves[halves.length - 1].split(" ");
    return halves.length == 2
            && before.length > POINT
            && after.length > 2
            && after[0].startsWith("cgroup")
        ? Optional.of(
            new Mount(
                after[0],
                unescaped(before[ROOT]),
                unescaped(before[POINT]),
                List.of(after[2].split(","))))
        : Optional.empty();
  }

  private static String unescaped(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(
            code ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(code.group(1), OCTAL_BASE))));
  }
}
