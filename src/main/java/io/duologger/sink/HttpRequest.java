package io.duologger.sink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The head of a request (RFC 9112). Bodies are not read: a connection whose request has one ends
 * after the answer.
 *
 * @param method as it is written
 * @param path the target without its query
 * @param persistent whether the connection goes on after the answer
 * @param gzip whether the client takes gzip
 */
record HttpRequest(String method, String path, boolean persistent, boolean gzip) {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?#]*");
  private static final Pattern NO_WEIGHT = Pattern.compile("(?i)q=0(\\.0{0,3})?");

  /**
   * The length of the head that {@code bytes} begin with, its empty line included; -1 if it is not
   * there yet.
   *
   * @param length how many bytes there are
   * @param searched so many of them are known not to hold the end
   */
  static int headLength(byte[] bytes, int length, int searched) {
    for (int i = Math.max(0, searched - 2); i < length; i++) {
      if (bytes[i] == '\n') {
        int next = i + 1 < length && bytes[i + 1] == '\r' ? i + 2 : i + 1;
        if (next < length && bytes[next] == '\n') {
          return next + 1;
        }
      }
    }
    return -1;
  }

  /**
   * Reads a head of {@code length} bytes.
   *
   * @throws HttpRefusedException if it breaks the rules
   */
  static HttpRequest parse(byte[] bytes, int length) throws HttpRefusedException {
    String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r?\n");
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || !NAME.matcher(words[0]).matches() || words[1].isEmpty()) {
      throw new HttpRefusedException(400, "not a request line");
    }
    if (!VERSION.matcher(words[2]).matches()) {
      throw new HttpRefusedException(400, "not a version of HTTP");
    }
    if (!words[2].startsWith("HTTP/1.")) {
      throw new HttpRefusedException(505, "only HTTP/1.0 and 1.1 are spoken here");
    }
    boolean old = words[2].equals("HTTP/1.0");
    Map<String, List<String>> fields = fields(lines);
    int hosts = fields.getOrDefault("host", List.of()).size();
    if (hosts > 1 || hosts == 0 && !old) {
      throw new HttpRefusedException(400, "needs one Host");
    }
    List<String> connection = items(fields, "connection");
    boolean body =
        fields.containsKey("transfer-encoding")
            || fields.getOrDefault("content-length", List.of()).stream()
                .anyMatch(value -> !value.equals("0"));
    boolean persistent =
        !body && !connection.contains("close") && (!old || connection.contains("keep-alive"));
    return new HttpRequest(
        words[0], path(words[1]), persistent, takesGzip(items(fields, "accept-encoding")));
  }

  private static String path(String target) {
    String path = ABSOLUTE.matcher(target).replaceFirst("");
    int query = path.indexOf('?');
    path = query < 0 ? path : path.substring(0, query);
    return path.isEmpty() ? "/" : path;
  }

  private static Map<String, List<String>> fields(String[] lines) throws HttpRefusedException {
    Map<String, List<String>> fields = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0 || !NAME.matcher(lines[i].substring(0, colon)).matches()) {
        throw new HttpRefusedException(400, "not a header field");
      }
      fields
          .computeIfAbsent(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT), key -> new ArrayList<>())
          .add(lines[i].substring(colon + 1).strip());
    }
    return fields;
  }

  /** The items of a list, in lower case, wherever they stand. */
  private static List<String> items(Map<String, List<String>> fields, String name) {
    List<String> items = new ArrayList<>();
    for (String value : fields.getOrDefault(name, List.of())) {
      for (String item : value.split(",")) {
        items.add(item.strip().toLowerCase(Locale.ROOT));
      }
    }
    return items;
  }

  private static boolean takesGzip(List<String> encodings) {
    for (String encoding : encodings) {
      String[] parts = encoding.split(";", 2);
      if (parts[0].strip().equals("gzip")) {
        return parts.length == 1 || !NO_WEIGHT.matcher(parts[1].strip()).matches();
      }
    }
    return false;
  }
}
