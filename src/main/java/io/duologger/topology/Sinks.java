package io.duologger.topology;

import io.duologger.config.Form;
import io.duologger.config.OutputSpec;
import io.duologger.config.SyslogTarget;
import io.duologger.config.Target;
import io.duologger.format.ClassicFormat;
import io.duologger.format.Format;
import io.duologger.format.GridEngineFormat;
import io.duologger.format.JsonFormat;
import io.duologger.format.LimitedFormat;
import io.duologger.format.LogfmtFormat;
import io.duologger.format.PrometheusFormat;
import io.duologger.format.StructuredDataFormat;
import io.duologger.model.Closing;
import io.duologger.model.RecorderClock;
import io.duologger.procfs.OwnProcess;
import io.duologger.sink.FileSink;
import io.duologger.sink.Framing;
import io.duologger.sink.HostForm;
import io.duologger.sink.HttpSink;
import io.duologger.sink.MessageHeader;
import io.duologger.sink.Rfc3164;
import io.duologger.sink.Rfc5424;
import io.duologger.sink.RollingFileSink;
import io.duologger.sink.Sink;
import io.duologger.sink.SinkLog;
import io.duologger.sink.StdoutSink;
import io.duologger.sink.SyslogSink;
import io.duologger.sink.TlsSettings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** Makes the sinks of outputs. */
final class Sinks {
  /** Reports a second that are sent while others wait, where the configuration does not say. */
  private static final int RATE = 20;

  /** After so many heartbeats without a report something is wrong. */
  private static final int STALE_HEARTBEATS = 3;

  private static final long SECOND = 1_000_000_000;

  private final RecorderClock clock;
  private final Topology topology;

  /**
   * @param clock what the time stamps of messages are from
   * @param topology what the sinks are part of
   */
  Sinks(RecorderClock clock, Topology topology) {
    this.clock = clock;
    this.topology = topology;
  }

  /**
   * The sink of an output.
   *
   * @param log is told how it fares
   */
  Sink of(OutputSpec spec, SinkLog log) {
    Target target = spec.target();
    if (target instanceof Target.ToFile file) {
      return file(spec, file);
    } else if (target instanceof SyslogTarget syslog) {
      return syslog(spec, syslog, log);
    } else if (target instanceof Target.Http http) {
      return new HttpSink(
          new PrometheusFormat(), http.address(), http.port(), clock, freshness(), log);
    }
    return new StdoutSink(format(spec));
  }

  /** How old a report may be; zero where they come on request. */
  private Duration freshness() {
    return topology.closing() == Closing.ON_REQUEST
        ? Duration.ZERO
        : Duration.ofNanos(STALE_HEARTBEATS * topology.schedule().heartbeat().toNanos())
            .plus(topology.schedule().grace());
  }

  /** The form of lines that are not limited from elsewhere. */
  private static Format format(OutputSpec spec) {
    return spec.form() instanceof Form.Json ? new JsonFormat() : limited(spec, spec.lineBytes());
  }

  private static Format limited(OutputSpec spec, int maxBytes) {
    Form form = spec.form();
    if (form instanceof Form.Json) {
      return new JsonFormat(maxBytes);
    } else if (form instanceof Form.GridEngine gridEngine) {
      return new GridEngineFormat(gridEngine.oldNames());
    } else if (form instanceof Form.StructuredData data) {
      return new StructuredDataFormat(data.id(), maxBytes, spec.linePairs());
    } else if (form instanceof Form.Classic classic) {
      return new ClassicFormat(
          classic.showXid(), classic.showKeys(), classic.sorted(), classic.pairs(), maxBytes);
    }
    return new LogfmtFormat(maxBytes, spec.linePairs());
  }

  private static Sink file(OutputSpec spec, Target.ToFile file) {
    Format format = format(spec);
    if (file.rotation().isEmpty()) {
      return new FileSink(format, file.path());
    }
    Target.Rotation given = file.rotation().get();
    return new RollingFileSink(
        format,
        file.path(),
        new RollingFileSink.Rotation(
            given.maxSize(), given.maxDays(), given.maxTotal(), given.compress()));
  }

  private Sink syslog(OutputSpec spec, SyslogTarget to, SinkLog log) {
    LimitedFormat formats = maxBytes -> limited(spec, maxBytes);
    return new SyslogSink(
        receiver(to.receiver()),
        header(spec, to),
        formats,
        spec.lineBytes(),
        waiting(spec, to),
        new SyslogSink.Pace(gap(to), to.retryMax()),
        clock,
        log);
  }

  private static SyslogSink.Receiver receiver(SyslogTarget.Receiver receiver) {
    if (!(receiver instanceof SyslogTarget.Server to)) {
      return SyslogSink.Receiver.local(((SyslogTarget.Local) receiver).path());
    }
    return switch (to.transport()) {
      case UDP -> SyslogSink.Receiver.udp(to.host(), to.port());
      case TCP ->
          SyslogSink.Receiver.tcp(
              to.host(), to.port(), to.lineFeeds() ? Framing.LINE_FEED : Framing.OCTET_COUNTING);
      case TLS -> {
        SyslogTarget.Tls tls = to.tls().orElseThrow();
        yield SyslogSink.Receiver.tls(
            to.host(),
            to.port(),
            new TlsSettings(tls.authority(), tls.certificate(), tls.key(), tls.name()));
      }
    };
  }

  private static MessageHeader header(OutputSpec spec, SyslogTarget to) {
    long pid = OwnProcess.id();
    HostForm host = to.shortHost() ? HostForm.SHORT : HostForm.FULL;
    boolean data = spec.form() instanceof Form.StructuredData;
    return switch (to.header()) {
      case RFC3164 ->
          new Rfc3164(
              to.facility(),
              to.severity(),
              to.tag(),
              pid,
              to.receiver() instanceof SyslogTarget.Local ? HostForm.NONE : host,
              ZoneId.systemDefault());
      case RFC5424 ->
          new Rfc5424(
              to.facility(),
              to.severity(),
              to.tag(),
              pid,
              data ? "pairs" : spec.form().text(),
              host,
              data);
    };
  }

  private static SyslogSink.Waiting waiting(OutputSpec spec, SyslogTarget to) {
    return to.spool()
        .map(
            spool ->
                new SyslogSink.Waiting(
                    Optional.of(spool.folder()), spool.maxBytes(), spool.maxAge(), spec.queue()))
        .orElseGet(() -> new SyslogSink.Waiting(Optional.empty(), 0, Duration.ZERO, spec.queue()));
  }

  /** The time between two reports while others wait: shorter than that between two closes. */
  private Duration gap(SyslogTarget to) {
    if (to.spool().isPresent() && to.spool().get().rate().isPresent()) {
      return Duration.ofNanos(SECOND / to.spool().get().rate().getAsInt());
    }
    Duration half = Duration.ofNanos(topology.schedule().heartbeat().toNanos() / 2);
    Duration usual = Duration.ofNanos(SECOND / RATE);
    return half.compareTo(usual) < 0 ? half : usual;
  }
}
