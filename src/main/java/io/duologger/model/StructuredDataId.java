package io.duologger.model;

import java.util.regex.Pattern;

/** The rule for the names of structured data in syslog messages (RFC 5424, section 6.3.2). */
public final class StructuredDataId {
  /** What {@link #isLegal} accepts, for messages. */
  public static final String EXPECTED =
      "name@number, at most 32 printable ASCII characters without blank = ] and \", the number that"
          + " of an enterprise, such as duologger@32473";

  private static final int MAX_LENGTH = 32;
  private static final Pattern ID = Pattern.compile("[!-~&&[^=\\]\"@]]+@[0-9]+(\\.[0-9]+)*");

  private StructuredDataId() {}

  /**
   * Whether {@code id} is a name that anybody may give: one with the number of a private
   * enterprise, which sub-identifiers may follow (RFC 5424, section 7.2.2).
   */
  public static boolean isLegal(String id) {
    return id.length() <= MAX_LENGTH && ID.matcher(id).matches();
  }
}
