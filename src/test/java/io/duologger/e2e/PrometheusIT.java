package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.format.Exposition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The http output, scraped by Prometheus itself. */
class PrometheusIT {
  private static final Duration STOP = Duration.ofSeconds(5);

  /** The first scrape comes some seconds after Prometheus has started. */
  private static final Duration SCRAPES = Duration.ofSeconds(20);

  private static final String END = "duologger_window_end_timestamp_seconds";
  private static final String BUSY = "duologger_cpu_busy_ratio";

  /** A time and a value in an answer of Prometheus. */
  private static final Pattern POINT = Pattern.compile("\\[([0-9.]+),\"([^\"]*)\"]");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void prometheusKnowsWhatThePageSays() throws Exception {
    Machine.needsPrograms("prometheus", "promtool");
    int port = Machine.freePort();
    int apiPort = Machine.freePort();
    String api = "http://127.0.0.1:" + apiPort + "/api/v1/query?query=";
    try (Running recorder = recorder(port)) {
      awaitWindow(recorder, port);
      try (Running prometheus = prometheus(apiPort, port)) {
        prometheus.poll(SCRAPES, "answer", () -> !points(api, "up").isEmpty());
        // Window by window, what the page says and what Prometheus has kept.
        Map<Double, Double> page = new TreeMap<>();
        Map<Double, Double> kept = new TreeMap<>();
        prometheus.poll(
            SCRAPES,
            "five windows",
            () -> {
              Exposition now = Exposition.parse(read(port));
              page.put(now.value(END, Map.of()), now.value(BUSY, Map.of("stat", "max")));
              Map<Double, Double> ends = points(api, END + "[1m]");
              points(api, BUSY + "{stat=\"max\",cpu=\"\"}[1m]")
                  .forEach((time, value) -> kept.put(ends.getOrDefault(time, 0.0), value));
              kept.keySet().retainAll(page.keySet());
              return kept.size() >= 5;
            });
        kept.forEach((end, value) -> assertEquals(page.get(end), value, "window to " + end));
        assertEquals(List.of(1.0), List.copyOf(points(api, "up == 1").values()));
        assertEquals(
            (double) Runtime.getRuntime().availableProcessors(),
            points(api, "count(" + BUSY + "{stat=\"mean\",cpu!=\"\"})").values().iterator().next());
        assertTrue(points(api, "time() - " + END).values().iterator().next() < 10);
        prometheus.signal("TERM");
        assertEquals(0, prometheus.exitWithin(Running.MARGIN), prometheus::all);
      }
      PromtoolIT.check(folder, read(port));
      assertTrue(recorder.err().isEmpty(), recorder::all);
    }
  }

  @Test
  void healthIsToldAndAClientDoesNotHoldTheEnd() throws Exception {
    int port = Machine.freePort();
    try (Running recorder = recorder(port)) {
      awaitWindow(recorder, port);
      HttpResponse<byte[]> health = get("http://127.0.0.1:" + port + "/healthz");
      assertEquals(200, health.statusCode());
      assertTrue(
          new String(health.body(), StandardCharsets.UTF_8)
              .matches("ok: the last window closed [0-9.]+ s ago\n"));
      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
        slow.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
        recorder.signal("TERM");
        assertEquals(0, recorder.exitWithin(STOP), recorder::all);
        assertEquals(-1, slow.getInputStream().read());
      }
    }
  }

  @Test
  void aPortThatIsTakenEndsTheRun() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Running recorder = recorder(taken.getLocalPort())) {
      assertEquals(1, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertTrue(
          recorder
              .all()
              .contains(
                  "cannot listen on 127.0.0.1 port "
                      + taken.getLocalPort()
                      + ": address already in use"),
          recorder::all);
    }
  }

  private static Running recorder(int port) throws IOException {
    return Running.duologger(
        "--heartbeat",
        "1s",
        "--modules",
        "cpu,load,memory,net,disk,pressure",
        "--every",
        "cpu=100ms",
        "--output",
        "http:127.0.0.1,port=" + port);
  }

  private void awaitWindow(Running recorder, int port) throws InterruptedException {
    recorder.poll(
        Running.MARGIN.plusSeconds(2),
        "window with the processors",
        () -> new String(read(port), StandardCharsets.UTF_8).contains("\n" + BUSY + "{"));
  }

  /** The page; empty if nobody listens yet. */
  private byte[] read(int port) {
    return body("http://127.0.0.1:" + port + "/metrics");
  }

  private byte[] body(String uri) {
    try {
      return get(uri).body();
    } catch (ConnectException e) {
      return new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<byte[]> get(String uri) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Time to value of a query's answer, of whatever series. */
  private Map<Double, Double> points(String api, String query) {
    String answer =
        new String(
            body(api + URLEncoder.encode(query, StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    Map<Double, Double> points = new TreeMap<>();
    for (Matcher found = POINT.matcher(answer); found.find(); ) {
      points.put(Double.valueOf(found.group(1)), Double.valueOf(found.group(2)));
    }
    return points;
  }

  private Running prometheus(int port, int scraped) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("p.yml"),
            """
            scrape_configs:
              - job_name: duologger
                scrape_interval: 500ms
                scrape_timeout: 500ms
                static_configs: [ { targets: [ "127.0.0.1:%d" ] } ]
            """
                .formatted(scraped));
    return Running.start(
        new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + port));
  }
}
