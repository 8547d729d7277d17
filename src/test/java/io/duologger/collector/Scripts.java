package io.duologger.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Programs for modules that run some: shell scripts that print what the real ones printed. */
final class Scripts {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs");

  private final Path folder;

  /** Scripts in {@code folder}. */
  Scripts(Path folder) {
    this.folder = folder;
  }

  /** A program that prints the file {@code output} of src/test/resources/outputs. */
  String printing(String name, String output) throws IOException {
    return script(name, "cat '" + OUTPUTS.resolve(output).toAbsolutePath() + "'");
  }

  /** A program of these lines. */
  String script(String name, String lines) throws IOException {
    Files.createDirectories(folder);
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.toString();
  }
}
