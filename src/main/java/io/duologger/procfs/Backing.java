package io.duologger.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands behind a device of sysfs. Source: where the link {@code /sys/class/net/NAME} or
 * {@code /sys/block/NAME} points to. Kernels (and fixtures) with a plain folder instead of a link
 * have a {@code device} entry in it if there is hardware.
 */
public enum Backing {
  /** Hardware, real or given by a hypervisor. */
  PHYSICAL,
  /** Made by the kernel alone: below devices/virtual. */
  VIRTUAL,
  /** No such entry. */
  MISSING;

  private static final String VIRTUAL_DEVICES = "/devices/virtual/";

  /** Where the entry {@code name} of {@code directory} would be; empty if it is no file name. */
  public static Optional<Path> entry(Path directory, String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(directory.resolve(name));
    } catch (InvalidPathException notAFileName) {
      return Optional.empty();
    }
  }

  /** What stands behind the entry {@code name} of {@code directory}. */
  public static Backing of(Path directory, String name) {
    Optional<Path> entry = entry(directory, name);
    return entry.isPresent() ? of(entry.get()) : MISSING;
  }

  private static Backing of(Path entry) {
    try {
      String target = Files.readSymbolicLink(entry).toString();
      return target.contains(VIRTUAL_DEVICES) ? VIRTUAL : PHYSICAL;
    } catch (NotLinkException folder) {
      boolean hardware = Files.exists(entry.resolve("device"), LinkOption.NOFOLLOW_LINKS);
      return hardware ? PHYSICAL : VIRTUAL;
    } catch (IOException unreadable) {
      return MISSING;
    }
  }
}
