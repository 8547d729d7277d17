package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Aggregate;
import io.duologger.model.RecorderClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpSinkTest {
  private static final String GET = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int PATIENCE_MILLIS = 10_000;

  private final AtomicLong nanos = new AtomicLong(-5);
  private final RecorderClock clock =
      new RecorderClock() {
        @Override
        public long wall() {
          return 1_795_429_200_999_999_999L;
        }

        @Override
        public long monotonicNanos() {
          return nanos.get();
        }
      };
  private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
  private final SinkLog log =
      new SinkLog() {
        @Override
        public void warn(String what) {
          said.add("warn: " + what);
        }

        @Override
        public void info(String what) {
          said.add("info: " + what);
        }
      };
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Socket> sockets = new ArrayList<>();
  private HttpSink sink;

  @BeforeEach
  void open() throws IOException {
    sink = sink("127.0.0.1", 0, Duration.ZERO);
    sink.open();
  }

  @AfterEach
  void close() throws IOException {
    sink.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    assertEquals(List.of(), List.copyOf(said));
  }

  @Test
  void theLastReportIsThere() throws Exception {
    assertEquals("# No window has closed yet.\n", get("/metrics").body());
    sink.write(SinkFixture.report("first 1\n"));
    assertEquals("first 1\n", get("/metrics").body());
    sink.write(SinkFixture.report("second 2\n"));
    HttpResponse<String> second = get("/metrics?x=y");
    assertEquals("second 2\n", second.body());
    assertEquals(200, second.statusCode());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", field(second, "content-type"));
    assertEquals("Accept-Encoding", field(second, "vary"));
    assertEquals("9", field(second, "content-length"));
    assertEquals(List.of(3.0, 9.0), measured());
  }

  @Test
  void aReportIsFormattedOnceHoweverOftenItIsRead() throws Exception {
    AtomicLong formatted = new AtomicLong();
    sink.close();
    sink =
        new HttpSink(
            report -> {
              formatted.incrementAndGet();
              return SinkFixture.FORMAT.bytes(report);
            },
            "127.0.0.1",
            0,
            clock,
            Duration.ZERO,
            log);
    sink.open();
    sink.write(SinkFixture.report("x"));
    for (int i = 0; i < 5; i++) {
      get("/metrics");
    }
    assertEquals(1, formatted.get());
  }

  @Test
  void itIsCompressedForThoseWhoTakeThat() throws Exception {
    String page = SinkFixture.line(1, 100_000);
    sink.write(SinkFixture.report(page));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(uri("/metrics")).header("Accept-Encoding", "gzip").build(),
              BodyHandlers.ofByteArray());
      assertEquals("gzip", field(response, "content-encoding"));
      assertTrue(response.body().length < 2000, "" + response.body().length);
      try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
        assertEquals(page, new String(plain.readAllBytes(), StandardCharsets.US_ASCII));
      }
    }
    assertEquals(page, get("/metrics").body());
  }

  @Test
  void aHeadIsAnAnswerWithoutItsBody() throws Exception {
    sink.write(SinkFixture.report("12345"));
    Socket socket = connect();
    send(socket, "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.0\r\n\r\n");
    String answers = rest(socket);
    assertTrue(answers.contains("Content-length: 5\r\n"), answers);
    assertFalse(answers.contains("12345"), answers);
    assertEquals(2, answers.split("HTTP/1.1 200 OK\r\n", -1).length - 1, answers);
    assertTrue(answers.endsWith("\r\n\r\n"), answers);
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertEquals(404, get("/metrics/").statusCode());
    assertEquals(404, get("/favicon.ico").statusCode());
    HttpResponse<String> index = get("/");
    assertTrue(index.body().contains("href=\"/metrics\""), index::body);
    assertTrue(field(index, "content-type").startsWith("text/html"));
  }

  /** More than fits the buffers of the connection: the client is not done when it is refused. */
  @ParameterizedTest
  @CsvSource({"/metrics, 405", "/elsewhere, 404"})
  void whoSendsABodyIsRefusedWithAnAnswer(String path, String status) throws Exception {
    Socket socket = connect();
    socket.setSendBufferSize(1 << 13);
    int length = 1_000_000;
    send(socket, "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
    send(socket, "x".repeat(length));
    String answer = answer(socket);
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    assertEquals(status.equals("405"), answer.contains("Allow: GET, HEAD\r\n"), answer);
  }

  @Test
  void healthIsTheAgeOfTheLastWindow() throws Exception {
    sink.close();
    sink = sink("127.0.0.1", 0, Duration.ofSeconds(30));
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    sink.open();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    HttpResponse<String> health = get("/healthz");
    assertEquals(200, health.statusCode());
    assertEquals("ok: no window has closed since the start 30.0 s ago\n", health.body());
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    health = get("/healthz");
    assertEquals(503, health.statusCode());
    assertEquals(
        "stale: no window has closed since the start 30.1 s ago, more than 30.0 s\n",
        health.body());
    sink.write(SinkFixture.report("x"));
    nanos.addAndGet(Duration.ofMillis(29_900).toNanos());
    health = get("/healthz");
    assertEquals(200, health.statusCode());
    assertEquals("ok: the last window closed 29.9 s ago\n", health.body());
    nanos.addAndGet(Duration.ofMillis(200).toNanos());
    health = get("/healthz");
    assertEquals(503, health.statusCode());
    assertEquals("stale: the last window closed 30.1 s ago, more than 30.0 s\n", health.body());
    assertEquals(200, get("/metrics").statusCode());
  }

  @Test
  void withoutALimitNoWindowIsTooOld() throws Exception {
    nanos.addAndGet(Duration.ofDays(1000).toNanos());
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void oneConnectionTakesManyRequests() throws Exception {
    sink.write(SinkFixture.report("page"));
    Socket socket = connect();
    for (int i = 0; i < 100; i++) {
      send(socket, GET);
      assertTrue(answer(socket).endsWith("page"));
    }
    send(
        socket,
        "\r\n"
            + GET.replace("1.1", "1.0").replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n"));
    assertTrue(answer(socket).contains("Connection: keep-alive\r\n"));
    send(socket, "GET /metrics HTTP/1.0\r\n\r\n");
    assertTrue(rest(socket).endsWith("\r\n\r\npage"));
  }

  @Test
  void requestsThatComeAtOnceAreAnsweredInOrder() throws Exception {
    sink.write(SinkFixture.report("x".repeat(200_000)));
    Socket socket = connect();
    send(socket, GET.repeat(50) + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    socket.shutdownOutput();
    String answers = rest(socket);
    assertEquals(51, answers.split("HTTP/1.1 200 OK\r\n", -1).length - 1);
    assertTrue(answers.endsWith("s ago\n"));
  }

  @Test
  void aRequestMayComeByteByByte() throws Exception {
    sink.write(SinkFixture.report("page"));
    Socket socket = connect();
    socket.setTcpNoDelay(true);
    for (char c : GET.toCharArray()) {
      send(socket, String.valueOf(c));
    }
    assertTrue(answer(socket).endsWith("page"));
  }

  @Test
  void gzipIsTakenUnlessItIsRefused() throws Exception {
    for (String yes : List.of("gzip", "deflate, GZIP;q=0.5", "br,gzip ; q=1")) {
      assertTrue(offered(yes).contains("Content-encoding: gzip"), yes);
    }
    for (String no : List.of("", "gzip;q=0", "gzip; q=0.000", "identity", "xgzip")) {
      assertFalse(offered(no).contains("Content-encoding"), no);
    }
  }

  private String offered(String encodings) throws IOException {
    Socket socket = connect();
    send(socket, "GET /metrics HTTP/1.0\r\nAccept-Encoding: " + encodings + "\r\n\r\n");
    return rest(socket);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\r\n\r\n",
        "GET /\r\n\r\n",
        "GET a:b HTTP/1.1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nA b: c\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
      })
  void whatIsNoRequestEndsAndLeavesNothing(String bad) throws Exception {
    sink.write(SinkFixture.report("page"));
    for (int i = 0; i < PageServer.CONNECTIONS + 10; i++) {
      Socket socket = connect();
      send(socket, bad);
      assertFalse(rest(socket).contains(" 200 "), bad);
      socket.close();
    }
    scrape();
  }

  @Test
  void clientsThatLeaveBeforeTheAnswerLeaveNothing() throws Exception {
    sink.write(SinkFixture.report("x".repeat(5_000_000)));
    for (int i = 0; i < 2 * PageServer.CONNECTIONS; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
        send(socket, GET);
        assertEquals('H', socket.getInputStream().read());
        socket.setSoLinger(true, 0);
      }
    }
    sink.write(SinkFixture.report("page"));
    scrape();
  }

  @Test
  void aHeadWithoutEndIsCutOff() throws Exception {
    Socket socket = connect();
    Thread sender = new Thread(() -> flood(socket));
    sender.setDaemon(true);
    sender.start();
    assertTrue(hasEnded(socket));
    sender.join(PATIENCE_MILLIS);
    assertFalse(sender.isAlive());
  }

  @Test
  void clientsThatSendSlowlyDelayNobody() throws Exception {
    sink.write(SinkFixture.report("page"));
    for (int i = 0; i < 40; i++) {
      send(connect(), "GET /metr");
    }
    for (int i = 0; i < 10; i++) {
      assertTimeoutPreemptively(Duration.ofSeconds(2), this::scrape);
    }
  }

  @Test
  void clientsThatDoNotReadDelayNobody() throws Exception {
    sink.write(SinkFixture.report("x".repeat(20_000_000)));
    for (int i = 0; i < 5; i++) {
      Socket socket = connect();
      send(socket, GET);
      assertEquals('H', socket.getInputStream().read());
    }
    sink.write(SinkFixture.report("page"));
    assertTimeoutPreemptively(Duration.ofSeconds(2), this::scrape);
  }

  @Test
  void idleClientsAreNotKeptInNumbers() throws Exception {
    sink.write(SinkFixture.report("page"));
    for (int i = 0; i < 2 * PageServer.CONNECTIONS; i++) {
      Socket socket = connect();
      send(socket, GET);
      assertTrue(answer(socket).endsWith("page"));
    }
  }

  @Test
  void closingEndsAtOnceWhateverClientsDo() throws Exception {
    sink.write(SinkFixture.report("x".repeat(20_000_000)));
    Socket deaf = connect();
    send(deaf, GET);
    assertEquals('H', deaf.getInputStream().read());
    Socket slow = connect();
    send(slow, "GET /metr");
    Socket idle = connect();
    int port = sink.port();
    assertTimeoutPreemptively(Duration.ofSeconds(1), sink::close);
    assertTrue(hasEnded(slow));
    assertTrue(hasEnded(idle));
    assertThrows(IOException.class, () -> new Socket("127.0.0.1", port).close());
    sink = sink("127.0.0.1", port, Duration.ZERO);
    sink.open();
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    HttpSink second = sink("127.0.0.1", sink.port(), Duration.ZERO);
    assertEquals(
        "cannot listen on 127.0.0.1 port " + sink.port() + ": address already in use",
        assertThrows(IOException.class, second::open).getMessage());
    second.close();
  }

  @Test
  void anAddressThatIsNotOfThisHostIsNamed() {
    for (String address : List.of("192.0.2.1", "no-such-host.invalid")) {
      HttpSink other = sink(address, 1234, Duration.ZERO);
      String message = assertThrows(IOException.class, other::open).getMessage();
      assertTrue(message.startsWith("cannot listen on " + address + " port 1234: "), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]", "localhost", "0.0.0.0", "::"})
  void anyAddressOfTheHostWillDo(String address) throws Exception {
    sink.close();
    sink = sink(address, 0, Duration.ZERO);
    sink.open();
    String loopback = address.contains(":") ? "::1" : "127.0.0.1";
    try (Socket socket = new Socket(loopback, sink.port())) {
      send(socket, GET);
      assertTrue(answer(socket).startsWith("HTTP/1.1 200 OK\r\n"));
    }
  }

  private HttpSink sink(String address, int port, Duration fresh) {
    return new HttpSink(SinkFixture.FORMAT, address, port, clock, fresh, log);
  }

  private List<Double> measured() {
    return sink.measures().stream().map(Aggregate::values).map(values -> values[0]).toList();
  }

  private void scrape() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      send(socket, GET);
      String answer = answer(socket);
      if (!answer.endsWith("page")) {
        throw new IOException("cut off: " + answer);
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void flood(Socket socket) {
    try {
      send(socket, "GET / HTTP/1.1\r\n");
      while (true) {
        send(socket, "Name: " + "x".repeat(10_000) + "\r\n");
      }
    } catch (SocketException ended) {
      assertTrue(ended.getMessage() != null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One answer, by its length. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int wanted = Integer.MAX_VALUE;
    while (read.size() < wanted) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut off");
      }
      read.write(next);
      String head = read.toString(StandardCharsets.ISO_8859_1);
      if (wanted == Integer.MAX_VALUE && head.endsWith("\r\n\r\n")) {
        String length = head.replaceAll("(?si).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1");
        wanted = read.size() + Integer.parseInt(length);
      }
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  /** All until the server ends the connection. */
  private static String rest(Socket socket) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[65_536];
    try {
      for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
        read.write(buffer, 0, count);
      }
    } catch (SocketException reset) {
      read.write('!');
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean hasEnded(Socket socket) throws IOException {
    return rest(socket).length() <= 1;
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + sink.port() + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private static String field(HttpResponse<?> response, String name) {
    HttpHeaders headers = response.headers();
    return headers.firstValue(name).orElse("");
  }
}
