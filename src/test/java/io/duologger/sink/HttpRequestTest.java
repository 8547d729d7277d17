package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestTest {
  @Test
  void whatPrometheusSendsIsUnderstood() throws HttpRefusedException {
    HttpRequest request =
        parse(
            "GET /metrics HTTP/1.1\r\nHost: node1:9825\r\nUser-Agent: Prometheus/2.42.0\r\n"
                + "Accept: application/openmetrics-text;version=1.0.0;q=0.75,*/*;q=0.1\r\n"
                + "Accept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n");
    assertEquals(new HttpRequest("GET", "/metrics", true, true), request);
  }

  @Test
  void theConnectionGoesOnWhereTheVersionAndTheClientSaySo() throws HttpRefusedException {
    assertTrue(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").persistent());
    assertFalse(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").persistent());
    assertFalse(parse("GET / HTTP/1.0\r\n\r\n").persistent());
    assertTrue(parse("GET / HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n").persistent());
    assertTrue(parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").persistent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Content-Length: 0\r\nContent-Length: 1"
      })
  void aBodyEndsTheConnection(String field) throws HttpRefusedException {
    assertFalse(parse("POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n").persistent());
  }

  @Test
  void theTargetIsCutToItsPath() throws HttpRefusedException {
    assertEquals("/metrics", parse("GET /metrics?a=/b HTTP/1.0\n\n").path());
    assertEquals("/metrics", parse("GET http://node1:9825/metrics HTTP/1.0\n\n").path());
    assertEquals("/", parse("GET HTTP://[::1]:9825?x HTTP/1.0\n\n").path());
    assertEquals("*", parse("OPTIONS * HTTP/1.0\n\n").path());
  }

  @Test
  void gzipIsTakenUnlessItIsRefused() throws HttpRefusedException {
    for (String yes : new String[] {"gzip", "deflate, GZIP;q=0.5", "br,gzip ; q=1"}) {
      assertTrue(parse("GET / HTTP/1.0\r\nAccept-Encoding: " + yes + "\r\n\r\n").gzip(), yes);
    }
    for (String no : new String[] {"", "gzip;q=0", "gzip; q=0.000", "identity", "xgzip"}) {
      assertFalse(parse("GET / HTTP/1.0\r\nAccept-Encoding: " + no + "\r\n\r\n").gzip(), no);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET  / HTTP/1.1\r\nHost: a",
        "GET /a b HTTP/1.1\r\nHost: a",
        "G(T / HTTP/1.1\r\nHost: a",
        "GET / HTTP/11\r\nHost: a",
        "GET / http/1.1\r\nHost: a",
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
        "GET / HTTP/1.1\r\nHost : a",
        "GET / HTTP/1.1\r\nHost: a\r\n folded",
        "GET / HTTP/1.1\r\nHost: a\r\nword",
        "\u0016\u0003\u0001"
      })
  void whatBreaksTheRulesIsRefused(String head) {
    assertEquals(
        400, assertThrows(HttpRefusedException.class, () -> parse(head + "\r\n\r\n")).status());
  }

  @Test
  void anotherVersionIsRefused() {
    String head = "PRI * HTTP/2.0\r\n\r\n";
    assertEquals(505, assertThrows(HttpRefusedException.class, () -> parse(head)).status());
  }

  @Test
  void theEndIsFoundHoweverTheHeadComes() {
    for (String head : new String[] {"GET / HTTP/1.0\r\nA: b\r\n\r\n", "a\n\n", "a\r\n\n"}) {
      byte[] bytes = (head + "more\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
      for (int step = 1; step <= bytes.length; step++) {
        int searched = 0;
        int found = -1;
        for (int length = step; found < 0; length = Math.min(length + step, bytes.length)) {
          found = HttpRequest.headLength(bytes, length, searched);
          searched = length;
        }
        assertEquals(head.length(), found);
      }
      assertEquals(-1, HttpRequest.headLength(bytes, head.length() - 1, 0));
    }
  }

  @Property
  void anyBytesAreARequestOrRefused(@ForAll @Size(max = 300) byte[] bytes) {
    try {
      assertFalse(HttpRequest.parse(bytes, bytes.length).path().isEmpty());
    } catch (HttpRefusedException refused) {
      assertFalse(refused.getMessage().isEmpty());
    }
  }

  private static HttpRequest parse(String head) throws HttpRefusedException {
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    return HttpRequest.parse(bytes, bytes.length);
  }
}
