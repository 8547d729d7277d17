package io.duologger.sink;

import java.util.regex.Pattern;

/** How a syslog message names the host that it is from. Safe for use by any thread. */
public enum HostForm {
  /** Not at all: the receiver is on the same host, or fills it in. */
  NONE,
  /** Without its domain; an address stays whole. */
  SHORT,
  /** As reports call it. */
  FULL;

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*", Pattern.DOTALL);
  private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

  /**
   * The name to write: what is not printable ASCII becomes {@code _}, and a name without any
   * character {@code -}. Empty for {@link #NONE}.
   */
  String of(String host) {
    if (this == NONE) {
      return "";
    }
    String name = this == SHORT ? withoutDomain(host) : host;
    return name.isEmpty() ? "-" : UNPRINTABLE.matcher(name).replaceAll("_");
  }

  private static String withoutDomain(String host) {
    int dot = host.indexOf('.');
    return dot < 0 || ADDRESS.matcher(host).matches() ? host : host.substring(0, dot);
  }
}
