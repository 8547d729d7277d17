package io.duologger.collector.process;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.SmallFile;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of users, from {@code /etc/passwd}; who is not in it goes by the number: a directory
 * service, which may hang, is never asked. Used by one thread at a time.
 */
final class UserNames {
  private static final int LONGEST = 64;

  private final File passwd;
  private final SmallFile reader = new SmallFile();
  private final long readsPerLook;
  private Map<Long, String> names = Map.of();
  private long nextLook;

  /**
   * @param readsPerLook how many reads apart the file is read again for somebody unknown
   */
  UserNames(HostRoot root, long readsPerLook) {
    this.passwd = root.root().resolve("etc").resolve("passwd").toFile();
    this.readsPerLook = readsPerLook;
  }

  /** What the user with the number {@code user} is called. */
  String name(long user, long read) {
    String name = names.get(user);
    if (name == null && read >= nextLook) {
      nextLook = read + readsPerLook;
      names = look();
      name = names.get(user);
    }
    return name == null ? Long.toString(user) : name;
  }

  private Map<Long, String> look() {
    try {
      return parse(reader.readWhole(passwd));
    } catch (IOException notToBeHad) {
      return Map.of();
    }
  }

  /** The lines NAME:PASSWORD:NUMBER:..., of which the first of a number counts; passwd(5). */
  static Map<Long, String> parse(ByteScanner in) {
    Map<Long, String> names = new HashMap<>();
    while (in.nextLine()) {
      if (in.nextTokenUntil(':') && in.tokenLength() > 0 && in.tokenLength() <= LONGEST) {
        String name = in.token();
        if (in.nextTokenUntil(':') && in.nextTokenUntil(':')) {
          try {
            names.putIfAbsent(in.unsigned("number"), name);
          } catch (IOException noUser) {
            // Such as the lines +::: of NIS.
            continue;
          }
        }
      }
    }
    return names;
  }
}
