package io.duologger.config;

import com.typesafe.config.ConfigObject;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Modules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads and checks a configuration.
 *
 * <p>The file is HOCON. It may include other files, relative to itself, but nothing reaches out of
 * the files: URLs and class-path resources are refused, and there are no substitutions, so that
 * neither the environment nor a system property changes what a file means and no small file can
 * grow into a large configuration. Files together have at most 64 KiB.
 *
 * <p>All methods are pure but for reading the files, and safe for use by any thread.
 */
public final class ConfigReader {
  private static final Duration SHORTEST_RUN = Duration.ofMillis(1);
  private static final Duration LONGEST_RUN = Duration.ofDays(36_500);
  private static final long LEAST_MEMORY = 64L << 10;
  private static final long MOST_MEMORY = 1L << 40;

  private final Problems problems = new Problems();
  private final Problems warnings = new Problems();
  private final Source source = new Source(problems);
  private final Modules catalogue;
  private final List<String> moduleNames;
  private final Rhythm rhythm;
  private final Overrides overrides;

  private ConfigReader(Modules catalogue, Rhythm rhythm, Overrides overrides) {
    this.catalogue = catalogue;
    this.moduleNames = catalogue.names();
    this.rhythm = rhythm;
    this.overrides = overrides;
  }

  /**
   * Reads {@code file} and what the command line said.
   *
   * @param catalogue the modules that there are, in the order in which to run those that only the
   *     command line names
   * @param rhythm what the mode makes of rates
   * @throws ConfigException with every problem, if there is one
   */
  public static RecorderConfig read(
      Path file, Modules catalogue, Rhythm rhythm, Overrides overrides) throws ConfigException {
    return new ConfigReader(catalogue, rhythm, overrides).read(file);
  }

  private RecorderConfig read(Path file) throws ConfigException {
    for (Problem found : overrides.problems()) {
      problems.add(found);
    }
    Optional<ConfigObject> content = source.load(file);
    Section root =
        content.isPresent()
            ? Section.root(source, problems, content.get())
            : Section.absent(source, problems, "");
    root.checkNames(Keys.names(Keys.TOP));

    Pace pace = new PaceReader(problems, warnings, rhythm, overrides).read(root);
    Optional<Duration> duration = duration(root);
    Optional<String> host = host(root);
    boolean shortHost = root.flag("short-host").orElse(false);
    Path state = state(root);
    Optional<Long> memory = root.size("percentile-memory", LEAST_MEMORY, MOST_MEMORY);
    List<ModuleSpec> modules =
        modules(root, new ModuleReader(problems, warnings, pace), content.isPresent());
    List<OutputSpec> outputs =
        new OutputReader(source, problems, rhythm, overrides).read(root, content.isPresent());

    List<Problem> found = problems.sorted();
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
    return new RecorderConfig(
        pace.heartbeat(),
        rhythm == Rhythm.ONE_SHOT ? longestTimeout(modules) : pace.grace(),
        host,
        shortHost,
        duration,
        overrides.once(),
        pace.settle(),
        state,
        modules,
        outputs,
        memory.isPresent() ? OptionalLong.of(memory.get()) : OptionalLong.empty(),
        warnings.sorted());
  }

  /** What the command line says or else the file; both are checked. */
  private Optional<Duration> duration(Section root) {
    Optional<Duration> inFile = root.duration("duration", SHORTEST_RUN, LONGEST_RUN);
    if (rhythm == Rhythm.ONE_SHOT) {
      warnings.addIfPresent(root.field("duration"), PaceReader.READ_ONCE);
      return Optional.empty();
    }
    if (overrides.duration().isEmpty()) {
      return overrides.once() ? Optional.empty() : inFile;
    }
    Field typed = Field.typed("duration", overrides.duration().get());
    if (overrides.once()) {
      problems.add(typed, "expected without --once, which ends the run after one window");
    }
    return problems.duration(typed, SHORTEST_RUN, LONGEST_RUN, "");
  }

  private Path state(Section root) {
    Optional<Field> field = root.field("state");
    Optional<Path> state = field.isPresent() ? problems.file(field.get()) : Optional.empty();
    if (overrides.state().isPresent()) {
      Optional<Path> typed = problems.file(Field.typed("state", overrides.state().get()));
      state = typed.isPresent() ? typed : state;
    }
    return state.isPresent() ? state.get() : overrides.defaults().state();
  }

  private static Duration longestTimeout(List<ModuleSpec> modules) {
    Duration longest = Duration.ZERO;
    for (ModuleSpec module : modules) {
      longest = module.timeout().compareTo(longest) > 0 ? module.timeout() : longest;
    }
    return longest;
  }

  private Optional<String> host(Section root) {
    Optional<Field> given = root.field("host");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Field field = given.get();
    if (HostName.isLegal(field.text().orElse(""))) {
      return field.text();
    }
    problems.add(field, "expected a host name of letters, digits and . - _ :");
    return Optional.empty();
  }

  /** All that are to run; all that are given are checked. */
  private List<ModuleSpec> modules(Section root, ModuleReader reader, boolean readable) {
    checkTyped();
    List<ModuleSpec> specs = new ArrayList<>();
    Optional<Section> section = root.section("modules", "{ cpu { every = 1 s } }");
    List<String> named = new ArrayList<>();
    Map<String, Section> given = section.isPresent() ? inOrder(section.get()) : Map.of();
    for (Map.Entry<String, Section> entry : given.entrySet()) {
      String name = entry.getKey();
      Section module = entry.getValue();
      ModuleDescriptor descriptor = catalogue.find(name).orElseThrow();
      named.add(name);
      boolean runs = runs(name, module.flag("enabled").orElse(true));
      ModuleSpec spec = reader.read(descriptor, module, typedEvery(name), runs);
      if (runs) {
        specs.add(spec);
      }
    }
    for (String name : moduleNames) {
      if (!named.contains(name) && runs(name, false)) {
        Section nothing = Section.absent(source, problems, "modules." + name);
        specs.add(reader.read(catalogue.find(name).orElseThrow(), nothing, typedEvery(name), true));
      }
    }
    if (specs.isEmpty() && readable && !root.has("modules")) {
      problems.add(root.place(), "modules", "", "expected at least one module");
    } else if (specs.isEmpty()
        && section.isPresent()
        && named.size() == section.get().names().size()) {
      problems.add(section.get().place(), "modules", "", "expected at least one module that runs");
    }
    return specs;
  }

  /** Whether a module runs for which the file says {@code enabled}. */
  private boolean runs(String name, boolean enabled) {
    return overrides.modules().isPresent()
        ? overrides.modules().get().contains(name)
        : enabled || overrides.every().containsKey(name);
  }

  private Optional<Field> typedEvery(String name) {
    String text = overrides.every().get(name);
    return text == null
        ? Optional.empty()
        : Optional.of(Field.typed("modules." + name + ".every", text));
  }

  /** Checks the names of modules on the command line. */
  private void checkTyped() {
    List<String> only = overrides.modules().orElse(List.of());
    if (overrides.modules().isPresent() && only.isEmpty()) {
      problems.add(Place.COMMAND_LINE, "modules", "", "expected at least one module");
    }
    for (String name : only) {
      unknownModule(Place.COMMAND_LINE, "modules", Text.quoted(name), name);
    }
    for (Map.Entry<String, String> entry : overrides.every().entrySet()) {
      String name = entry.getKey();
      Field field = Field.typed("every", name + "=" + entry.getValue());
      if (!unknownModule(field.place(), field.key(), field.shown(), name)
          && overrides.modules().isPresent()
          && !only.contains(name)) {
        problems.add(field, "expected one of the modules that are to run");
      }
    }
  }

  private boolean unknownModule(Place place, String key, String shown, String name) {
    if (moduleNames.contains(name)) {
      return false;
    }
    problems.unknown(place, key, shown, "module", name, moduleNames);
    return true;
  }

  /** The modules of the file as they are written in it; HOCON keeps no order. */
  private Map<String, Section> inOrder(Section modules) {
    Map<String, Section> known = new LinkedHashMap<>();
    for (Map.Entry<String, Section> entry : modules.entries("{ every = 1 s }").entrySet()) {
      String name = entry.getKey();
      Section module = entry.getValue();
      if (!unknownModule(module.place(), module.path(), "", name)) {
        known.put(name, module);
      }
    }
    return known;
  }
}
