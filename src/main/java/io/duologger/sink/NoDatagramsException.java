package io.duologger.sink;

import java.io.IOException;

/**
 * Datagrams can't be sent to a local socket: it is one of streams, or there is no native library.
 */
final class NoDatagramsException extends IOException {
  private static final long serialVersionUID = 1;

  NoDatagramsException(IOException why) {
    super(why.getMessage(), why.getCause());
  }
}
