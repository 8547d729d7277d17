package io.duologger.sink;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.duologger.format.Format;
import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import io.duologger.model.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Offers the last closed window of every series over HTTP, for Prometheus to scrape. A report is
 * formatted once, when its window closes; a scrape takes what is there, and neither waits for the
 * other.
 *
 * <ul>
 *   <li>{@code /metrics}: these windows, compressed for clients that take gzip; a comment before
 *       the first window has closed.
 *   <li>{@code /healthz}: 200 and the age of the last window, or 503 if it is too old.
 *   <li>{@code /}: a page with links to these.
 * </ul>
 *
 * <p>Opened, written to and closed by one thread at a time; threads of its own serve ({@link
 * PageServer} has the limits).
 */
public final class HttpSink implements Sink {
  private static final Metric SCRAPES =
      Metric.gauge("scrapes", Unit.COUNT, "Requests for the page of metrics that were answered.");
  private static final Metric PAGE =
      Metric.gauge("page_bytes", Unit.BYTES, "The page of metrics, not compressed.");

  private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
  private static final Pattern NO_WEIGHT = Pattern.compile("(?i)q=0(\\.0{0,3})?");

  /** What is written at once: the server and the JDK copy it, and keep memory for the largest. */
  private static final int SLICE = 1 << 14;

  /** So much of what nobody wants is read; the server has a limit for the time that takes. */
  private static final int LONGEST_BODY = 1 << 20;

  private static final byte[] INDEX =
      """
      <!DOCTYPE html>
      <html lang="en"><title>duologger</title>
      <h1>duologger</h1>
      <p><a href="/metrics">metrics</a> of the last window
      <p><a href="/healthz">health</a>
      </html>
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Format format;
  private final LastWindows windows = new LastWindows();
  private final String address;
  private final int port;
  private final RecorderClock clock;
  private final long fresh;
  private final SinkLog log;
  private final AtomicLong scrapes = new AtomicLong();
  private volatile Page page;
  private Optional<PageServer> server = Optional.empty();

  /** What there is to see; never changes but for its compressed form. */
  private static final class Page {
    private final byte[] plain;
    private final boolean window;
    private final long since;
    private byte[] compressed = new byte[0];

    /**
     * @param window whether it is a window's
     * @param since when it came, by the monotonic clock
     */
    Page(byte[] plain, boolean window, long since) {
      this.plain = plain;
      this.window = window;
      this.since = since;
    }

    /** As gzip; made when it is first asked for. */
    synchronized byte[] compressed() {
      if (compressed.length == 0) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 8 + 64);
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
          gzip.write(plain);
        } catch (IOException e) {
          throw new IllegalStateException("memory cannot be written to", e);
        }
        compressed = bytes.toByteArray();
      }
      return compressed;
    }
  }

  /**
   * Not listening yet.
   *
   * @param format Prometheus's
   * @param address the address of this host to listen on, or a name that has one
   * @param port the port; 0 for any that is free
   * @param fresh a last window that is older means bad health; zero if none is too old
   */
  public HttpSink(
      Format format, String address, int port, RecorderClock clock, Duration fresh, SinkLog log) {
    this.format = format;
    this.address = address;
    this.port = port;
    this.clock = clock;
    this.fresh = fresh.toNanos();
    this.log = log;
    this.page = nothing();
  }

  /** Listens and serves from now on; the age of the last window is counted from now. */
  @Override
  public void open() throws IOException {
    page = nothing();
    server = Optional.of(new PageServer(address, port, this::answer));
  }

  private Page nothing() {
    return new Page(
        "# No window has closed yet.\n".getBytes(StandardCharsets.UTF_8),
        false,
        clock.monotonicNanos());
  }

  /** The port that it listens on, once it is open. */
  public int port() {
    return server.map(PageServer::port).orElse(port);
  }

  @Override
  public void write(Report report) throws IOException {
    page = new Page(format.bytes(windows.with(report)), true, clock.monotonicNanos());
  }

  @Override
  public List<Aggregate> measures() {
    return List.of(
        Aggregate.value(SCRAPES, scrapes.get()), Aggregate.value(PAGE, page.plain.length));
  }

  /** Ends all connections at once. */
  @Override
  public void close() {
    server.ifPresent(PageServer::close);
  }

  /** Answers a request; called by the server's threads. */
  private void answer(HttpExchange exchange) throws IOException {
    try {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getPath();
      boolean reads = method.equals("GET") || method.equals("HEAD");
      if (!reads) {
        passOverBody(exchange);
      }
      if (!List.of("/", "/metrics", "/healthz").contains(path)) {
        send(exchange, 404, "there is /metrics and /healthz");
      } else if (!reads) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "only GET and HEAD");
      } else if (path.equals("/metrics")) {
        metrics(exchange);
      } else if (path.equals("/healthz")) {
        health(exchange);
      } else {
        send(exchange, 200, "text/html; charset=utf-8", INDEX);
      }
    } catch (RuntimeException e) {
      // The server ends the connection then, but says nothing.
      log.warn("cannot answer a request: " + e);
      throw e;
    }
  }

  /** Whoever is refused while still sending may find the connection reset instead of the answer. */
  private static void passOverBody(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    byte[] buffer = new byte[SLICE];
    int passed = 0;
    for (int n = body.read(buffer); n > 0 && passed < LONGEST_BODY; n = body.read(buffer)) {
      passed += n;
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    scrapes.incrementAndGet();
    Page now = page;
    exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
    if (takesGzip(exchange.getRequestHeaders())) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      send(exchange, 200, EXPOSITION, now.compressed());
    } else {
      send(exchange, 200, EXPOSITION, now.plain);
    }
  }

  private static boolean takesGzip(Headers fields) {
    String encodings = String.join(",", fields.getOrDefault("Accept-Encoding", List.of()));
    for (String encoding : encodings.split(",")) {
      String[] parts = encoding.split(";", 2);
      if (parts[0].strip().equalsIgnoreCase("gzip")) {
        return parts.length == 1 || !NO_WEIGHT.matcher(parts[1].strip()).matches();
      }
    }
    return false;
  }

  private void health(HttpExchange exchange) throws IOException {
    Page last = page;
    long age = clock.monotonicNanos() - last.since;
    String what =
        last.window
            ? "the last window closed " + seconds(age) + " s ago"
            : "no window has closed since the start " + seconds(age) + " s ago";
    if (fresh > 0 && age > fresh) {
      send(exchange, 503, "stale: " + what + ", more than " + seconds(fresh) + " s");
    } else {
      send(exchange, 200, "ok: " + what);
    }
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    send(
        exchange,
        status,
        "text/plain; charset=utf-8",
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int from = 0; from < body.length; from += SLICE) {
        out.write(body, from, Math.min(SLICE, body.length - from));
      }
    }
  }
}
