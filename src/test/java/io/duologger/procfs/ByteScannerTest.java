package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteScannerTest {
  private static ByteScanner on(String text) {
    ByteScanner scanner = new ByteScanner();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    scanner.reset("/proc/x", bytes, bytes.length);
    return scanner;
  }

  private static ByteScanner onLine(String text) {
    ByteScanner scanner = on(text);
    scanner.nextLine();
    return scanner;
  }

  @Test
  void walksLinesAndTokens() {
    ByteScanner in = on("a  bb\n\n\tc\r\nlast");
    assertTrue(in.nextLine());
    assertTrue(in.nextToken());
    assertEquals("a", in.token());
    assertTrue(in.nextToken());
    assertEquals("bb", in.token());
    assertEquals(2, in.tokenLength());
    assertFalse(in.nextToken());
    assertTrue(in.nextLine());
    assertFalse(in.nextToken());
    assertTrue(in.nextLine());
    assertTrue(in.nextToken());
    assertArrayEquals(new byte[] {'c'}, in.tokenBytes());
    assertFalse(in.nextToken());
    assertTrue(in.nextLine());
    assertTrue(in.nextToken());
    assertEquals("last", in.token());
    assertFalse(in.nextLine());
    assertFalse(in.nextToken());
  }

  @Test
  void readsNothingBeyondTheGivenLength() {
    ByteScanner scanner = new ByteScanner();
    scanner.reset("/proc/x", "12345".getBytes(StandardCharsets.US_ASCII), 3);
    scanner.nextLine();
    scanner.nextToken();
    assertEquals("123", scanner.token());
  }

  @Test
  void splitsAtTheFirstOrLastDelimiter() throws IOException {
    ByteScanner in = onLine("  a:b:12 3");
    assertTrue(in.nextTokenUntil(':'));
    assertEquals("a", in.token());
    in = onLine("  a:b:12 3");
    assertTrue(in.nextTokenUntilLast(':'));
    assertEquals("a:b", in.token());
    assertEquals(12, in.nextUnsigned("n"));
    assertFalse(in.nextTokenUntil(':'));
    assertEquals(3, in.nextUnsigned("n"));
  }

  @Test
  void returnsToATokenOfTheLineWithoutReadingAnew() throws IOException {
    ByteScanner in = onLine("device on 7");
    in.nextToken();
    long device = in.tokenPlace();
    in.nextToken();
    in.tokenAt(device);
    assertEquals("device", in.token());
    assertTrue(in.tokenIs(ByteScanner.key("device")));
    assertEquals(7, in.nextUnsigned("n"));
  }

  @Test
  void comparesTheRestOfALine() {
    ByteScanner in = on("a: b c\na: b c\na: b cd\na: b");
    byte[] rest = ByteScanner.key(" b c");
    in.nextLine();
    in.nextTokenUntil(':');
    assertArrayEquals(rest, in.rest());
    assertTrue(in.restIs(rest));
    assertFalse(in.nextToken());
    assertArrayEquals(new byte[0], in.rest());
    assertTrue(in.restIs(new byte[0]));
    assertTrue(in.nextLine());
    in.nextTokenUntil(':');
    assertTrue(in.restIs(rest));
    for (int longerThenShorter = 0; longerThenShorter < 2; longerThenShorter++) {
      assertTrue(in.nextLine());
      in.nextTokenUntil(':');
      assertFalse(in.restIs(rest));
      assertTrue(in.nextToken());
      assertEquals("b", in.token());
    }
    assertFalse(in.nextLine());
    assertArrayEquals(new byte[0], in.rest());
  }

  @Test
  void comparesTokensWithKeys() {
    ByteScanner in = onLine("cpu12");
    in.nextToken();
    assertTrue(in.tokenStartsWith(ByteScanner.key("cpu")));
    assertTrue(in.tokenIs(ByteScanner.key("cpu12")));
    assertFalse(in.tokenIs(ByteScanner.key("cpu1")));
    assertFalse(in.tokenIs(ByteScanner.key("cpu123")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "7",
        "999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "000018446744073709551615"
      })
  void readsUnsigned64BitNumbers(String text) throws IOException {
    assertEquals(Long.parseUnsignedLong(text), onLine(text).nextUnsigned("n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551616",
        "18446744073709551620",
        "99999999999999999999",
        "184467440737095516150",
        "-1",
        "1x",
        "+1",
        "0x10",
        " "
      })
  void refusesWhatIsNoUnsigned64BitNumber(String text) {
    assertThrows(IOException.class, () -> onLine(text).nextUnsigned("n"));
  }

  @Test
  void readsSignedNumbers() throws IOException {
    assertEquals(-1, onLine("-1").nextSigned("n"));
    assertEquals(Long.MAX_VALUE, onLine("9223372036854775807").nextSigned("n"));
    assertThrows(IOException.class, () -> onLine("-").nextSigned("n"));
    assertThrows(IOException.class, () -> onLine("--1").nextSigned("n"));
    assertThrows(IOException.class, () -> onLine("9223372036854775808").nextSigned("n"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.00",
    "1",
    "-1.5",
    "271.25",
    "0.1",
    "123456789012.345",
    "12345678901234567890.5",
    "007.10"
  })
  void readsDecimalsAsJavaDoes(String text) throws IOException {
    assertEquals(Double.parseDouble(text), onLine(text).nextDecimal("n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".5", "5.", "1.2.3", "1e5", "nan", "-", ".", "", "0x1p3"})
  void refusesWhatIsNoDecimal(String text) {
    assertThrows(IOException.class, () -> onLine(text + " ").nextDecimal("n"));
  }

  @Test
  void refusesEndlessDecimals() {
    assertThrows(IOException.class, () -> onLine("1".repeat(100_000)).nextDecimal("n"));
  }

  @Test
  void complaintsNamePathLineAndText() {
    ByteScanner in = on("first\nab 1\tx\u0007");
    in.nextLine();
    in.nextLine();
    assertEquals(
        "/proc/x line 2: ab is no number: 'ab 1?x?'",
        assertThrows(IOException.class, () -> in.nextUnsigned("ab")).getMessage());
  }

  @Test
  void complaintsClipLongLines() {
    String message = onLine("y".repeat(5000)).malformed("too odd").getMessage();
    assertTrue(message.endsWith("yyy...'"), message);
    assertTrue(message.length() < 150, message);
  }

  @Test
  void namesThatAreNotUtf8AreReadAsLatin1() {
    assertEquals("ü", ByteScanner.text("ü".getBytes(StandardCharsets.UTF_8)));
    assertEquals("ü", ByteScanner.text(new byte[] {(byte) 0xfc}));
  }
}
