package io.duologger.sink;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The addresses of a host. The resolver may take half a minute and cannot be told to hurry, so it
 * is asked on a thread that ends with its answer; there is one of these at most. Used by one thread
 * at a time.
 */
final class Lookup {
  /** Asks for the addresses of a host, and waits for the answer. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final String host;
  private final Resolver resolver;
  private Optional<FutureTask<List<InetAddress>>> asked = Optional.empty();

  Lookup(String host, Resolver resolver) {
    this.host = host;
    this.resolver = resolver;
  }

  /**
   * All addresses, in the resolver's order; there is at least one.
   *
   * @throws UnknownHostException if there is none
   * @throws SocketTimeoutException if the patience is over before the resolver answers; the next
   *     call gets that answer
   */
  List<InetAddress> addresses(Patience patience) throws IOException {
    FutureTask<List<InetAddress>> answer = asked.orElseGet(this::ask);
    asked = Optional.of(answer);
    while (true) {
      try {
        List<InetAddress> addresses = answer.get(patience.slice(), TimeUnit.MILLISECONDS);
        asked = Optional.empty();
        return addresses;
      } catch (TimeoutException e) {
        if (patience.isOver()) {
          throw new SocketTimeoutException("the lookup of its name is not answered in time");
        }
      } catch (ExecutionException e) {
        asked = Optional.empty();
        throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
  }

  private FutureTask<List<InetAddress>> ask() {
    FutureTask<List<InetAddress>> answer =
        new FutureTask<>(() -> List.of(resolver.addresses(host)));
    Thread thread = new Thread(answer, "lookup " + host);
    thread.setDaemon(true);
    thread.start();
    return answer;
  }
}
