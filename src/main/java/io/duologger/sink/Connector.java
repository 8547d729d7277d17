package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Connects to a port of a host by TCP. The name is looked up anew each time, and all of its
 * addresses are tried: a daemon may listen on one of those of localhost only. Used by one thread at
 * a time.
 */
final class Connector {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Lookup lookup;
  private final int port;
  private final RecorderClock clock;

  /** Which address comes first: the one after that which was tried last without success. */
  private int turn;

  Connector(Lookup lookup, int port, RecorderClock clock) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    this.lookup = lookup;
    this.port = port;
    this.clock = clock;
  }

  /** Connects to the first address that accepts, with 5 s at most for each. */
  Connection connect(Patience patience) throws IOException {
    List<InetAddress> addresses = new ArrayList<>(lookup.addresses(patience));
    Collections.rotate(addresses, -(turn % addresses.size()));
    Optional<IOException> failure = Optional.empty();
    for (InetAddress address : addresses) {
      try {
        return Connection.open(
            new InetSocketAddress(address, port), patience, new Patience(clock, LIMIT_NANOS));
      } catch (IOException e) {
        turn = (turn + 1) % addresses.size();
        failure = failure.filter(earlier -> !isNoRoute(earlier)).or(() -> Optional.of(e));
      }
      if (patience.isOver()) {
        break;
      }
    }
    throw failure.orElseThrow();
  }

  /** The address that was connected to does not serve: another one is the first next time. */
  void turnAway() {
    turn++;
  }

  /** Says little if another address could be reached. */
  private static boolean isNoRoute(IOException e) {
    return e instanceof NoRouteToHostException
        || e instanceof SocketException && String.valueOf(e.getMessage()).contains("unreachable");
  }
}
