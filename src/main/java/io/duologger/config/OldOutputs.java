package io.duologger.config;

import io.duologger.config.SyslogTarget.Receiver;
import io.duologger.config.SyslogTarget.Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the Perl tools' options -o, -l, -n, -F, -H and -P make of the outputs. All are checked, even
 * where they have no effect. Used by one thread.
 */
final class OldOutputs {
  private static final List<String> TYPES = List.of("syslog", "file", "stdout", "net");
  private static final String DEFAULT_FILE = "logfile.txt";
  private static final String DEFAULT_SERVER = "localhost";

  private final Problems problems;
  private final SyslogReader syslog;
  private final boolean given;
  private final Optional<Field> fileField;
  private final Optional<String> type;
  private final Optional<Integer> facility;
  private final Optional<String> tag;
  private final Optional<Path> file;
  private final Optional<String> server;
  private final Optional<Integer> port;

  OldOutputs(Problems problems, SyslogReader syslog, Overrides overrides) {
    this.problems = problems;
    this.syslog = syslog;
    fileField = overrides.oldField("-F");
    given = !overrides.old().isEmpty();
    if (given) {
      type = overrides.oldField("-o").flatMap(this::type);
      facility = overrides.oldField("-l").flatMap(syslog::local);
      tag = overrides.oldField("-n").flatMap(syslog::tag);
      file = fileField.flatMap(problems::file);
      server = overrides.oldField("-H").flatMap(syslog::server);
      port = overrides.oldField("-P").flatMap(syslog::port);
    } else {
      // Without linking all of the above, at each start.
      type = Optional.empty();
      facility = Optional.empty();
      tag = Optional.empty();
      file = Optional.empty();
      server = Optional.empty();
      port = Optional.empty();
    }
    if (given && !overrides.outputs().isEmpty()) {
      problems.addIfPresent(
          overrides.oldField("-o"), "expected without --output, which says the same");
    }
  }

  private Optional<String> type(Field field) {
    Optional<String> lower = field.text().map(text -> text.toLowerCase(Locale.ROOT));
    if (TYPES.contains(lower.orElse(""))) {
      return lower;
    }
    problems.add(field, "expected syslog, file, stdout or net");
    return Optional.empty();
  }

  /** The keys of the one output that -o stands for; empty if there is no -o. */
  Optional<Map<String, Object>> values() {
    if (type.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> values = new HashMap<>();
    switch (type.get()) {
      case "file" -> values.put("path", file.map(Path::toString).orElse(DEFAULT_FILE));
      case "net" -> {
        values.put("server", server.orElse(DEFAULT_SERVER));
        values.put("header", "rfc3164");
      }
      default -> {}
    }
    values.put("type", type.get().equals("net") ? "syslog" : type.get());
    return Optional.of(values);
  }

  /** The outputs with what the options change of them. */
  List<OutputSpec> changed(List<OutputSpec> outputs) {
    if (!given) {
      return outputs;
    }
    long files = outputs.stream().filter(o -> o.target() instanceof Target.ToFile).count();
    if (file.isPresent() && files > 1) {
      problems.add(fileField.get(), "expected one output of type file, not " + files);
      return outputs;
    }
    return outputs.stream().map(this::changed).toList();
  }

  private OutputSpec changed(OutputSpec output) {
    Target target = output.target();
    if (target instanceof Target.ToFile to) {
      target = changed(to);
    } else if (target instanceof SyslogTarget to) {
      Receiver receiver = changed(to.receiver());
      target =
          to.with(
              receiver,
              facility.orElse(to.facility()),
              tag.orElse(to.tag()),
              to.spool().map(spool -> syslog.moved(spool, to.receiver(), receiver)));
    }
    return new OutputSpec(
        target, output.form(), output.lineBytes(), output.linePairs(), output.queue());
  }

  private Target changed(Target.ToFile to) {
    if (file.isPresent() && to.rotation().isPresent() && !TargetReader.rotatable(file.get())) {
      problems.add(fileField.get(), TargetReader.ROTATABLE);
    }
    return new Target.ToFile(file.orElse(to.path()), to.rotation());
  }

  private Receiver changed(Receiver receiver) {
    return receiver instanceof Server to
        ? new Server(
            to.transport(),
            server.orElse(to.host()),
            port.orElse(to.port()),
            to.lineFeeds(),
            to.tls())
        : receiver;
  }
}
