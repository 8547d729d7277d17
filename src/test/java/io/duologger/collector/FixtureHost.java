package io.duologger.collector;

import io.duologger.model.Globs;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of a fixture host that can change while collectors hold its files open. */
public final class FixtureHost {
  /** The hosts of the modules that the first release had; each has a second tick. */
  public static final List<String> ALL = List.of("small", "old", "many", "container");

  /** What a module has to be told to find what the fixtures have of it. */
  private static final Map<String, Map<String, String>> OPTIONS =
      Map.of("job", Map.of("pid", "100", "pss", "true", "cgroup", "/sys/fs/cgroup/job"));

  private static final Path RESOURCES = Path.of("src/test/resources");

  private final Path root;

  private FixtureHost(Path root) {
    this.root = root;
  }

  /** The host {@code name} below {@code folder}. */
  public static FixtureHost of(String name, Path folder) throws IOException {
    FixtureHost host = new FixtureHost(folder);
    host.become(name);
    return host;
  }

  /** An empty host below {@code folder}. */
  static FixtureHost empty(Path folder) {
    return new FixtureHost(folder);
  }

  /** Where it is. */
  public HostRoot root() {
    return HostRoot.at(root);
  }

  /** What a collector of this host may use; time and threads are real. */
  public Surroundings surroundings() {
    return surroundings(root());
  }

  /** What a collector of {@code root} may use; time and threads are real. */
  public static Surroundings surroundings(HostRoot root) {
    return new Surroundings(root, new SystemClock(), Threads.reads());
  }

  /** Files keep their identity and get other content; what the other host lacks goes. */
  public void become(String name) throws IOException {
    Path from = RESOURCES.resolve("hosts").resolve(name);
    try (Stream<Path> mine = Files.walk(root)) {
      for (Path path : mine.sorted(Comparator.reverseOrder()).toList()) {
        Path there = from.resolve(root.relativize(path).toString());
        if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(path)) {
          Files.delete(path);
        }
      }
    }
    try (Stream<Path> theirs = Files.walk(from)) {
      theirs.forEach(path -> copy(path, root.resolve(from.relativize(path).toString())));
    }
  }

  private static void copy(Path from, Path to) {
    try {
      if (Files.isSymbolicLink(from)) {
        Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
      } else if (Files.isDirectory(from)) {
        Files.createDirectories(to);
      } else {
        Files.write(to, Files.readAllBytes(from));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes one file. */
  FixtureHost write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
    return this;
  }

  /** Makes a folder, which opens but cannot be read. */
  FixtureHost folder(String path) throws IOException {
    Files.createDirectories(root.resolve(path));
    return this;
  }

  /** Makes a symbolic link, whether or not there is what it points to. */
  void link(String path, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
  }

  /** The hosts for which there is a file of what module {@code module} reads. */
  static List<String> withExpected(String module) throws IOException {
    try (Stream<Path> hosts = Files.list(RESOURCES.resolve("expected"))) {
      return hosts
          .filter(host -> Files.exists(host.resolve(module + ".txt")))
          .map(host -> host.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** What module {@code module} reads of host {@code host}, worked out by other means. */
  static List<String> expected(String host, String module) throws IOException {
    return Files.readAllLines(RESOURCES.resolve("expected/" + host + "/" + module + ".txt"));
  }

  /** What {@code module} is told to read the fixtures: its defaults, as far as that will do. */
  public static ModuleSettings settings(ModuleDescriptor module, Duration every) {
    ModuleSettings settings = ModuleSettings.defaults(module, every);
    for (Map.Entry<String, String> option :
        OPTIONS.getOrDefault(module.name(), Map.of()).entrySet()) {
      settings = settings.with(settings.options().with(option.getKey(), option.getValue()));
    }
    return settings;
  }

  /** The defaults of {@code module}. */
  static ModuleSettings defaults(ModuleDescriptor module) {
    return ModuleSettings.defaults(module, module.every());
  }

  /** The defaults but for one option. */
  static ModuleSettings with(ModuleDescriptor module, String key, String value) {
    ModuleSettings defaults = defaults(module);
    return defaults.with(defaults.options().with(key, value));
  }

  /** The defaults but for what to include. */
  static ModuleSettings including(ModuleDescriptor module, String... globs) {
    ModuleSettings defaults = defaults(module);
    Globs instances = new Globs(List.of(globs), List.of());
    return new ModuleSettings(instances, true, defaults.every(), defaults.options());
  }

  /** The defaults but for the interval and what to include. */
  static ModuleSettings including(ModuleDescriptor module, Duration every, String... globs) {
    ModuleSettings defaults = including(module, globs);
    return new ModuleSettings(defaults.instances(), true, every, defaults.options());
  }

  /** The defaults but for what to exclude. */
  static ModuleSettings excluding(ModuleDescriptor module, String... globs) {
    ModuleSettings defaults = defaults(module);
    Globs instances = new Globs(List.of("*"), List.of(globs));
    return new ModuleSettings(instances, false, defaults.every(), defaults.options());
  }
}
