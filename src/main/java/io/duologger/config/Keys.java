package io.duologger.config;

import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.Modules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every key that a configuration may have: the one source for the check of unknown keys, the README
 * and the rule that the sample shows them all.
 */
public final class Keys {
  /** The group of the keys of a file's top level. */
  public static final String TOP = "";

  /** The group of the keys that every module has. */
  public static final String MODULE = "modules.NAME";

  /** The group of the keys of an output. */
  public static final String OUTPUT = "outputs[N]";

  /** The group of the keys about new files of a file output. */
  public static final String ROTATE = "outputs[N].rotate";

  /** The group of the keys about TLS of a syslog output. */
  public static final String TLS = "outputs[N].tls";

  /** The group of the keys about waiting reports of a syslog output. */
  public static final String SPOOL = "outputs[N].spool";

  private static final List<Key> COMMON =
      List.of(
          new Key(
              TOP,
              "heartbeat",
              "duration, 10 ms to 1 day",
              "10 minutes, in qloadsensor 30 s",
              "How often a window closes and a report is written."),
          new Key(
              TOP,
              "grace",
              "duration below the heartbeat",
              "the smaller of 1 s and a tenth of the heartbeat",
              "How long after a close a read under way may still count. In qloadsensor at most 90 ms, by default 50 ms; cronlogger waits for the longest timeout."),
          new Key(TOP, "host", "host name", "the host's own name", "What reports call this host."),
          new Key(
              TOP,
              "short-host",
              "true or false",
              "false",
              "Whether the host's own name is cut at its first dot."),
          new Key(
              TOP,
              "settle",
              "duration, 0 s to 1 hour",
              "1 s, in qloadsensor 100 ms",
              "How long after the first read cronlogger and qloadsensor read counters again; with 0 s cronlogger compares with its last run."),
          new Key(
              TOP,
              "state",
              "file name",
              "cronlogger.state in systemd's STATE_DIRECTORY, else in /var/lib/duologger or the user's state folder",
              "Where cronlogger keeps the counters of the last run, for settle = 0 s."),
          new Key(
              TOP,
              "duration",
              "duration, 1 ms to 36500 days",
              "until it is stopped",
              "How long the run lasts."),
          new Key(
              TOP,
              "percentile-memory",
              "size, 64 KiB to 1 TiB",
              "a third of the heap",
              "What values kept for percentiles may take, at most three quarters of the heap; a configuration that needs more is refused."),
          new Key(TOP, "modules", "object, module name to its keys", "", "What is measured."),
          new Key(TOP, "outputs", "list of objects", "", "Where reports go."),
          new Key(
              MODULE,
              "enabled",
              "true or false",
              "true",
              "Whether the module runs; false keeps its keys without running it."),
          new Key(
              MODULE,
              "every",
              "duration, 1 ms to 1 day, or heartbeat",
              "the module's own",
              "The sample interval; heartbeat means one sample a window."),
          new Key(
              MODULE,
              "lead",
              "duration below every",
              "0 s, or the timeout if that is longer than grace and every is the heartbeat",
              "How long before it is due a sample is read."),
          new Key(
              MODULE,
              "timeout",
              "duration, 1 ms to 1 day",
              "the module's own, at most the heartbeat",
              "A read that takes longer is discarded."),
          new Key(
              MODULE,
              "stats",
              "list of min, mean, max, last, value, p50, p99.9 and the like",
              "[min, mean, max, p50, p95, p99]; [value] in qloadsensor or if every is not below the heartbeat",
              "Which statistics of the window are printed, in this order."),
          new Key(
              MODULE,
              "include",
              "list of patterns with * and ?",
              "the module's own choice",
              "Which instances are measured; in modules without instances the same as series."),
          new Key(
              MODULE,
              "exclude",
              "list of patterns with * and ?",
              "[]",
              "Which instances are not measured; in modules without instances, which series."),
          new Key(
              MODULE,
              "series",
              "list of patterns with * and ?",
              "[\"*\"]",
              "Which series are kept, by metric name."),
          new Key(
              MODULE,
              "infos",
              "on-change or always",
              "always",
              "Whether texts are printed in each report or only when they differ from the last."),
          new Key(
              OUTPUT,
              "type",
              "stdout or file or syslog or http",
              "",
              "What kind of place reports go to; http is a page for Prometheus."),
          new Key(
              OUTPUT,
              "format",
              "logfmt or json or classic or grid-engine or structured-data",
              "logfmt; grid-engine on the standard output of qloadsensor",
              "How a report is written."),
          new Key(OUTPUT, "path", "file name", "", "The file, for type = file only."),
          new Key(
              OUTPUT,
              "rotate",
              "object with at least one key",
              "never",
              "When a new file is begun, beside each midnight UTC; for type = file only."),
          new Key(
              OUTPUT,
              "line-bytes",
              "whole number, 200 to 1000000",
              "2000; with type = syslog 2048, over UDP 1400",
              "Longer lines are split between pairs; of syslog messages the header counts too."),
          new Key(
              OUTPUT,
              "line-pairs",
              "whole number, 5 to 10000",
              "50",
              "Lines of more pairs are split."),
          new Key(
              OUTPUT,
              "queue",
              "whole number, 1 to 10000",
              "16",
              "How many reports are kept while the output is slow; the oldest is dropped."),
          new Key(
              OUTPUT,
              "socket",
              "file name",
              "/dev/log",
              "The local syslog daemon's socket, for type = syslog only."),
          new Key(
              OUTPUT,
              "server",
              "host name or address",
              "",
              "The host that syslog messages go to, instead of socket."),
          new Key(OUTPUT, "transport", "udp or tcp or tls", "udp", "The way to server."),
          new Key(
              OUTPUT,
              "port",
              "whole number, 1 to 65535",
              "514, with transport = tls 6514, with type = http 9825",
              "The port of server, or the one that is listened on."),
          new Key(
              OUTPUT,
              "address",
              "host name or address",
              "127.0.0.1",
              "This host's address that is listened on, for type = http only."),
          new Key(
              OUTPUT,
              "framing",
              "octet-counting or line-feed",
              "octet-counting",
              "How messages are told apart; for transport = tcp only."),
          new Key(
              OUTPUT,
              "header",
              "rfc5424 or rfc3164",
              "rfc5424; rfc3164 to a socket",
              "The standard that the headers of messages to server follow."),
          new Key(
              OUTPUT,
              "hostname",
              "short or full",
              "full; short with header = rfc3164",
              "Whether messages to server name this host without its domain."),
          new Key(
              OUTPUT,
              "sd-id",
              "NAME@NUMBER",
              "duologger@32473",
              "What the pairs are called, with one's private enterprise number; for format = structured-data only."),
          new Key(
              OUTPUT,
              "facility",
              "kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp or local0 to local7",
              "local4",
              "The facility of syslog messages."),
          new Key(
              OUTPUT,
              "severity",
              "emerg or alert or crit or err or warning or notice or info or debug",
              "notice",
              "The severity of syslog messages."),
          new Key(
              OUTPUT,
              "tag",
              "1 to 32 letters, digits and . _ -",
              "the mode's name",
              "The sender's name in syslog messages."),
          new Key(
              OUTPUT,
              "retry-max",
              "duration, 100 ms to 1 hour",
              "30 s",
              "The longest pause between two attempts to reach the syslog receiver."),
          new Key(OUTPUT, "tls", "object", "", "Who is trusted; for transport = tls only."),
          new Key(OUTPUT, "spool", "object", "", "Where reports wait for a syslog receiver."),
          new Key(
              OUTPUT,
              "showxid",
              "true or false",
              "true, in cronlogger false",
              "Whether each line begins with the time; for format = classic only."),
          new Key(
              OUTPUT,
              "showkeys",
              "true or false",
              "true",
              "Whether values have their keys before them; for format = classic only."),
          new Key(
              OUTPUT,
              "sortoutput",
              "true or false",
              "false",
              "Whether keys are in alphabetical order; for format = classic only."),
          new Key(
              OUTPUT,
              "linesz",
              "whole number, 1 to 10000",
              "5",
              "How many pairs a line has; for format = classic only."),
          new Key(
              OUTPUT,
              "names",
              "new or old",
              "new",
              "Whether values have this program's names or those of the Perl tools; for format = grid-engine only."),
          new Key(
              ROTATE,
              "max-size",
              "size, 1 KiB to 1 TiB",
              "no limit",
              "A new file is begun when the file would grow beyond this."),
          new Key(
              ROTATE,
              "max-days",
              "whole number, 1 to 36500",
              "no limit",
              "Old files of so many days before today are kept."),
          new Key(
              ROTATE,
              "max-total",
              "size, 1 KiB to 1 PiB",
              "no limit",
              "So many bytes of old files are kept at most; needs max-days."),
          new Key(
              ROTATE, "compress", "true or false", "false", "Whether old files are compressed."),
          new Key(
              TLS,
              "ca",
              "file name",
              "those that Java comes with",
              "The certificates (PEM) that may have signed the server's."),
          new Key(
              TLS,
              "certificate",
              "file name",
              "none",
              "What is shown to a server that wants to know who sends (PEM, chain included)."),
          new Key(TLS, "key", "file name", "none", "The key of certificate (PEM, PKCS #8)."),
          new Key(
              TLS,
              "name",
              "host name or address",
              "what server says",
              "What the server's certificate has to name."),
          new Key(
              SPOOL,
              "enabled",
              "true or false",
              "true",
              "Whether reports wait on disk; otherwise so many as queue says wait in memory."),
          new Key(
              SPOOL,
              "path",
              "folder name",
              "a folder of its own in spool/MODE, in the default folder of state",
              "The folder where reports wait; nothing else may use it."),
          new Key(
              SPOOL,
              "max-size",
              "size, 64 KiB to 1 TiB",
              "64 MiB",
              "How much the folder may hold; the oldest reports are dropped."),
          new Key(
              SPOOL,
              "max-age",
              "duration, 1 s to 36500 days",
              "7 days",
              "Older reports are dropped."),
          new Key(
              SPOOL,
              "rate",
              "whole number, 1 to 1000",
              "20, or twice as many as there are heartbeats in a second",
              "How many reports a second are sent while others wait."));

  private Keys() {}

  /**
   * A key.
   *
   * @param group where it may stand: {@link #TOP}, {@link #MODULE}, {@link #OUTPUT}, {@link
   *     #ROTATE}, or modules.net and the like for a key of one module
   * @param name the key itself
   * @param type what its value must be, in words
   * @param fallback what holds where it is not given, in words; empty if there is no default
   * @param help one sentence
   */
  public record Key(String group, String name, String type, String fallback, String help) {
    /** The whole path. */
    public String path() {
      return group.isEmpty() ? name : group + "." + name;
    }
  }

  /** All keys: the common ones, then those of single modules in the order of the catalogue. */
  public static List<Key> all(Modules catalogue) {
    List<Key> keys = new ArrayList<>(COMMON);
    for (ModuleDescriptor module : catalogue.all()) {
      keys.addAll(of(module));
    }
    return keys;
  }

  /** The keys that only one module has. */
  public static List<Key> of(ModuleDescriptor module) {
    List<Key> keys = new ArrayList<>();
    add("modules." + module.name(), module.options(), keys);
    return keys;
  }

  private static void add(String group, List<ModuleOption> options, List<Key> keys) {
    for (ModuleOption option : options) {
      keys.add(new Key(group, option.key(), type(option), fallback(option), option.help()));
      add(group + "." + option.key() + ".NAME", option.keys(), keys);
    }
  }

  private static String type(ModuleOption option) {
    return switch (option.type()) {
      case BOOLEAN, CHOICE -> String.join(" or ", option.choices());
      case DURATION -> "duration, 1 ms to 1 day";
      case INTEGER -> "whole number, " + String.join(" to ", option.choices());
      case TEXT -> "text";
      case EXPRESSION -> "regular expression";
      case LIST -> "list of texts";
      case ENTRIES -> "object, any name to its keys";
    };
  }

  /** What holds where a key is not given, as it would be written. */
  private static String fallback(ModuleOption option) {
    return switch (option.type()) {
      case DURATION -> Quantities.text(Duration.parse(option.fallback()));
      case LIST -> option.required() ? "" : quoted(option.choices());
      default -> option.fallback();
    };
  }

  private static String quoted(List<String> texts) {
    return texts.isEmpty() ? "[]" : "[\"" + String.join("\", \"", texts) + "\"]";
  }

  /** The names of the keys of a group that needs no catalogue. */
  static List<String> names(String group) {
    List<String> names = new ArrayList<>();
    for (Key key : COMMON) {
      if (key.group().equals(group)) {
        names.add(key.name());
      }
    }
    return names;
  }
}
