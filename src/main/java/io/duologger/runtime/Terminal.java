package io.duologger.runtime;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One line of a terminal that is written anew again and again, while this process is in its
 * foreground. Used by one thread at a time.
 */
public final class Terminal {
  /** Begins the line anew, and does not let a long text go on in the next line. */
  private static final String START = "\r\033[K\033[?7l";

  private static final String END = "\033[?7h";
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
  private boolean shown;

  private Terminal() {}

  /** The terminal that standard error is; empty if it is none. */
  public static Optional<Terminal> ofErrors() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.matches("/dev/(tty|console).*")
          ? Optional.of(new Terminal())
          : Optional.empty();
    } catch (IOException closed) {
      return Optional.empty();
    }
  }

  /** Shows a text in place of the last one. */
  public void show(String text) {
    if (Foreground.isOurs()) {
      shown = true;
      write(START + text + END);
    }
  }

  /** Takes the text away. */
  public void clear() {
    if (shown && Foreground.isOurs()) {
      write("\r\033[K");
    }
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // Nobody looks any more.
      return;
    }
  }

  /** A text without what a terminal would take for a command. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return printable.toString();
  }
}
