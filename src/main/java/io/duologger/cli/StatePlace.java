package io.duologger.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where modes keep what has to outlive them if nothing else is said.
 *
 * @param folder a folder for all modes
 */
record StatePlace(Path folder) {
  /**
   * The folder that systemd has made for the service (STATE_DIRECTORY of systemd.exec(5)), or else
   * one of the system for root and one of their own for others.
   *
   * @param user the user's name
   * @param home the user's folder, where the environment has none
   */
  static StatePlace of(String user, String home, Map<String, String> environment) {
    String service = environment.getOrDefault("STATE_DIRECTORY", "").split(":", -1)[0];
    if (service.startsWith("/")) {
      return new StatePlace(Path.of(service));
    }
    Path states =
        user.equals("root")
            ? Path.of("/var/lib")
            : absolute(
                environment,
                "XDG_STATE_HOME",
                absolute(environment, "HOME", Path.of(home)).resolve(".local/state"));
    return new StatePlace(states.resolve("duologger"));
  }

  /** The counters of a mode's last run. */
  Path counters(String mode) {
    return folder.resolve(mode + ".state");
  }

  /** A folder with one for each output's waiting reports. */
  Path spools(String mode) {
    return folder.resolve("spool").resolve(mode);
  }

  private static Path absolute(Map<String, String> environment, String name, Path otherwise) {
    String text = environment.getOrDefault(name, "");
    return text.startsWith("/") ? Path.of(text) : otherwise;
  }
}
