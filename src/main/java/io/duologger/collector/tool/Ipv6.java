package io.duologger.collector.tool;

import java.util.List;

/** Addresses of IPv6 as people write them. */
public final class Ipv6 {
  private Ipv6() {}

  /** RFC 5952: the first of the longest runs of two or more zero groups becomes two colons. */
  public static String shortened(String address) {
    int zone = address.indexOf('%');
    String[] groups = (zone < 0 ? address : address.substring(0, zone)).split(":", -1);
    int start = -1;
    int longest = 1;
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end].equals("0")) {
        end++;
      }
      if (end - i > longest) {
        start = i;
        longest = end - i;
      }
    }
    if (start < 0) {
      return String.join(":", groups);
    }
    List<String> all = List.of(groups);
    return String.join(":", all.subList(0, start))
        + "::"
        + String.join(":", all.subList(start + longest, groups.length));
  }
}
