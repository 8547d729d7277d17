package io.duologger.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where the counters of a mode's last run are kept if nothing else is said. */
final class StatePlace {
  private StatePlace() {}

  /** The folder of {@link #byDefault} in which waiting reports of a mode are. */
  static Path spools(Path state, String mode) {
    return state.resolveSibling("spool").resolve(mode);
  }

  /**
   * The file: one of the system for root, one of their own for others.
   *
   * @param mode the mode's name
   * @param user the user's name
   * @param home the user's folder, where the environment has none
   */
  static Path byDefault(String mode, String user, String home, Map<String, String> environment) {
    Path folder =
        user.equals("root")
            ? Path.of("/var/lib")
            : absolute(
                environment,
                "XDG_STATE_HOME",
                absolute(environment, "HOME", Path.of(home)).resolve(".local/state"));
    return folder.resolve("duologger").resolve(mode + ".state");
  }

  private static Path absolute(Map<String, String> environment, String name, Path otherwise) {
    String text = environment.getOrDefault(name, "");
    return text.startsWith("/") ? Path.of(text) : otherwise;
  }
}
