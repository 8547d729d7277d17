package io.duologger.sink;

/** A request that is answered with its status only, after which the connection ends. */
final class HttpRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  /** With the status and what is wrong, for people. */
  HttpRefusedException(int status, String why) {
    super(why);
    this.status = status;
  }

  /** The status of the answer. */
  int status() {
    return status;
  }
}
