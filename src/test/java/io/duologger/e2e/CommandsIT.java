package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that only tell something, and their exit status. */
class CommandsIT {
  @Test
  void aBadConfigurationIsRefusedWithAllItsProblems(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("bad.conf");
    Files.writeString(
        config,
        """
        heartbeat = "ten minutes"
        colour = green
        modules {
          net { every = 1 s, inclde = ["eth*"] }
          nosuchmodule { every = 1 s }
        }
        outputs = [ { type = pigeon } ]
        """);
    for (List<String> arguments :
        List.of(
            List.of("check-config", config.toString()), List.of("--config", config.toString()))) {
      try (Running check = Running.duologger(arguments.toArray(String[]::new))) {
        assertEquals(2, check.exitWithin(Running.MARGIN), check::all);
        String told = check.all();
        for (String problem :
            List.of("ten minutes", "colour", "inclde", "nosuchmodule", "pigeon")) {
          assertTrue(told.contains(problem), "nothing of " + problem + " in: " + told);
        }
        for (int line : List.of(1, 2, 4, 5, 7)) {
          assertTrue(told.contains("bad.conf:" + line), "no line " + line + " in: " + told);
        }
      }
    }
  }

  @Test
  void theSampleConfigurationIsGood() throws Exception {
    String config = Machine.HOME.resolve("conf/duologger.conf").toString();
    try (Running check = Running.duologger("check-config", config)) {
      assertEquals(0, check.exitWithin(Running.MARGIN), check::all);
    }
  }

  @Test
  void aFileThatIsNotThereIsAConfigurationError(@TempDir Path folder) throws Exception {
    String config = folder.resolve("none.conf").toString();
    try (Running check = Running.duologger("check-config", config)) {
      assertEquals(2, check.exitWithin(Running.MARGIN), check::all);
      assertTrue(check.all().contains(config), check::all);
    }
  }

  @Test
  void modulesAndTopologyPrintWhatRuns() throws Exception {
    try (Running modules = Running.duologger("modules")) {
      assertEquals(0, modules.exitWithin(Running.MARGIN), modules::all);
      for (String module : List.of("cpu", "memory", "net")) {
        assertTrue(
            modules.out().stream().anyMatch(line -> line.matches(".*\\b" + module + "\\b.*")),
            modules::all);
      }
    }
    try (Running topology = Running.duologger("topology")) {
      assertEquals(0, topology.exitWithin(Running.MARGIN), topology::all);
      assertTrue(topology.out().size() > 1, topology::all);
    }
  }

  @Test
  void wrongUsageIsStatusTwo() throws Exception {
    try (Running wrong = Running.duologger("--no-such-option")) {
      assertEquals(2, wrong.exitWithin(Running.MARGIN), wrong::all);
      assertEquals(List.of(), wrong.out());
    }
    try (Running wrong = Running.duologger("--every", "cpu=sometimes")) {
      assertEquals(2, wrong.exitWithin(Running.MARGIN), wrong::all);
    }
  }
}
