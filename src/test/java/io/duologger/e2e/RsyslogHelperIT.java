package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rsyslogd of the tests, and their certificates, asked by programs that others wrote. */
class RsyslogHelperIT {
  private static final String TEXT = "xid=1.5 module=self output=\"syslog a b\" x=1";

  private static final Map<String, String> PAIRS =
      Map.of("xid", "1.5", "module", "self", "output", "syslog a b", "x", "1");

  @TempDir private Path folder;

  @Test
  void messagesOfLoggerAreTakenApart() throws Exception {
    Machine.needsPrograms("logger");
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r")).parsing()) {
      Rsyslog.Listener udp = rsyslog.udp("127.0.0.1");
      Rsyslog.Listener tcp = rsyslog.tcp("::1");
      Path socket = rsyslog.socket();
      rsyslog.start();
      List<String> modern = List.of("--rfc5424", "--msgid=logfmt", "--id=77", "-p", "local3.err");
      logger(udp, modern, "-d", "--sd-id", "a@32473", "--sd-param", "k=\"v \\\" \\] w\"", TEXT);
      logger(tcp, modern, "-T", "--octet-count", TEXT);
      logger(tcp, List.of("--rfc3164"), "-T", TEXT);
      String longest = "k=" + "v".repeat(10_000);
      logger(tcp, modern, "-T", "--octet-count", "-S", "20000", longest);
      Running.run("logger", "-u", socket.toString(), "--id=78", "-t", "a-b.7", TEXT);
      rsyslog.await(Running.MARGIN, "messages", all -> all.size() == 5);
      assertEquals(List.of(), rsyslog.complaints());

      Rsyslog.Received first = rsyslog.received(udp.name()).get(0);
      assertEquals(Map.of("k", "v \" ] w"), first.elements().get("a@32473"));
      assertEquals("logfmt local3 err 77", words(first));
      assertEquals(1, first.version());
      List<Rsyslog.Received> stream = rsyslog.received(tcp.name());
      assertEquals("logfmt local3 err 77", words(stream.get(0)));
      assertEquals(0, stream.stream().filter(m -> m.text().equals(TEXT)).toList().get(1).version());
      assertTrue(stream.stream().anyMatch(message -> message.text().equals(longest)));
      Rsyslog.Received local = rsyslog.received("imuxsock").get(0);
      assertEquals("- user notice 78", words(local));
      assertEquals("a-b.7", local.app());
      assertEquals(4, rsyslog.received().stream().filter(m -> m.pairs().equals(PAIRS)).count());
    }
  }

  @Test
  void certificatesAreWhatTheirNamesSay() throws Exception {
    Certificates certificates = new Certificates(folder.resolve("c"));
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      Rsyslog.Listener gtls = rsyslog.tls("gtls", "127.0.0.1", certificates);
      Rsyslog.Listener ossl = rsyslog.tls("ossl", "::1", certificates);
      Rsyslog.Listener expired = rsyslog.tlsWith(certificates.expired(), "127.0.0.1", certificates);
      Rsyslog.Listener other = rsyslog.tlsWith(certificates.otherHost(), "127.0.0.1", certificates);
      Rsyslog.Listener unknown = rsyslog.tlsWith(certificates.unknown(), "127.0.0.1", certificates);
      String name = Certificates.CLIENT;
      List<Rsyslog.Listener> forClient =
          List.of(
              rsyslog.tlsForClient("gtls", "127.0.0.1", certificates, name),
              rsyslog.tlsForClient("ossl", "127.0.0.1", certificates, name));
      rsyslog.start();

      assertTrue(client(certificates, gtls).contains("TLSv1.2"));
      assertTrue(client(certificates, ossl).contains("TLSv1.3"));
      assertTrue(client(certificates, expired).contains("certificate has expired"));
      assertTrue(client(certificates, other).contains("IP address mismatch"));
      assertTrue(client(certificates, unknown).contains("unable to verify the first certificate"));
      for (Rsyslog.Listener listener : forClient) {
        assertEquals(0, rsyslog.received(listener.name()).size());
        client(certificates, listener);
        Certificates.Identity identity = certificates.client();
        client(
            certificates,
            listener,
            "-cert",
            identity.certificate().toString(),
            "-key",
            identity.key().toString());
      }
      // This client talks to the others as well, whatever it thinks of them.
      rsyslog.await(Running.MARGIN, "messages of the known client", all -> all.size() == 7);
      for (Rsyslog.Listener listener : forClient) {
        assertEquals(1, rsyslog.received(listener.name()).size(), rsyslog.complaints()::toString);
      }
    }
  }

  @Test
  void itComesBackWhereItWas() throws Exception {
    Machine.needsPrograms("logger");
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      Rsyslog.Listener tcp = rsyslog.tcp("127.0.0.1");
      rsyslog.start();
      logger(tcp, List.of(), "-T", "1");
      rsyslog.await(Running.MARGIN, "first message", all -> all.size() == 1);
      rsyslog.stop();
      assertNotEquals(0, status("logger", "-n", "127.0.0.1", "-P", "" + tcp.port(), "-T", "x"));
      rsyslog.start();
      logger(tcp, List.of(), "-T", "2");
      rsyslog.await(Running.MARGIN, "second message", all -> all.size() == 2);
      rsyslog.kill();
      rsyslog.start();
      rsyslog.pause();
      logger(tcp, List.of(), "-T", "3");
      rsyslog.resume();
      rsyslog.await(Running.MARGIN, "third message", all -> all.size() == 3);
      assertEquals(List.of("1", "2", "3"), rsyslog.texts());
    }
  }

  private static String words(Rsyslog.Received message) {
    return String.join(
        " ", message.msgid(), message.facility(), message.severity(), message.procid());
  }

  private static void logger(Rsyslog.Listener to, List<String> options, String... further)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("logger", "-n", to.address(), "-P", "" + to.port()));
    command.addAll(options);
    command.addAll(List.of(further));
    Running.run(command.toArray(String[]::new));
  }

  private static int status(String... command) throws IOException, InterruptedException {
    try (Running running = Running.start(new ProcessBuilder(command))) {
      return running.exitWithin(Running.MARGIN);
    }
  }

  /** Sends a message with openssl's client, and gives what that has printed. */
  private static String client(Certificates certificates, Rsyslog.Listener to, String... identity)
      throws IOException, InterruptedException {
    boolean modern = to.address().contains(":");
    String place = (modern ? "[" + to.address() + "]" : to.address()) + ":" + to.port();
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                place,
                "-CAfile",
                certificates.authority().toString(),
                "-verify_ip",
                to.address()));
    command.addAll(List.of(identity));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      byte[] message = "<13>1 - h a - - - k=v".getBytes(StandardCharsets.US_ASCII);
      process.getOutputStream().write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().write(message);
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException refused) {
      return refused.toString();
    } finally {
      process.destroyForcibly();
    }
  }
}
