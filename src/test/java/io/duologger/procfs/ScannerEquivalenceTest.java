package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the bytes and whatever is asked, the fast scanner answers what the plain one does. */
class ScannerEquivalenceTest {
  private static final Path HOSTS = Path.of("src/test/resources/hosts");
  private static final String SOURCE = "/proc/x";

  /** Some of them start like others, or with the same three bytes. */
  private static final List<String> KEYS =
      List.of(
          "MemTotal",
          "MemFree",
          "Mem",
          "Cached",
          "HugePages_Total",
          "HugePages_Free",
          "pswpin",
          "pswpout",
          "pgfault",
          "pgfaultx",
          "oom_kill",
          "intr",
          "ctxt",
          "procs",
          "procs_running");

  private static final List<String> FILES =
      List.of(
          "stat", "loadavg", "meminfo", "vmstat", "net/dev", "diskstats", "swaps", "pressure/io");

  /** What both scanners say to the same questions. */
  private static final class Pair {
    private final ByteScanner fast = new ByteScanner();
    private final PlainScanner plain;
    private final LineKeys words = new LineKeys(' ', KEYS);
    private final LineKeys titles = new LineKeys(':', KEYS);

    Pair(byte[] content) {
      // What lies behind the content, left there by a longer read, must not count.
      byte[] buffer = Arrays.copyOf(content, content.length + 40);
      Arrays.fill(buffer, content.length, buffer.length, (byte) '7');
      fast.reset(SOURCE, buffer, content.length);
      plain = new PlainScanner(SOURCE, content);
    }

    /** Asks one question; false after the last line. */
    boolean ask(int question) throws IOException {
      switch (question) {
        case 0:
          assertEquals(plain.nextToken(), fast.nextToken());
          return sameToken();
        case 1:
          assertEquals(plain.nextTokenUntil(':'), fast.nextTokenUntil(':'));
          return sameToken();
        case 2:
          assertEquals(plain.nextTokenUntil('='), fast.nextTokenUntil('='));
          return sameToken();
        case 3:
          assertEquals(plain.nextTokenUntilLast(':'), fast.nextTokenUntilLast(':'));
          return sameToken();
        case 4:
          return same(() -> plain.nextUnsigned("n"), () -> fast.nextUnsigned("n"));
        case 5:
          return same(() -> plain.nextSigned("n"), () -> fast.nextSigned("n"));
        case 6:
          return same(() -> plain.nextDecimal("n"), () -> fast.nextDecimal("n"));
        case 7:
          return same(() -> columns(plain::nextUnsigned), () -> columns(fast::nextUnsigned));
        case 8:
          assertEquals(plain.malformed("x").getMessage(), fast.malformed("x").getMessage());
          return true;
        case 9:
          return sameKey(plain.nextLineOf(' ', KEYS), fast.nextLineOf(words));
        case 10:
          return sameKey(plain.nextLineOf(':', KEYS), fast.nextLineOf(titles));
        default:
          assertEquals(plain.nextLine(), fast.nextLine());
          return sameToken();
      }
    }

    private boolean sameToken() {
      byte[] token = fast.tokenBytes();
      assertEquals(plain.token(), new String(token, StandardCharsets.ISO_8859_1));
      assertEquals(plain.token().length(), fast.tokenLength());
      return true;
    }

    private static boolean sameKey(int expected, int key) {
      assertEquals(expected, key);
      return key >= 0;
    }

    private static boolean same(Answer expected, Answer answer) {
      assertEquals(Answer.text(expected), Answer.text(answer));
      return true;
    }

    private static String columns(Columns scanner) throws IOException {
      long[] values = new long[5];
      int found = scanner.read(values, 4, "n");
      return found + Arrays.toString(values);
    }
  }

  private interface Columns {
    int read(long[] into, int count, String field) throws IOException;
  }

  private interface Answer {
    Object answer() throws IOException;

    static String text(Answer question) {
      try {
        return String.valueOf(question.answer());
      } catch (IOException e) {
        return e.getMessage();
      }
    }
  }

  private static void compare(byte[] content, long seed) throws IOException {
    Random random = new Random(seed);
    Pair pair = new Pair(content);
    boolean more = pair.ask(11);
    for (int i = 0; more && i < 400; i++) {
      more = pair.ask(random.nextInt(14));
    }
  }

  @Property(tries = 3_000)
  void onDamagedKernelFiles(@ForAll("damaged") byte[] content, @ForAll long seed)
      throws IOException {
    compare(content, seed);
  }

  @Property(tries = 2_000)
  void onWordsInAnyOrder(@ForAll("words") byte[] content, @ForAll long seed) throws IOException {
    compare(content, seed);
  }

  @Property(tries = 1_000)
  void onAnyBytes(@ForAll byte[] content, @ForAll long seed) throws IOException {
    compare(content, seed);
  }

  @Provide
  Arbitrary<byte[]> words() {
    List<String> words = new ArrayList<>(KEYS);
    words.addAll(
        List.of(
            ":",
            ": ",
            "=",
            " ",
            "\t",
            "\r",
            "\n",
            "\n",
            "\n",
            "0",
            "12",
            "-3",
            "0.25",
            "1.",
            ".5",
            "999999999999999999",
            "9999999999999999999",
            "18446744073709551615",
            "18446744073709551616",
            "00000000000000000000001",
            "1234567890123.45",
            "12345678901234567.89",
            "kB",
            "\u00fc",
            "\u0001"));
    return Arbitraries.of(words)
        .list()
        .ofMaxSize(60)
        .map(list -> String.join("", list).getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<byte[]> damaged() {
    return Combinators.combine(
            Arbitraries.of(FILES).map(ScannerEquivalenceTest::fixture),
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 12))
        .as(ScannerEquivalenceTest::damage);
  }

  private static byte[] fixture(String name) {
    try {
      return Files.readAllBytes(HOSTS.resolve("small/proc").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts the file off here and there and replaces some bytes by others, often by delimiters. */
  private static byte[] damage(byte[] file, long seed, int times) {
    Random random = new Random(seed);
    byte[] likely = " \n\t\r:=-.09kp\u0000".getBytes(StandardCharsets.US_ASCII);
    byte[] damaged = random.nextBoolean() ? file : Arrays.copyOf(file, random.nextInt(file.length));
    damaged = damaged.clone();
    for (int i = 0; i < times && damaged.length > 0; i++) {
      byte to =
          random.nextInt(4) > 0
              ? likely[random.nextInt(likely.length)]
              : (byte) random.nextInt(256);
      damaged[random.nextInt(damaged.length)] = to;
    }
    return damaged;
  }
}
