package io.duologger.config;

import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.Modules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Six modules as the recorder has them, without their collectors. */
final class TestCatalogue {
  static final Modules MODULES =
      Modules.of(
          List.of(
              module(
                  "cpu",
                  Optional.of("cpu"),
                  1,
                  1,
                  ModuleOption.choice(
                      "per-cpu",
                      "busy",
                      List.of("busy", "all", "none"),
                      "Shares of each processor.")),
              module("load", Optional.empty(), 5, 1, ModuleOption.expression("only", "", "Which.")),
              module("memory", Optional.empty(), 10, 5),
              module(
                  "net",
                  Optional.of("device"),
                  1,
                  1,
                  ModuleOption.flag("virtual", false, "Virtual interfaces too.")),
              module(
                  "disk",
                  Optional.of("device"),
                  1,
                  1,
                  ModuleOption.flag("virtual", false, "Virtual devices too."),
                  ModuleOption.flag("partitions", false, "Partitions too.")),
              module("pressure", Optional.of("resource"), 10, 1)));

  private TestCatalogue() {}

  private static ModuleDescriptor module(
      String name, Optional<String> label, int every, int timeout, ModuleOption... options) {
    return new ModuleDescriptor(
        name,
        "The module " + name + ".",
        label,
        List.of(),
        List.of("/proc/" + name),
        "",
        Duration.ofSeconds(every),
        Duration.ofSeconds(timeout),
        List.of(options));
  }
}
