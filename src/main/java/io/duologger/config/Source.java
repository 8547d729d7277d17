package io.duologger.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of a configuration: one file and the files it includes, relative to the including one.
 * Nothing else is ever read: no URL, no class path, no environment, no system property. Its size
 * and the number of files are bounded, since the time that HOCON takes can grow with their square.
 * Used by one thread.
 */
final class Source {
  /** Bytes that all files of a configuration may have together. */
  static final int MAX_BYTES = 64 << 10;

  /** Files that a configuration may have. */
  static final int MAX_FILES = 32;

  private static final String INCLUDE = "include";

  private final Problems problems;
  private final List<String> names = new ArrayList<>();
  private final List<String[]> lines = new ArrayList<>();
  private final List<Path> open = new ArrayList<>();
  private int bytes;

  Source(Problems problems) {
    this.problems = problems;
  }

  /** The file's content; empty, and problems told, if it has none that can be understood. */
  Optional<ConfigObject> load(Path file) {
    return load(file, new Place(0, 0, Text.clean(file.toString(), 300)), true);
  }

  private Optional<ConfigObject> load(Path file, Place from, boolean required) {
    Path identity = file.toAbsolutePath().normalize();
    if (open.contains(identity)) {
      problems.add(from, INCLUDE, Text.quoted(file.toString()), "expected no file inside itself");
      return Optional.empty();
    }
    if (names.size() == MAX_FILES) {
      String expected = "expected at most " + MAX_FILES + " files, with all that are included";
      problems.add(from, INCLUDE, Text.quoted(file.toString()), expected);
      return Optional.empty();
    }
    Place place = new Place(names.size(), 0, Text.clean(file.toString(), 300));
    Optional<String> text;
    try {
      text = text(file, place);
    } catch (NoSuchFileException absent) {
      if (required) {
        problems.add(place, "", "", "no such file");
      }
      return Optional.empty();
    } catch (AccessDeniedException denied) {
      problems.add(place, "", "", "no permission to read the file");
      return Optional.empty();
    } catch (IOException failed) {
      String why = Text.clean(String.valueOf(failed.getMessage()), 200);
      problems.add(place, "", "", "the file can't be read: " + why);
      return Optional.empty();
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    names.add(file.toString());
    lines.add(text.get().split("\n", -1));
    open.add(identity);
    try {
      return Optional.of(parse(text.get(), file, place));
    } catch (ConfigException wrong) {
      problems.add(
          wrong.origin() == null ? place : place(wrong.origin()), "", "", message(wrong, file));
      return Optional.empty();
    } catch (StackOverflowError deep) {
      problems.add(place, "", "", "expected no such deep nesting");
      return Optional.empty();
    } finally {
      open.remove(open.size() - 1);
    }
  }

  /** Decodes strictly: a wrong byte in a path or pattern must not become another one. */
  private Optional<String> text(Path file, Place place) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES - bytes + 1);
    }
    bytes += content.length;
    if (bytes > MAX_BYTES) {
      String limit = Quantities.text(MAX_BYTES);
      problems.add(place, "", "", "expected a configuration of at most " + limit);
      bytes = MAX_BYTES;
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      Place at = new Place(place.file(), line, place.text() + ":" + line);
      problems.add(at, "", "", "expected text in UTF-8");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private ConfigObject parse(String text, Path file, Place place) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(file.toString())
            .setIncluder(new Includer(file, place));
    return ConfigFactory.parseString(quoteIncludeKeys(text), options).root();
  }

  /**
   * Puts the key {@code include} in quotes: HOCON takes the bare word for a request to include a
   * file, which is never followed by an equals sign or colon.
   */
  static String quoteIncludeKeys(String text) {
    if (!text.contains(INCLUDE)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 32);
    int i = 0;
    while (i < text.length()) {
      int end = i + 1;
      if (text.startsWith("\"\"\"", i)) {
        int close = text.indexOf("\"\"\"", i + 3);
        end = close < 0 ? text.length() : close + 3;
      } else if (text.charAt(i) == '"') {
        end = endOfString(text, i + 1);
      } else if (text.charAt(i) == '#' || text.startsWith("//", i)) {
        end = text.indexOf('\n', i);
        end = end < 0 ? text.length() : end;
      } else if (isIncludeKey(text, i)) {
        end = i + INCLUDE.length();
        out.append('"').append(INCLUDE).append('"');
        i = end;
      }
      out.append(text, i, end);
      i = end;
    }
    return out.toString();
  }

  /** A string that is not closed ends with its line; the parser will complain. */
  private static int endOfString(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) != '\n') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, text.length());
  }

  private static boolean isIncludeKey(String text, int at) {
    if (!text.startsWith(INCLUDE, at) || at > 0 && " \t\r\n{,".indexOf(text.charAt(at - 1)) < 0) {
      return false;
    }
    int next = at + INCLUDE.length();
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return text.startsWith("=", next) || text.startsWith(":", next) || text.startsWith("+=", next);
  }

  /** What the parser says, without the place that it puts in front. */
  private static String message(ConfigException wrong, Path file) {
    String message = String.valueOf(wrong.getMessage());
    if (message.startsWith(file.toString())) {
      message =
          message.substring(file.toString().length()).replaceFirst("^: [0-9]+(-[0-9]+)?: ", "");
    }
    return "syntax error: " + Text.clean(message.replace('\n', ' '), 300);
  }

  /** Where something that was read stands. */
  Place place(ConfigOrigin origin) {
    String description = origin.withLineNumber(-1).description();
    int file = names.indexOf(description);
    int line = origin.lineNumber();
    String text = Text.clean(description, 300);
    if (file < 0) {
      return description.equals(Problem.COMMAND_LINE)
          ? Place.COMMAND_LINE
          : new Place(names.size(), 0, text);
    }
    return line < 1 ? new Place(file, 0, text) : new Place(file, line, text + ":" + line);
  }

  /** Where a value begins: an object put together from several places begins at the first. */
  Place start(ConfigValue value) {
    Place best = place(value.origin());
    if (value instanceof ConfigObject object && best.line() == 0) {
      try {
        for (ConfigValue part : object.values()) {
          Place place = start(part);
          best = place.compareTo(best) < 0 ? place : best;
        }
      } catch (ConfigException.NotResolved substitution) {
        return best;
      }
    }
    return best;
  }

  /** The column of {@code word} in the line, for an order among keys on one line. */
  int column(Place place, String word) {
    return place.file() < lines.size() && place.line() >= 1
        ? lines.get(place.file())[place.line() - 1].indexOf(word)
        : -1;
  }

  /** Lets a file include others by name, and nothing else. */
  private final class Includer
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private final Path file;
    private final Place place;

    Includer(Path file, Place place) {
      this.file = file;
      this.place = place;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      if (what.contains("://")) {
        return refused(what);
      }
      Place from = placeOf(what);
      boolean required = !context.parseOptions().getAllowMissing();
      try {
        return load(file.resolveSibling(what), from, required).orElseGet(Source::nothing);
      } catch (InvalidPathException wrong) {
        problems.add(from, INCLUDE, Text.quoted(what), "expected a file name");
        return nothing();
      }
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      return include(context, what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      return refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      return refused(what);
    }

    private ConfigObject refused(String what) {
      problems.add(
          placeOf(what), INCLUDE, Text.quoted(what), "expected a file: nothing else is included");
      return nothing();
    }

    /** HOCON does not tell an includer the line. */
    private Place placeOf(String what) {
      String[] text = lines.get(place.file());
      for (int i = 0; i < text.length; i++) {
        if (text[i].contains(INCLUDE) && text[i].contains(what)) {
          return new Place(place.file(), i + 1, place.text() + ":" + (i + 1));
        }
      }
      return place;
    }
  }

  private static ConfigObject nothing() {
    return ConfigFactory.empty().root();
  }
}
