package io.duologger.cli;

import io.duologger.config.HostName;
import io.duologger.runtime.ShortCommand;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the name by which Grid Engine knows this host. */
final class GridEngineHost {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private GridEngineHost() {}

  /**
   * What the environment variable HOST says, which Grid Engine sets for load sensors, or else Grid
   * Engine's own program; empty if neither gives a legal name.
   */
  static Optional<String> name(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOST"))
        .filter(HostName::isLegal)
        .or(() -> asked(environment.getOrDefault("SGE_ROOT", "")));
  }

  private static Optional<String> asked(String root) {
    List<Path> programs = root.isEmpty() ? List.of() : programs(Path.of(root, "utilbin"));
    if (programs.size() != 1) {
      return Optional.empty();
    }
    return ShortCommand.firstLine(List.of(programs.get(0).toString(), "-name"), LIMIT)
        .map(String::strip)
        .filter(HostName::isLegal);
  }

  /** One for each kind of machine that shares the folder; which is ours is not known. */
  private static List<Path> programs(Path folder) {
    List<Path> programs = new ArrayList<>();
    try (DirectoryStream<Path> kinds = Files.newDirectoryStream(folder)) {
      for (Path kind : kinds) {
        Path program = kind.resolve("gethostname");
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          programs.add(program);
        }
      }
    } catch (IOException | DirectoryIteratorException notThere) {
      return List.of();
    }
    return programs;
  }
}
