package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Run with {@code -Dduologger.golden.regenerate=true} to write the files anew. */
class GoldenFormatTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden/format");

  @Test
  void logfmt() throws IOException {
    assertGolden("logfmt.txt", new LogfmtFormat());
  }

  @Test
  void logfmtSplit() throws IOException {
    assertGolden("logfmt-split.txt", new LogfmtFormat(300, 20));
  }

  @Test
  void json() throws IOException {
    assertGolden("json.txt", new JsonFormat());
  }

  private static void assertGolden(String name, Format format) throws IOException {
    String actual = new String(format.bytes(ReportFixture.full()), StandardCharsets.ISO_8859_1);
    Path golden = DIRECTORY.resolve(name);
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(golden, actual);
    }
    assertEquals(Files.readString(golden), actual);
  }
}
