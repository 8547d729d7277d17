package io.duologger.peer;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server of TLS that accepts one connection after the other, each on a thread. */
public final class TlsReceiver implements AutoCloseable {
  private final StreamReceiver receiver;
  private final SSLContext context;
  private final String protocol;
  private final boolean asking;

  /**
   * Listens.
   *
   * @param protocol the only one it speaks, such as TLSv1.3
   * @param asking whether it wants a certificate of the client
   */
  public TlsReceiver(StreamReceiver receiver, SSLContext context, String protocol, boolean asking) {
    this.receiver = receiver;
    this.context = context;
    this.protocol = protocol;
    this.asking = asking;
  }

  /** Where it listens. */
  public int port() throws IOException {
    return receiver.port();
  }

  /** What is done with a connection. */
  @FunctionalInterface
  public interface Use<T> {
    /** Uses it; it is closed after that. */
    T use(SSLSocket socket) throws Exception;
  }

  /** Accepts a connection, does the handshake and uses it, on another thread. */
  public <T> CompletableFuture<T> accept(Use<T> use) {
    return OwnThread.run(
        () -> {
          try (SSLSocket socket = shakeHands()) {
            return use.use(socket);
          }
        });
  }

  /** Accepts a connection and reads everything until its end. */
  public CompletableFuture<String> reading() {
    return accept(
        socket -> new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private SSLSocket shakeHands() throws IOException {
    Socket plain = receiver.accept().channel().socket();
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setNeedClientAuth(asking);
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    receiver.close();
  }
}
