package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who traces and may trace a process: the line TracerPid of /proc/PID/status, proc(5), and
 * kernel.yama.ptrace_scope, ptrace(2).
 */
public final class Tracer {
  private static final String KEY = "TracerPid:";
  private static final String SCOPE = "sys/kernel/yama/ptrace_scope";

  /** The scope in which a process may be traced that allows it, by PR_SET_PTRACER. */
  private static final long CONSENTING = 1;

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

  /**
   * Whether strace may attach to another process of this user, which is no child of it: not where
   * Ubuntu and others have set the scope to 1, unless by root.
   */
  public static boolean mayAttach(HostFiles host) {
    return host.isRoot() || scope(host) < CONSENTING;
  }

  /** Whether strace may trace what it starts. */
  public static boolean mayStart(HostFiles host) {
    return host.isRoot() || scope(host) <= CONSENTING;
  }

  private static long scope(HostFiles host) {
    return HostFiles.number(host.proc().resolve(SCOPE)).orElse(0);
  }

  /**
   * The words to put before a command so that it is traced from its first call on: it runs in the
   * process that is started, with its own exit status, while strace, of the same session but not of
   * the same group, so that no key of the terminal ends it, goes on beside it without a parent. It
   * does not begin before somebody reads the pipe. When nobody does any more, strace ends by the
   * signal of that, and the command goes on. If there is no such command, the status is 1.
   *
   * @param strace the program
   * @param pipe a named pipe for what strace prints
   */
  public static List<String> prefix(String strace, Path pipe) {
    return List.of(
        strace,
        "-DD",
        "-I",
        "1",
        "-f",
        "-qq",
        "-a",
        "0",
        "-s",
        "0",
        "-e",
        "raw=all",
        "-e",
        "signal=none",
        "-o",
        pipe.toString(),
        "--");
  }
}
