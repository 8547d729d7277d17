package io.duologger.format;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Keys as names of parameters, which have 32 characters at most (RFC 5424, section 6.3.3). Only a
 * longer one changes, always in the same way: {@code _per_second} becomes {@code _ps} and {@code
 * utilisation} {@code util}; if that is not enough, 27 characters are left, followed by an
 * underscore and the last 4 hexadecimal digits of the CRC-32 of the key.
 */
final class ParamNames {
  private static final int MAX_LENGTH = 32;
  private static final int KEPT = 27;

  private ParamNames() {}

  /** The name for {@code key}, which is ASCII. */
  static String of(String key) {
    if (key.length() <= MAX_LENGTH) {
      return key;
    }
    String name = key.replace("_per_second", "_ps").replace("utilisation", "util");
    return name.length() <= MAX_LENGTH ? name : name.substring(0, KEPT) + "_" + digits(key);
  }

  private static String digits(String key) {
    CRC32 sum = new CRC32();
    sum.update(key.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((short) sum.getValue());
  }
}
