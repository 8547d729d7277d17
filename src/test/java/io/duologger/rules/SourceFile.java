package io.duologger.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Java source file.
 *
 * @param path where it is, as shown in messages
 * @param part the package below io.duologger: {@code stream}, {@code collector.net}; empty for the
 *     root
 * @param name the file's name without {@code .java}
 * @param code its text without comments and without the contents of string and character literals
 */
record SourceFile(String path, String part, String name, String code) {
  private static final String ROOT = "io.duologger";

  /** All of them below {@code folder}, in the order of their paths. */
  static List<SourceFile> below(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .sorted()
          .map(path -> of(path.toString(), text(path)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one at {@code path} with the given text. */
  static SourceFile of(String path, String text) {
    String code = code(text);
    int start = code.indexOf("package " + ROOT) + ("package " + ROOT).length();
    String part = code.substring(start, code.indexOf(';', start));
    String file = path.substring(path.lastIndexOf('/') + 1);
    return new SourceFile(
        path,
        part.isEmpty() ? part : part.substring(1),
        file.substring(0, file.length() - ".java".length()),
        code);
  }

  /** The first word of the package: what the rules of imports are about. */
  String layer() {
    int dot = part.indexOf('.');
    return dot < 0 ? part : part.substring(0, dot);
  }

  /** The line on which the character at {@code index} of the code is. */
  int line(int index) {
    return 1 + (int) code.substring(0, index).chars().filter(c -> c == '\n').count();
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Line feeds stay, so that lines keep their numbers. */
  private static String code(String text) {
    StringBuilder code = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end;
      String instead = "";
      if (text.startsWith("//", at)) {
        end = indexAfter(text, "\n", at) - 1;
      } else if (text.startsWith("/*", at)) {
        end = indexAfter(text, "*/", at + 2);
        instead = " ";
      } else if (text.startsWith("\"\"\"", at)) {
        end = endOfLiteral(text, "\"\"\"", at);
        instead = "\"\"";
      } else if (text.charAt(at) == '"') {
        end = endOfLiteral(text, "\"", at);
        instead = "\"\"";
      } else if (text.charAt(at) == '\'') {
        end = endOfLiteral(text, "'", at);
        instead = "' '";
      } else {
        code.append(text.charAt(at));
        at++;
        continue;
      }
      code.append(instead);
      text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> code.append('\n'));
      at = end;
    }
    return code.toString();
  }

  private static int indexAfter(String text, String mark, int from) {
    int index = text.indexOf(mark, from);
    return index < 0 ? text.length() + (mark.equals("\n") ? 1 : 0) : index + mark.length();
  }

  private static int endOfLiteral(String text, String quote, int start) {
    int at = start + quote.length();
    while (!text.startsWith(quote, at)) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + quote.length();
  }
}
