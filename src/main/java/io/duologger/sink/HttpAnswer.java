package io.duologger.sink;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with. The body is not copied and must not change.
 *
 * @param status the status code
 * @param fields header fields beside those of every answer
 * @param body what follows the head, or would if it were asked for
 */
@SuppressWarnings("ArrayRecordComponent")
record HttpAnswer(int status, Map<String, String> fields, byte[] body) {
  static final String CONTENT_TYPE = "Content-Type";

  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          400, "Bad Request",
          404, "Not Found",
          405, "Method Not Allowed",
          431, "Request Header Fields Too Large",
          503, "Service Unavailable",
          505, "HTTP Version Not Supported");

  /** A line of plain text. */
  static HttpAnswer text(int status, String text) {
    return new HttpAnswer(
        status,
        Map.of(CONTENT_TYPE, "text/plain; charset=utf-8"),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** This answer with one more header field. */
  HttpAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new HttpAnswer(status, more, body);
  }

  /**
   * The bytes before the body.
   *
   * @param date the time, as HTTP writes it
   * @param persistent whether the connection goes on
   */
  byte[] head(String date, boolean persistent) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(REASONS.get(status));
    head.append("\r\nDate: ").append(date);
    fields.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    head.append("\r\nContent-Length: ").append(body.length);
    head.append("\r\nConnection: ").append(persistent ? "keep-alive" : "close");
    return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
