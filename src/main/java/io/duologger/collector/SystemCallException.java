package io.duologger.collector;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** The kernel refuses a call; the message says in plain words why. */
final class SystemCallException extends IOException {
  // From here on: the numbers of Linux, on all machines that there is a current Java for.
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EPIPE = 32;
  static final int ENOTCONN = 107;
  static final int ETIMEDOUT = 110;
  static final int EHOSTDOWN = 112;
  static final int ESTALE = 116;

  private static final long serialVersionUID = 1L;

  private final int number;

  /** The error {@code number}. */
  SystemCallException(int number) {
    super(text(number));
    this.number = number;
  }

  /** What {@code e} says. */
  static SystemCallException of(LastErrorException e) {
    return new SystemCallException(e.getErrorCode());
  }

  /** Which error it is. */
  int number() {
    return number;
  }

  /** The system's own texts depend on the language. */
  private static String text(int number) {
    return switch (number) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case EIO -> "input/output error";
      case EACCES -> "permission denied";
      case ENOTCONN -> "not connected";
      case ETIMEDOUT -> "timed out";
      case EHOSTDOWN -> "host is down";
      case ESTALE -> "stale file handle";
      default -> "error " + number;
    };
  }
}
