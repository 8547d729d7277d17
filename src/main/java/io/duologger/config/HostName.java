package io.duologger.config;

import java.util.regex.Pattern;

/** Names of hosts: what is one, and its short form. */
public final class HostName {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private HostName() {}

  /** Whether reports may call a host so: a name or an address. */
  public static boolean isLegal(String text) {
    return LEGAL.matcher(text).matches();
  }

  /** The name up to its first dot; an address stays whole. */
  public static String shortened(String name) {
    int dot = name.indexOf('.');
    return dot <= 0 || ADDRESS.matcher(name).matches() ? name : name.substring(0, dot);
  }
}
