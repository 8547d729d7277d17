package io.duologger.collector.tool;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names that come from programs, made fit for output. */
public final class Words {
  /** What a state is called that has no name as states have. */
  public static final String OTHER = "other";

  private static final Pattern STATE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final int LONGEST = 64;

  private Words() {}

  /** The name of a state in lower case. */
  public static String state(String text) {
    String state = text.toLowerCase(Locale.ROOT);
    return STATE.matcher(state).matches() ? state : OTHER;
  }

  /** The text with a question mark for each character that is not printable ASCII. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.chars().forEach(c -> printable.append(c >= ' ' && c <= '~' ? (char) c : '?'));
    return printable.toString();
  }

  /** At most {@code most} of the names with commas between them, and how many more there are. */
  public static String list(Collection<String> names, int most) {
    StringBuilder list = new StringBuilder();
    int listed = 0;
    for (String name : names) {
      if (listed == most) {
        return list.append(",+").append(names.size() - most).toString();
      }
      list.append(listed == 0 ? "" : ",");
      list.append(printable(name.substring(0, Math.min(name.length(), LONGEST))));
      listed++;
    }
    return list.toString();
  }
}
