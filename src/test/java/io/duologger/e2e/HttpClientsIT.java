package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of the http output that mean no good, or are very slow. */
@Timeout(120)
class HttpClientsIT {
  /** The server's limit of connections. */
  private static final int CONNECTIONS = 64;

  /** A request has to be there after 5 s; the server looks each second. */
  private static final int SERVED = 64;

  private static final Duration CUT_OFF = Duration.ofSeconds(7);

  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> clients = new ArrayList<>();
  private int port;
  private Running recorder;

  @BeforeEach
  void start() throws Exception {
    port = Machine.freePort();
    recorder =
        Running.duologger(
            "--heartbeat",
            "1s",
            "--modules",
            "load,memory",
            "--output",
            "http:127.0.0.1,port=" + port);
    recorder.poll(Running.MARGIN, "window", this::isScraped);
  }

  @AfterEach
  void end() throws Exception {
    over.set(true);
    recorder.close();
    for (Thread client : clients) {
      client.join(Running.MARGIN.toMillis());
    }
  }

  @Test
  void manyWhoSendSlowlyAndComeBackDelayNoScrape() throws Exception {
    int threads = status("Threads");
    slowSenders(40);
    Running.poll(
        Running.MARGIN, "slow clients", () -> status("Threads") >= threads + 30, recorder::all);
    for (int i = 0; i < 10; i++) {
      long before = System.nanoTime();
      assertTrue(isScraped(), "scrape " + i);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
      assertTrue(millis < 2_000, millis + " ms");
      Thread.sleep(1_000);
    }
    // As many as are served at once, with those that were cut off and have not gone yet.
    int most = status("Threads");
    assertTrue(most <= threads + SERVED, most + " with " + threads + " before");
  }

  @Test
  void whoeverSendsSlowlyIsCutOff() throws Exception {
    List<String> starts = List.of("", "GET /metr", "GET / HTTP/1.1\r\nA: b");
    List<Socket> slow = new ArrayList<>();
    try {
      for (String start : starts) {
        Socket socket = connect();
        slow.add(socket);
        socket.setSoTimeout((int) CUT_OFF.toMillis());
        socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < starts.size(); i++) {
        assertEquals(-1, slow.get(i).getInputStream().read(), starts.get(i));
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void thousandsTakeNeitherMemoryNorThreadsAndAreForgotten() throws Exception {
    int threads = status("Threads");
    int kilobytes = status("VmRSS");
    int handles = handles();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Socket socket = connect();
      sockets.add(socket);
      try {
        socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
      } catch (SocketException turnedAway) {
        socket.close();
      }
    }
    assertTrue(handles() <= handles + CONNECTIONS + 10, handles() + " handles");
    assertTrue(status("Threads") <= threads + 2 * CONNECTIONS, status("Threads") + " threads");
    assertTrue(status("VmRSS") <= kilobytes + 50_000, status("VmRSS") + " after " + kilobytes);
    for (Socket socket : sockets) {
      socket.close();
    }
    Running.poll(CUT_OFF, "scrape", this::isScraped, recorder::all);
    assertTrue(recorder.err().isEmpty(), recorder::all);
  }

  @Test
  void theEndDoesNotWaitForClients() throws Exception {
    slowSenders(40);
    Thread.sleep(500);
    recorder.signal("TERM");
    assertEquals(0, recorder.exitWithin(Duration.ofSeconds(3)), recorder::all);
    assertTrue(recorder.err().isEmpty(), recorder::all);
  }

  @Test
  void whatIsNoRequestIsNotSpokenOf() throws Exception {
    for (String bad :
        List.of(
            "\u0016\u0003\u0001\r\n\r\n",
            "GET /\r\n\r\n",
            "GET a:b HTTP/1.1\r\n\r\n",
            "HEAD /metrics HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n")) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(bad.getBytes(StandardCharsets.ISO_8859_1));
        readAll(socket);
      }
    }
    assertTrue(isScraped());
    assertTrue(recorder.err().isEmpty(), recorder::all);
  }

  /** Each begins a request, waits until it is cut off, and comes back at once. */
  private void slowSenders(int count) {
    for (int i = 0; i < count; i++) {
      Thread client =
          new Thread(
              () -> {
                while (!over.get()) {
                  try (Socket socket = connect()) {
                    socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
                    readAll(socket);
                  } catch (IOException e) {
                    // The recorder may have ended.
                    Thread.yield();
                  }
                }
              });
      client.setDaemon(true);
      client.start();
      clients.add(client);
    }
  }

  private boolean isScraped() {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return readAll(socket).contains("\nduologger_window_end_timestamp_seconds ");
    } catch (IOException e) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** All until the server ends the connection, or says no more. */
  private static String readAll(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[65_536];
    try {
      for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
        all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketTimeoutException | SocketException e) {
      all.append("\n(" + e.getMessage() + ")");
    }
    return all.toString();
  }

  private int handles() {
    return Path.of("/proc", Long.toString(recorder.pid()), "fd").toFile().list().length;
  }

  /** A number of /proc/PID/status. */
  private int status(String name) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(recorder.pid()), "status")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
