package io.duologger.e2e;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the program as it is installed, for tests that change it. */
final class Installation {
  private final Path home;

  private Installation(Path home) {
    this.home = home;
  }

  /** Makes a copy in a folder that does not exist yet. */
  static Installation in(Path home) throws IOException {
    Path lib = Files.createDirectories(home.resolve("lib"));
    Path sbin = Files.createDirectory(home.resolve("sbin"));
    Files.copy(Machine.HOME.resolve("sbin/duologger"), sbin.resolve("duologger"));
    Path built = Machine.HOME.resolve("target");
    Files.copy(built.resolve("duologger.jar"), lib.resolve("duologger.jar"));
    copy(built.resolve("lib"), lib);
    copy(Machine.HOME.resolve("conf"), Files.createDirectory(home.resolve("conf")));
    return new Installation(home);
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(from)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  /** The folder of configuration files. */
  Path conf() {
    return home.resolve("conf");
  }

  /** Takes a class out of it, by its path without the ending. */
  void remove(String type) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(jar())) {
      Files.delete(jar.getPath(type + ".class"));
    }
  }

  /** The program's jar. */
  Path jar() {
    return home.resolve("lib/duologger.jar");
  }

  /** A command for it with these arguments. It makes no cache: its folder may go at any moment. */
  ProcessBuilder command(String... arguments) {
    ProcessBuilder command =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(home.resolve("sbin/duologger").toString()), Stream.of(arguments))
                .toList());
    command.environment().put("DUOLOGGER_CACHE", "off");
    return command;
  }
}
