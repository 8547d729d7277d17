package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridEngineHostTest {
  @TempDir Path root;

  private void program(String kind, String permissions, String text) throws IOException {
    Path folder = Files.createDirectories(root.resolve("utilbin").resolve(kind));
    Path program = Files.writeString(folder.resolve("gethostname"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(permissions));
  }

  private Optional<String> name(String host) {
    return GridEngineHost.name(Map.of("HOST", host, "SGE_ROOT", root.toString()));
  }

  @Test
  void hostOfTheEnvironmentGoesFirst() throws IOException {
    program("lx-amd64", "rwxr-xr-x", "echo other");
    assertEquals(Optional.of("node1.example.org"), name("node1.example.org"));
  }

  @Test
  void theProgramIsAskedWhereHostIsNoName() throws IOException {
    program("lx-amd64", "rwxr-xr-x", "echo \"node2$1\"; echo more");
    assertEquals(Optional.of("node2-name"), name("a b"));
    assertEquals(
        Optional.of("node2-name"), GridEngineHost.name(Map.of("SGE_ROOT", root.toString())));
  }

  @Test
  void withoutAnAnswerThereIsNoName() throws IOException {
    assertEquals(Optional.empty(), GridEngineHost.name(Map.of()));
    assertEquals(Optional.empty(), GridEngineHost.name(Map.of("SGE_ROOT", "")));
    assertEquals(Optional.empty(), name(""));
    program("lx-amd64", "rw-r--r--", "echo node3");
    assertEquals(Optional.empty(), name(""));
    program("lx-amd64", "rwxr-xr-x", "echo node 3");
    assertEquals(Optional.empty(), name(""));
    program("lx-amd64", "rwxr-xr-x", "echo node3");
    assertEquals(Optional.of("node3"), name(""));
    program("lx-arm64", "rwxr-xr-x", "echo node4");
    assertEquals(Optional.empty(), name(""));
  }
}
