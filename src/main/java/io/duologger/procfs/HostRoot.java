package io.duologger.procfs;

import java.nio.file.Path;

/**
 * Where a host's kernel file systems are: the running host's, or a fixture tree's in tests.
 *
 * @param proc the mount point of procfs
 * @param sys the mount point of sysfs
 * @param dev the device directory
 * @param root the root directory
 */
public record HostRoot(Path proc, Path sys, Path dev, Path root) {
  /** The host that this process runs on. */
  public static HostRoot running() {
    return new HostRoot(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/"));
  }

  /** A tree with the folders proc, sys and dev below {@code root}. */
  public static HostRoot at(Path root) {
    return new HostRoot(root.resolve("proc"), root.resolve("sys"), root.resolve("dev"), root);
  }

  /** The file that has the absolute path {@code path} on the host; any other path is as it is. */
  public Path file(Path path) {
    return path.isAbsolute() ? root.resolve(Path.of("/").relativize(path)) : path;
  }
}
