package io.duologger.topology;

import io.duologger.config.OutputSpec;
import io.duologger.format.ClassicFormat;
import io.duologger.format.Format;
import io.duologger.format.GridEngineFormat;
import io.duologger.format.JsonFormat;
import io.duologger.format.LogfmtFormat;
import io.duologger.model.RecorderClock;
import io.duologger.sink.FileSink;
import io.duologger.sink.HostForm;
import io.duologger.sink.Rfc3164;
import io.duologger.sink.RollingFileSink;
import io.duologger.sink.Sink;
import io.duologger.sink.StdoutSink;
import io.duologger.sink.SyslogSink;
import java.nio.file.Path;
import java.time.ZoneId;

/** Makes the sinks of outputs. */
final class Sinks {
  private Sinks() {}

  /**
   * The sink of an output.
   *
   * @param clock what the time stamps of syslog messages are from
   */
  static Sink of(OutputSpec spec, RecorderClock clock) {
    Format format = format(spec);
    return switch (spec.type()) {
      case STDOUT -> new StdoutSink(format);
      case FILE -> file(spec, spec.path().orElseThrow(), format);
      case SYSLOG -> syslog(spec.syslog().orElseThrow(), format, clock);
    };
  }

  private static Format format(OutputSpec spec) {
    return switch (spec.format()) {
      case LOGFMT -> new LogfmtFormat(spec.lineBytes(), spec.linePairs());
      case JSON -> new JsonFormat();
      case GRID_ENGINE -> new GridEngineFormat(spec.oldNames());
      case CLASSIC -> {
        OutputSpec.Classic classic = spec.classic().orElseThrow();
        yield new ClassicFormat(
            classic.showXid(), classic.showKeys(), classic.sorted(), classic.pairs());
      }
    };
  }

  private static Sink file(OutputSpec spec, Path path, Format format) {
    if (spec.rotation().isEmpty()) {
      return new FileSink(format, path);
    }
    OutputSpec.Rotation given = spec.rotation().get();
    return new RollingFileSink(
        format,
        path,
        new RollingFileSink.Rotation(
            given.maxSize(), given.maxDays(), given.maxTotal(), given.compress()));
  }

  private static Sink syslog(OutputSpec.Syslog to, Format format, RecorderClock clock) {
    boolean local = to.socket().isPresent();
    Rfc3164 header =
        new Rfc3164(
            to.facility(),
            to.severity(),
            to.tag(),
            ProcessHandle.current().pid(),
            local ? HostForm.NONE : HostForm.SHORT,
            ZoneId.systemDefault());
    return local
        ? SyslogSink.local(format, to.socket().get(), header, clock)
        : SyslogSink.udp(format, to.server().orElseThrow(), to.port(), header, clock);
  }
}
