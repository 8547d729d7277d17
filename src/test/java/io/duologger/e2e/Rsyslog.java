package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real rsyslogd on the loopback addresses, with its files in one folder. It may be stopped,
 * killed and started again: places and files stay. What it has understood of each message is read
 * back from the file that it writes, in the order in which it wrote. Used by one thread.
 *
 * <p>Nothing waits in a queue of rsyslogd: a message is in the file as soon as it has been read
 * from the network.
 */
final class Rsyslog implements AutoCloseable {
  /** Debian's rsyslog with both of its TLS libraries. */
  private static final List<String> TLS_LIBRARIES = List.of("lmnsd_gtls.so", "lmnsd_ossl.so");

  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  /** Its own name-value-list (liblognorm 2.0.6) knows no blanks within quotes. */
  private static final String PAIRS =
      "%{\"name\":\"pairs\",\"type\":\"repeat\",\"parser\":["
          + "{\"name\":\"name\",\"type\":\"char-to\",\"extradata\":\"=\"},"
          + "{\"type\":\"literal\",\"text\":\"=\"},"
          + "{\"name\":\"value\",\"type\":\"op-quoted-string\"}],"
          + "\"while\":{\"type\":\"literal\",\"text\":\" \"}}%\n";

  /**
   * A place where it listens.
   *
   * @param name what its messages have as {@link Received#input}
   * @param address the loopback address
   * @param port the port, UDP or TCP
   */
  record Listener(String name, String address, int port) {}

  /**
   * A message as rsyslog understood it.
   *
   * @param input the listener's name
   * @param time of the message
   * @param host that sent it
   * @param facility by its name
   * @param severity by its name
   * @param version 1 if it came with the header of RFC 5424, else 0
   * @param app the sender
   * @param procid its process
   * @param msgid the kind of message
   * @param text the message without the blank that RFC 3164 leaves before it
   * @param raw the whole message, as it came
   * @param pairs those of {@code text}; empty if it is not all pairs
   * @param elements those of the structured data, by the names of the elements
   */
  record Received(
      String input,
      OffsetDateTime time,
      String host,
      String facility,
      String severity,
      int version,
      String app,
      String procid,
      String msgid,
      String text,
      String raw,
      Map<String, String> pairs,
      Map<String, Map<String, String>> elements) {
    private static Received parse(String line) {
      Map<String, Object> all = ConfigFactory.parseString(line, JSON).root().unwrapped();
      String text = (String) all.get("msg");
      Map<?, ?> parsed = (Map<?, ?>) all.get("parsed");
      Map<String, String> pairs = new LinkedHashMap<>();
      if (parsed.get("pairs") instanceof List<?> list) {
        for (Object pair : list) {
          // RFC 3164 leaves a blank before the first one.
          String name = ((String) ((Map<?, ?>) pair).get("name")).strip();
          String value = (String) ((Map<?, ?>) pair).get("value");
          assertTrue(pairs.put(name, value) == null, () -> name + " stands twice in " + text);
        }
      }
      Map<String, Map<String, String>> elements = new LinkedHashMap<>();
      if (parsed.get("rfc5424-sd") instanceof Map<?, ?> map) {
        map.forEach((name, element) -> elements.put((String) name, texts((Map<?, ?>) element)));
      }
      return new Received(
          (String) all.get("input"),
          OffsetDateTime.parse((String) all.get("time")),
          (String) all.get("host"),
          (String) all.get("facility"),
          (String) all.get("severity"),
          Integer.parseInt((String) all.get("version")),
          (String) all.get("app"),
          (String) all.get("procid"),
          (String) all.get("msgid"),
          text.startsWith(" ") ? text.substring(1) : text,
          (String) all.get("raw"),
          pairs,
          elements);
    }

    private static Map<String, String> texts(Map<?, ?> map) {
      Map<String, String> texts = new LinkedHashMap<>();
      map.forEach((name, value) -> texts.put((String) name, (String) value));
      return texts;
    }
  }

  private final Path folder;
  private final Path received;
  private final List<Listener> datagrams = new ArrayList<>();
  private final List<Listener> streams = new ArrayList<>();
  private final List<String> inputs = new ArrayList<>();
  private final Set<String> modules = new LinkedHashSet<>();
  private String parsers = "";
  private final List<Path> sockets = new ArrayList<>();
  private final List<Running> runs = new ArrayList<>();
  private final List<Received> messages = new ArrayList<>();
  private long read;

  /** One that has its files in this folder, which has a short name and may not be there yet. */
  Rsyslog(Path folder) throws IOException {
    Machine.needsPrograms("rsyslogd");
    this.folder = Files.createDirectories(folder);
    this.received = folder.resolve("received");
  }

  /** Listens for datagrams. */
  Listener udp(String address) throws IOException {
    Listener listener = listener("imudp", "udp", address, "");
    datagrams.add(listener);
    return listener;
  }

  /** Listens for connections. */
  Listener tcp(String address) throws IOException {
    Listener listener = listener("imptcp", "tcp", address, "");
    streams.add(listener);
    return listener;
  }

  /** Listens for TLS with the driver {@code gtls} (TLS 1.2 here) or {@code ossl} (1.3). */
  Listener tls(String driver, String address, Certificates certificates) throws IOException {
    return tls(driver, address, certificates, certificates.server(), "anon");
  }

  /** Listens for TLS and talks only to clients with the certificate of that name. */
  Listener tlsForClient(String driver, String address, Certificates certificates, String name)
      throws IOException {
    return tls(
        driver,
        address,
        certificates,
        certificates.server(),
        "x509/name\" PermittedPeer=\"" + name);
  }

  /** Listens for TLS with any certificate. */
  Listener tlsWith(Certificates.Identity identity, String address, Certificates certificates)
      throws IOException {
    return tls("ossl", address, certificates, identity, "anon");
  }

  /** Has a local datagram socket, whose messages come from {@code imuxsock}. */
  Path socket() {
    Path socket = folder.resolve("log");
    sockets.add(socket);
    modules.add("\"imuxsock\" SysSock.Use=\"off\"");
    inputs.add(
        "input(type=\"imuxsock\" Socket=\"%s\" IgnoreTimestamp=\"off\" UseSysTimestamp=\"off\""
                .formatted(socket)
            + " ruleset=\"out\")");
    return socket;
  }

  /** Takes pairs and structured data apart. */
  Rsyslog parsing() throws IOException {
    Path rules = folder.resolve("rules");
    Files.writeString(rules, "version=2\nrule=:" + PAIRS);
    modules.add("\"mmnormalize\"");
    modules.add("\"mmpstrucdata\"");
    parsers =
        "action(type=\"mmpstrucdata\") action(type=\"mmnormalize\" rulebase=\"" + rules + "\")";
    return this;
  }

  /** Starts it, for the first time or again, and waits until it listens everywhere. */
  Rsyslog start() throws IOException, InterruptedException {
    Path config = Files.writeString(folder.resolve("rsyslog.conf"), config());
    Running run =
        Running.start(new ProcessBuilder("rsyslogd", "-n", "-iNONE", "-f", config.toString()));
    runs.add(run);
    Running.poll(Running.MARGIN, "rsyslogd", () -> !run.isAlive() || listens(run.pid()), run::all);
    if (!run.isAlive()) {
      try (Running check =
          Running.start(new ProcessBuilder("rsyslogd", "-N1", "-f", config.toString()))) {
        check.exitWithin(Running.MARGIN);
        fail("rsyslogd does not start: " + run.all() + check.all());
      }
    }
    return this;
  }

  /** Stops it in order. */
  void stop() throws IOException, InterruptedException {
    Running run = current();
    run.signal("TERM");
    assertEquals(0, run.exitWithin(Running.MARGIN), run::all);
  }

  /** Kills it. */
  void kill() throws InterruptedException {
    current().close();
    current().exitWithin(Running.MARGIN);
  }

  /** Keeps it from doing anything until {@link #resume}. */
  void pause() throws IOException, InterruptedException {
    current().signal("STOP");
  }

  /** Lets it go on. */
  void resume() throws IOException, InterruptedException {
    current().signal("CONT");
  }

  /** What it has received so far, in order. */
  List<Received> received() {
    try (RandomAccessFile file = new RandomAccessFile(received.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(file.length() - read)];
      file.seek(read);
      file.readFully(bytes);
      int begin = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          messages.add(Received.parse(new String(bytes, begin, i - begin, StandardCharsets.UTF_8)));
          begin = i + 1;
        }
      }
      read += begin;
    } catch (IOException e) {
      if (Files.exists(received)) {
        throw new UncheckedIOException(e);
      }
    }
    return List.copyOf(messages);
  }

  /** What one of its listeners has received so far. */
  List<Received> received(String input) {
    return received().stream().filter(message -> message.input().equals(input)).toList();
  }

  /** The text of each message that it has received so far. */
  List<String> texts() {
    return received().stream().map(Received::text).toList();
  }

  /** Waits until {@code wanted} takes what it has received. */
  void await(Duration limit, String what, Predicate<List<Received>> wanted)
      throws InterruptedException {
    Running.poll(
        limit,
        what,
        () -> wanted.test(received()),
        () -> messages.size() + " messages" + complaints());
  }

  /** What it has said about itself. */
  List<String> complaints() {
    return runs.stream()
        .flatMap(run -> Stream.concat(run.out().stream(), run.err().stream()))
        .toList();
  }

  @Override
  public void close() {
    runs.forEach(Running::close);
  }

  private Listener tls(
      String driver,
      String address,
      Certificates certificates,
      Certificates.Identity identity,
      String mode)
      throws IOException {
    TLS_LIBRARIES.forEach(library -> Machine.needsLibrary("rsyslog/" + library));
    Listener listener =
        listener(
            "imtcp",
            driver,
            address,
            """
             StreamDriver.Name="%s" StreamDriver.Mode="1" StreamDriver.AuthMode="%s"
              StreamDriver.CAFile="%s" StreamDriver.CertFile="%s" StreamDriver.KeyFile="%s\""""
                .formatted(
                    driver,
                    mode,
                    certificates.authority(),
                    identity.certificate(),
                    identity.key()));
    streams.add(listener);
    return listener;
  }

  private Listener listener(String module, String name, String address, String further)
      throws IOException {
    modules.add("\"" + module + "\"");
    Listener listener = new Listener(name + inputs.size(), address, Machine.freePort());
    inputs.add(
        "input(type=\"%s\" name=\"%s\" address=\"%s\" port=\"%d\" ruleset=\"out\"%s)"
            .formatted(module, listener.name(), address, listener.port(), further));
    return listener;
  }

  private Running current() {
    return runs.get(runs.size() - 1);
  }

  private String config() {
    String load =
        modules.stream()
            .map(module -> "module(load=" + module + ")\n")
            .collect(Collectors.joining());
    return """
    global(maxMessageSize="64k" workDirectory="%1$s")
    main_queue(queue.type="Direct")
    %2$s
    template(name="message" type="list") {
      constant(value="{\\"time\\":\\"") property(name="timereported" dateFormat="rfc3339") constant(value="\\",")
      property(outname="input" name="inputname" format="jsonf") constant(value=",")
      property(outname="host" name="hostname" format="jsonf") constant(value=",")
      property(outname="facility" name="syslogfacility-text" format="jsonf") constant(value=",")
      property(outname="severity" name="syslogseverity-text" format="jsonf") constant(value=",")
      property(outname="version" name="protocol-version" format="jsonf") constant(value=",")
      property(outname="app" name="app-name" format="jsonf") constant(value=",")
      property(outname="procid" name="procid" format="jsonf") constant(value=",")
      property(outname="msgid" name="msgid" format="jsonf") constant(value=",")
      property(outname="msg" name="msg" format="jsonf") constant(value=",")
      property(outname="raw" name="rawmsg" format="jsonf") constant(value=",\\"parsed\\":")
      property(name="$!all-json") constant(value="}\\n")
    }
    %3$s
    ruleset(name="out") {
      %4$s
      action(type="omfile" file="%5$s" template="message" ioBufferSize="1m")
    }
    """
        .formatted(folder, load, String.join("\n", inputs), parsers, received);
  }

  private boolean listens(long pid) {
    return sockets.stream().allMatch(Files::exists)
        && datagrams.stream().allMatch(listener -> isTaken("udp", " 07 ", listener, pid))
        && streams.stream().allMatch(listener -> isTaken("tcp", " 0A ", listener, pid));
  }

  /** Whether there is a socket in this state at the place. */
  private static boolean isTaken(String protocol, String state, Listener listener, long pid) {
    String end = String.format(":%04X ", listener.port());
    String file = protocol + (listener.address().contains(":") ? "6" : "");
    try (Stream<String> sockets = Files.lines(Path.of("/proc/" + pid + "/net/" + file))) {
      return sockets.anyMatch(
          line -> line.strip().split(" +")[1].concat(" ").endsWith(end) && line.contains(state));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
