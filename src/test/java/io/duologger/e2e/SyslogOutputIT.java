package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.peer.LocalReceiver;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports as syslog messages, to receivers of the test and to rsyslog. */
class SyslogOutputIT {
  private static final Duration STOP = Duration.ofSeconds(6);

  /** RFC 3164: priority, time, perhaps the host, sender, text. */
  private static final Pattern MESSAGE =
      Pattern.compile(
          "<(?<priority>[0-9]{1,3})>"
              + "(?<time>[A-Z][a-z]{2} [ 1-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
              + "(?:(?<host>[!-~]+) )?"
              + "(?<tag>[A-Za-z0-9._-]{1,32})\\[(?<pid>[0-9]+)]: "
              + "(?<text>.+)");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  @TempDir private Path folder;

  @Test
  void oldOptionsSendAMessageALineToAServer() throws Exception {
    try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      List<Message> messages =
          once(
              receiver,
              "duologger -S -d 0.2 -i 5 --modules load,cpu -o net -H 127.0.0.1 -P PORT -l local3"
                  + " -n tag7");
      for (Message message : messages) {
        assertEquals(157, message.priority(), "local3.notice");
        assertEquals("tag7", message.tag());
        assertEquals(hostName(), message.host());
      }
      assertEquals(Set.of("load", "cpu", "self"), modules(messages));
      assertTrue(
          messages.stream().anyMatch(message -> message.text().contains(" load1_p99=")),
          messages::toString);
    }
  }

  @Test
  void theClassicFormIsSentAsWell() throws Exception {
    try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      List<Message> messages =
          once(
              receiver,
              "dlogger -S -d 1 --modules load,memory --format classic -o net -H 127.0.0.1 -P PORT");
      for (Message message : messages) {
        assertEquals(165, message.priority(), "local4.notice");
        assertEquals("dlogger", message.tag());
        assertTrue(
            message.text().matches("xid=[0-9]+( [a-z0-9_]+=[0-9.]+){1,5}"), message::toString);
      }
      assertTrue(messages.get(0).text().contains(" load_short="), messages::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void localhostIsTheAddressThatTheReceiverHas(String address) throws Exception {
    try (DatagramSocket receiver = loopback(address)) {
      // One window, one report: nothing may be lost before the right address is found.
      List<Message> messages =
          once(receiver, "duologger -S -d 0.2 -i 5 --modules load -o net -H localhost -P PORT");
      assertEquals(
          List.of("load", "self", "self", "self"),
          messages.stream().map(message -> Logfmt.parse(message.text()).module()).toList());
    }
  }

  @Test
  void oneShotThatNobodyListensToWarnsOnceAndEndsWell() throws Exception {
    for (String line :
        List.of(
            "duologger -S -d 0.2 -i 5 --modules load,cpu -o net -P PORT",
            "cronlogger --modules load --output syslog:127.0.0.1,port=PORT")) {
      int port = Machine.freePort();
      try (Running run = Running.start(command(line.replace("PORT", "" + port)))) {
        assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
        assertEquals(List.of(), run.out());
        String mode = line.split(" ")[0];
        String output = mode + ": (warn|info): output syslog .* UDP port " + port + ": ";
        assertEquals(2, run.err().size(), run::all);
        assertTrue(run.err().get(0).matches(output + ".*: nobody listens there"), run::all);
        assertTrue(
            run.err().get(1).matches(output + "1 report is kept for the next start"), run::all);
      }
    }
  }

  @Test
  void whatWaitsForOneServerGoesToNoOther() throws Exception {
    String line = "duologger -S -d 0.2 -i 5 --modules load -o net -H 127.0.0.1 -P PORT";
    try (Running run = Running.start(command(line.replace("PORT", "" + Machine.freePort())))) {
      assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
      assertTrue(run.err().get(1).endsWith(": 1 report is kept for the next start"), run::all);
    }
    try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      // It checks that all of them are from the second process.
      once(receiver, line);
    }
  }

  @Test
  void aServerThatIsAwayIsToldOnceAndFoundWhenItComes() throws Exception {
    int port = Machine.freePort();
    try (Running run =
        Running.start(command("dlogger -d 1 --modules load -o net -H 127.0.0.1 -P " + port))) {
      run.poll(Running.MARGIN, "warning", () -> run.err().size() == 1);
      Instant warned = Instant.now();
      assertTrue(
          run.err().get(0).endsWith(" 127.0.0.1 port " + port + ": nobody listens there"),
          run::all);
      // Two more reports find nobody, and nothing more is said.
      waitFor(run, Duration.ofMillis(2_500));
      assertEquals(1, run.err().size(), run::all);
      try (DatagramSocket receiver = new DatagramSocket(port, InetAddress.getByName("127.0.0.1"))) {
        run.poll(Running.MARGIN, "recovery", () -> run.err().size() == 2);
        assertRecovered(run);
        run.signal("TERM");
        assertEquals(0, run.exitWithin(STOP), run::all);
        assertEachSecond(warned, received(receiver));
      }
    }
  }

  @Test
  void theLocalSocketGetsMessagesWithoutHost() throws Exception {
    Path socket = folder.resolve("log");
    Path config = config("{ type = syslog, socket = \"" + socket + "\" }");
    LocalDateTime begin = now();
    try (LocalReceiver receiver = new LocalReceiver(socket);
        Running run = Running.start(command("duologger -S -d 0.2 -i 5 -f " + config))) {
      assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
      assertEquals("", String.join("\n", run.out()) + String.join("\n", run.err()));
      List<Message> messages = receiver.received().stream().map(Message::parse).toList();
      assertFalse(messages.isEmpty());
      for (Message message : messages) {
        assertEquals("", message.host());
        assertEquals(165, message.priority(), "local4.notice");
        assertEquals("duologger", message.tag());
        assertEquals(run.pid(), message.pid());
        message.assertSentBetween(begin, now());
      }
      assertEquals(Set.of("load", "self"), modules(messages));
    }
  }

  @Test
  void aSocketThatIsNotThereIsNamedAndFoundWhenItComes() throws Exception {
    Path socket = folder.resolve("log");
    Path config = config("{ type = syslog, socket = \"" + socket + "\" }");
    try (Running run = Running.start(command("dlogger -d 1 -l local0 -n late -f " + config))) {
      run.poll(Running.MARGIN, "warning", () -> run.err().size() == 1);
      Instant warned = Instant.now();
      assertEquals(
          "dlogger: warn: output syslog "
              + socket
              + ": cannot write: cannot send to "
              + socket
              + ": no such file or directory",
          run.err().get(0));
      waitFor(run, Duration.ofMillis(2_500));
      assertEquals(1, run.err().size(), run::all);
      try (LocalReceiver receiver = new LocalReceiver(socket)) {
        List<String> received = new ArrayList<>();
        run.poll(
            Running.MARGIN,
            "recovery",
            () -> {
              received.addAll(receiver.received());
              return run.err().size() == 2;
            });
        assertRecovered(run);
        // The socket has room for ten messages: what waits comes while it is read.
        run.poll(
            Running.MARGIN,
            "four reports",
            () -> {
              received.addAll(receiver.received());
              return received.size() >= 16;
            });
        run.signal("TERM");
        assertEquals(0, run.exitWithin(STOP), run::all);
        received.addAll(receiver.received());
        List<Message> messages = received.stream().map(Message::parse).toList();
        assertEquals(Set.of("load", "self"), modules(messages));
        messages.forEach(message -> assertEquals(133, message.priority(), "local0.notice: late"));
        assertEquals("late", messages.get(0).tag());
        assertEachSecond(warned, messages);
      }
    }
  }

  @Test
  void rsyslogUnderstandsTheMessages() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      Rsyslog.Listener udp = rsyslog.udp("127.0.0.1");
      Path config =
          config(
              """
              { type = syslog, socket = "%s", facility = daemon, severity = info, tag = a-b.7 }
                { type = syslog, server = "127.0.0.1", port = %d, facility = local3, severity = err,
                  tag = c_d }
              """
                  .formatted(rsyslog.socket(), udp.port()));
      rsyslog.start();
      try (Running run = Running.start(command("duologger -S -d 0.2 -i 5 -f " + config))) {
        assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
        assertEquals("", String.join("\n", run.out()) + String.join("\n", run.err()));
        rsyslog.await(Running.MARGIN, "messages of both outputs", all -> all.size() >= 6);
        List<String> local = texts(rsyslog.received("imuxsock"), "daemon info a-b.7 " + run.pid());
        assertEquals(
            Set.of("load", "self"),
            local.stream().map(Logfmt::parse).map(Logfmt::module).collect(Collectors.toSet()));
        assertEquals(local, texts(rsyslog.received(udp.name()), "local3 err c_d " + run.pid()));
      }
      rsyslog.stop();
      assertEquals(List.of(), rsyslog.complaints());
    }
  }

  /**
   * What one run sends, from its start to its end. Its process id and the time are checked in all
   * of it.
   */
  private List<Message> once(DatagramSocket receiver, String line) throws Exception {
    LocalDateTime begin = now();
    ProcessBuilder command = command(line.replace("PORT", "" + receiver.getLocalPort()));
    // Both addresses, whatever this machine has in its own file.
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost\n");
    command.environment().put("DUOLOGGER_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);
    try (Running run = Running.start(command)) {
      assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
      assertEquals("", String.join("\n", run.out()) + String.join("\n", run.err()));
      List<Message> messages = received(receiver);
      for (Message message : messages) {
        assertEquals(run.pid(), message.pid());
        message.assertSentBetween(begin, now());
      }
      return messages;
    }
  }

  private static DatagramSocket loopback(String address) throws IOException {
    try {
      return new DatagramSocket(0, InetAddress.getByName(address));
    } catch (BindException e) {
      Machine.missing("the address " + address);
      throw e;
    }
  }

  /** What has come and nobody has read. */
  private static List<Message> received(DatagramSocket receiver) throws IOException {
    List<Message> messages = new ArrayList<>();
    DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
    receiver.setSoTimeout(100);
    try {
      while (true) {
        receiver.receive(packet);
        messages.add(
            Message.parse(
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII)));
      }
    } catch (SocketTimeoutException e) {
      assertFalse(messages.isEmpty(), "nothing was sent");
      return messages;
    }
  }

  /**
   * Nothing was lost from the report on that nobody took, and everything is in order. That report
   * may be of the recorder itself only, if no tick was due yet.
   */
  private static void assertEachSecond(Instant warned, List<Message> messages) {
    List<Long> seconds =
        messages.stream()
            .map(message -> Logfmt.parse(message.text()))
            .filter(line -> !line.partial().equals("stop"))
            .map(Logfmt::xid)
            .distinct()
            .toList();
    assertTrue(seconds.size() >= 3, seconds::toString);
    assertTrue(seconds.get(0) <= warned.getEpochSecond(), () -> warned + ": " + seconds);
    for (int i = 1; i < seconds.size(); i++) {
      assertEquals(seconds.get(i - 1) + 1, seconds.get(i), seconds::toString);
    }
  }

  private static Set<String> modules(List<Message> messages) {
    return messages.stream()
        .map(message -> Logfmt.parse(message.text()).module())
        .collect(Collectors.toSet());
  }

  private static void assertRecovered(Running run) {
    assertTrue(
        run.err()
            .get(1)
            .matches(
                "dlogger: info: output .*: works again after [1-9] s, [1-9] more reports wait,"
                    + " 0 were lost so far"),
        run::all);
  }

  private Path config(String outputs) throws IOException {
    return Files.writeString(
        folder.resolve("x.conf"),
        "heartbeat = 10 minutes\nmodules.load.every = 1 s\noutputs = [ " + outputs + " ]\n");
  }

  private ProcessBuilder command(String line) {
    List<String> words = List.of(line.split(" "));
    String program = Machine.HOME.resolve("sbin").resolve(words.get(0)).toString();
    ProcessBuilder command =
        new ProcessBuilder(
            Stream.concat(Stream.of(program), words.subList(1, words.size()).stream()).toList());
    // Nothing of other tests waits there.
    command.environment().put("STATE_DIRECTORY", folder.resolve("state").toString());
    return command;
  }

  private static void waitFor(Running run, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    run.poll(Running.MARGIN, "end of the wait", () -> System.nanoTime() - end > 0);
  }

  private static LocalDateTime now() {
    return LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The host's name without its domain. */
  private static String hostName() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().split("\\.")[0];
  }

  /** What stands in these messages, all of which have to be from this sender. */
  private static List<String> texts(List<Rsyslog.Received> messages, String sender) {
    for (Rsyslog.Received message : messages) {
      assertEquals(
          sender,
          String.join(
              " ", message.facility(), message.severity(), message.app(), message.procid()));
    }
    return messages.stream().map(Rsyslog.Received::text).toList();
  }

  /**
   * A message as a receiver reads it.
   *
   * @param priority facility times eight and severity
   * @param time as it stands there
   * @param host empty if there is none
   * @param tag the sender
   * @param pid its process
   * @param text the rest
   */
  private record Message(
      int priority, String time, String host, String tag, long pid, String text) {
    static Message parse(String datagram) {
      Matcher found = MESSAGE.matcher(datagram);
      assertTrue(found.matches(), () -> "not a message of RFC 3164: " + datagram);
      String host = found.group("host");
      return new Message(
          Integer.parseInt(found.group("priority")),
          found.group("time"),
          host == null ? "" : host,
          found.group("tag"),
          Long.parseLong(found.group("pid")),
          found.group("text"));
    }

    /** Its time is that of a clock of this time zone in between. */
    void assertSentBetween(LocalDateTime begin, LocalDateTime end) {
      assertTrue(
          Stream.iterate(begin, second -> !second.isAfter(end), second -> second.plusSeconds(1))
              .anyMatch(second -> TIME.format(second).equals(time)),
          () -> time + " is not from " + begin + " to " + end);
    }
  }
}
