package io.duologger.sink;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's HTTP server within limits. It reads each request with a thread of its own, so there are
 * as many threads as there may be connections: a client that sends slowly keeps its own thread
 * only, until its time is over.
 *
 * <p>What does not hold: while {@link #CONNECTIONS} clients are there, others are turned away at
 * once. Whoever connects that often and comes back whenever it is cut off keeps everybody else out.
 * When the process is out of file handles and a client waits, the server tries to accept it over
 * and over, which takes a processor, until there are handles again.
 *
 * <p>Threads are daemons and exist while they are needed. May be closed by any thread.
 */
final class PageServer implements Closeable {
  /** So many clients at once. */
  static final int CONNECTIONS = 64;

  /**
   * The server's limits, which are of the whole process; times are seconds by the wall clock. A
   * system property that is set already wins.
   */
  private static final Map<String, Integer> LIMITS =
      Map.of(
          "jdk.httpserver.maxConnections", CONNECTIONS,
          // Those who are idle must not keep others out. A scrape may be minutes after the last.
          "sun.net.httpserver.maxIdleConnections", 16,
          "sun.net.httpserver.idleInterval", 150,
          // Milliseconds between looks for those who connect and say nothing.
          "sun.net.httpserver.clockTick", 1_000,
          "sun.net.httpserver.maxReqTime", 5,
          "sun.net.httpserver.maxRspTime", 10,
          "sun.net.httpserver.maxReqHeaders", 100,
          "sun.net.httpserver.maxReqHeaderSize", 16_384);

  /** More than connections: one that was cut off is still being left when the next is there. */
  private static final int THREADS = 2 * CONNECTIONS;

  private static final int KEPT_SECONDS = 10;
  private static final int STACK_BYTES = 1 << 18;
  private static final int BACKLOG = 256;

  static {
    LIMITS.forEach((name, value) -> setUnlessSet(name, value.toString()));
    // Or the last part of an answer waits until the client has acknowledged the others.
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0, THREADS, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), PageServer::thread);

  /**
   * Listens and serves from now on.
   *
   * @param address an address or a name of this host; 0.0.0.0 and :: are both all there are
   * @param port 0 for any that is free
   * @param handler called by many threads
   * @throws IOException if it cannot listen there
   */
  PageServer(String address, int port, HttpHandler handler) throws IOException {
    server = listen(address, port);
    server.createContext("/", handler);
    server.setExecutor(threads);
    // By a daemon, so that the server's thread is one.
    CompletableFuture.runAsync(server::start, threads).join();
  }

  private static void setUnlessSet(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(null, task, "http", STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  private static HttpServer listen(String address, int port) throws IOException {
    try {
      return HttpServer.create(
          new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
    } catch (UnknownHostException e) {
      throw cannotListen(address, port, "unknown host", e);
    } catch (UnsupportedAddressTypeException e) {
      throw cannotListen(address, port, "this host does not have that kind of address", e);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw cannotListen(
          address, port, why.substring(0, 1).toLowerCase(Locale.ROOT) + why.substring(1), e);
    }
  }

  private static IOException cannotListen(String address, int port, String why, Exception e) {
    return new IOException("cannot listen on " + address + " port " + port + ": " + why, e);
  }

  /** The port that it listens on. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Ends all connections at once, whatever they do. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
