package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import io.duologger.model.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/**
 * Offers the last report over HTTP, for Prometheus to scrape. A report is formatted once, when its
 * window closes; a scrape takes what is there, and neither waits for the other.
 *
 * <ul>
 *   <li>{@code /metrics}: the last report, compressed for clients that take gzip; a comment before
 *       the first window has closed.
 *   <li>{@code /healthz}: 200 and the age of the last window, or 503 if it is too old.
 *   <li>{@code /}: a page with links to these.
 * </ul>
 *
 * <p>Opened, written to and closed by one thread at a time; serves by a thread of its own.
 */
public final class HttpSink implements Sink {
  private static final Metric SCRAPES =
      Metric.gauge("scrapes", Unit.COUNT, "Requests for the page of metrics that were answered.");
  private static final Metric PAGE =
      Metric.gauge("page_bytes", Unit.BYTES, "The page of metrics, not compressed.");

  private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
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
  private final String address;
  private final int port;
  private final RecorderClock clock;
  private final long fresh;
  private final SinkLog log;
  private final AtomicLong scrapes = new AtomicLong();
  private volatile Page page;
  private Optional<HttpServer> server = Optional.empty();

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

    /** As gzip; made when it is first asked for. For the server's thread only. */
    byte[] compressed() {
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
    server = Optional.of(new HttpServer(address, port, clock, new Pages(), log));
  }

  private Page nothing() {
    return new Page(
        "# No window has closed yet.\n".getBytes(StandardCharsets.UTF_8),
        false,
        clock.monotonicNanos());
  }

  /** The port that it listens on, once it is open. */
  public int port() {
    return server.map(HttpServer::port).orElse(port);
  }

  @Override
  public void write(Report report) throws IOException {
    page = new Page(format.bytes(report), true, clock.monotonicNanos());
    Optional<IOException> failure = server.flatMap(HttpServer::failure);
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  @Override
  public List<Aggregate> measures() {
    return List.of(
        Aggregate.value(SCRAPES, scrapes.get()), Aggregate.value(PAGE, page.plain.length));
  }

  /** Ends all connections at once. */
  @Override
  public void close() {
    server.ifPresent(HttpServer::close);
  }

  /** What the server answers; used by its thread. */
  private final class Pages implements HttpConnection.Handler {
    private long dateSecond = Long.MIN_VALUE;
    private String date = "";

    @Override
    public HttpAnswer answer(HttpRequest request) {
      boolean known = List.of("/", "/metrics", "/healthz").contains(request.path());
      if (!known) {
        return HttpAnswer.text(404, "there is /metrics and /healthz");
      }
      if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
        return HttpAnswer.text(405, "only GET and HEAD").with("Allow", "GET, HEAD");
      }
      return switch (request.path()) {
        case "/metrics" -> metrics(request);
        case "/healthz" -> health();
        default ->
            new HttpAnswer(200, Map.of(HttpAnswer.CONTENT_TYPE, "text/html; charset=utf-8"), INDEX);
      };
    }

    private HttpAnswer metrics(HttpRequest request) {
      scrapes.incrementAndGet();
      Page now = page;
      Map<String, String> fields =
          Map.of(HttpAnswer.CONTENT_TYPE, EXPOSITION, "Vary", "Accept-Encoding");
      return request.gzip()
          ? new HttpAnswer(200, fields, now.compressed()).with("Content-Encoding", "gzip")
          : new HttpAnswer(200, fields, now.plain);
    }

    private HttpAnswer health() {
      Page last = page;
      long age = clock.monotonicNanos() - last.since;
      String what =
          last.window
              ? "the last window closed " + seconds(age) + " s ago"
              : "no window has closed since the start " + seconds(age) + " s ago";
      if (fresh > 0 && age > fresh) {
        return HttpAnswer.text(503, "stale: " + what + ", more than " + seconds(fresh) + " s");
      }
      return HttpAnswer.text(200, "ok: " + what);
    }

    private String seconds(long nanos) {
      return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }

    @Override
    public String date() {
      long second = Math.floorDiv(clock.wall(), TimeUnit.SECONDS.toNanos(1));
      if (second != dateSecond) {
        dateSecond = second;
        date = DATE.format(Instant.ofEpochSecond(second));
      }
      return date;
    }
  }
}
