package io.duologger.runtime;

import java.io.IOException;
import java.util.OptionalLong;

/** Which process traces another one, by the line TracerPid of /proc/PID/status, proc(5). */
public final class Tracer {
  private static final String KEY = "TracerPid:";

  private Tracer() {}

  /** The tracer of the process {@code pid}; empty if it has none or is gone. */
  public static OptionalLong of(HostFiles host, long pid) {
    try {
      String status = HostFiles.text(host.proc().resolve(pid + "/status"));
      return status
          .lines()
          .filter(line -> line.startsWith(KEY))
          .flatMapToLong(line -> HostFiles.whole(line.substring(KEY.length()).strip()).stream())
          .filter(tracer -> tracer > 0)
          .findFirst();
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }
}
