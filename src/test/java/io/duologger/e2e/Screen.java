package io.duologger.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A terminal on which a command runs, and whose keys a test presses: tmux with a server of its own.
 * Closing takes the terminal away from whoever is on it.
 */
final class Screen {
  static final int COLUMNS = 100;
  static final int ROWS = 40;

  /** What a JVM starts has QUIT blocked, as its own threads have. */
  private static final String UNBLOCK =
      """
      import os, signal, sys
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      os.execvp(sys.argv[1], sys.argv[1:])
      """;

  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Path socket;

  private boolean open = true;

  private Screen(Path socket) {
    this.socket = socket;
  }

  /** Opens one; the folder is the command's, and its home. */
  static Screen open(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Screen screen = new Screen(folder.resolve("terminal"));
    List<String> words = new ArrayList<>(List.of("env", "-u", "TMUX", "HOME=" + folder));
    words.addAll(List.of("python3", "-c", UNBLOCK));
    words.addAll(List.of("tmux", "-S", screen.socket.toString(), "-f", "/dev/null"));
    words.addAll(List.of("new-session", "-d", "-x", "" + COLUMNS, "-y", "" + ROWS));
    words.addAll(List.of("-c", folder.toString(), "env"));
    environment.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(List.of(command));
    Running.run(words.toArray(String[]::new));
    return screen;
  }

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
    words.addAll(List.of(arguments));
    return String.join("\n", Running.run(words.toArray(String[]::new)));
  }

  /** Types a line and the Enter key. */
  void type(String line) throws IOException, InterruptedException {
    tmux("send-keys", "-l", line);
    press("Enter");
  }

  /** Presses keys by the names that tmux has for them, such as C-c. */
  void press(String... keys) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("send-keys"));
    words.addAll(List.of(keys));
    tmux(words.toArray(String[]::new));
  }

  void resize(int columns, int rows) throws IOException, InterruptedException {
    tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
  }

  /** The text on it, without blanks at the ends of lines and empty lines. */
  String text() {
    try {
      return Arrays.stream(tmux("capture-pane", "-p", "-J").split("\n"))
          .map(String::stripTrailing)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it shows what is wanted. */
  void await(String what, Predicate<String> wanted) throws InterruptedException {
    Running.poll(Running.MARGIN, what, () -> wanted.test(text()), this::text);
  }

  /** Types a line again and again, as its answer may be painted over, until it shows. */
  void typeUntil(String line, String answer) throws IOException, InterruptedException {
    long[] typed = {0};
    Running.poll(
        Running.MARGIN,
        answer,
        () -> {
          if (System.nanoTime() - typed[0] > AGAIN.toNanos() || typed[0] == 0) {
            typed[0] = System.nanoTime();
            typeUnchecked(line);
          }
          return text().contains(answer);
        },
        this::text);
  }

  private void typeUnchecked(String line) {
    try {
      type(line);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for a line that begins so. */
  void awaitLine(String start) throws InterruptedException {
    await(start, text -> text.lines().anyMatch(line -> line.startsWith(start)));
  }

  /** Waits until a program of that name has the keyboard. */
  void awaitForeground(String name) throws InterruptedException {
    Running.poll(
        Running.MARGIN, name + " in the foreground", () -> foreground().equals(name), this::text);
  }

  private String foreground() {
    try {
      return tmux("display-message", "-p", "#{pane_current_command}");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes it away, if that has not been done. */
  void close() throws IOException, InterruptedException {
    if (open) {
      open = false;
      tmux("kill-server");
    }
  }
}
