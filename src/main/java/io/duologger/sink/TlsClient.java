package io.duologger.sink;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One side of one TLS connection: whom it trusts and who it is, read from the files, and what it
 * has seen of the server, to explain a failure. TLS 1.3 and 1.2; the server's certificate has to
 * name the server (RFC 5425, sections 4.2 and 5). Used by one thread at a time.
 */
final class TlsClient {
  private final String name;
  private final SSLEngine engine;
  private final Trust trust;
  private final Own own;

  private TlsClient(String name, SSLEngine engine, Trust trust, Own own) {
    this.name = name;
    this.engine = engine;
    this.trust = trust;
    this.own = own;
  }

  /**
   * Reads the files.
   *
   * @param server the name or address that is connected to
   * @throws IOException naming the file that is not as it should be
   */
  static TlsClient of(TlsSettings settings, String server, int port) throws IOException {
    String name = settings.name().orElse(server);
    Own own = own(settings);
    try {
      Trust trust = new Trust(delegate(settings.authority()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {own}, new TrustManager[] {trust}, null);
      SSLEngine engine = context.createSSLEngine(name, port);
      engine.setUseClientMode(true);
      engine.setSSLParameters(parameters(engine, name));
      return new TlsClient(name, engine, trust, own);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java installation cannot do TLS: " + e.getMessage(), e);
    }
  }

  /** The state machine of the connection. */
  SSLEngine engine() {
    return engine;
  }

  /** Whether the server has asked who we are. */
  boolean isAsked() {
    return own.asked;
  }

  /**
   * Says why it failed.
   *
   * @param answered whether the server has sent something that is TLS
   */
  IOException failure(SSLException e, boolean answered) {
    return new IOException(
        TlsFailures.reason(
            e, new TlsFailures.Seen(name, trust.chain, answered, own.asked, own.isThere())),
        e);
  }

  private static SSLParameters parameters(SSLEngine engine, String name) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    serverName(name).ifPresent(host -> parameters.setServerNames(List.of(host)));
    return parameters;
  }

  /** What RFC 6066 has the server be told: a name, but no address. */
  private static Optional<SNIHostName> serverName(String name) {
    if (name.contains(":") || name.matches("[0-9.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SNIHostName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name));
    } catch (IllegalArgumentException e) {
      // such as one with an underscore, which a resolver may know nevertheless
      return Optional.empty();
    }
  }

  private static Own own(TlsSettings settings) throws IOException {
    if (settings.certificate().isEmpty()) {
      return new Own(List.of(), Optional.empty());
    }
    List<X509Certificate> chain = Pem.certificates(settings.certificate().get());
    return new Own(chain, Optional.of(Pem.key(settings.key().orElseThrow(), chain.get(0))));
  }

  private static X509ExtendedTrustManager delegate(Optional<Path> authority)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authority.isPresent() ? store(authority.get()) : null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("it has no X509ExtendedTrustManager");
  }

  private static KeyStore store(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (X509Certificate certificate : Pem.certificates(authority)) {
      store.setCertificateEntry(String.valueOf(store.size()), certificate);
    }
    return store;
  }

  /** Decides as the Java installation does, and keeps what the server has shown. */
  private static final class Trust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager delegate;
    private List<X509Certificate> chain = List.of();

    Trust(X509ExtendedTrustManager delegate) {
      this.delegate = delegate;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind, SSLEngine engine)
        throws CertificateException {
      chain = List.of(shown);
      delegate.checkServerTrusted(shown, kind, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind, Socket socket)
        throws CertificateException {
      delegate.checkServerTrusted(shown, kind, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String kind)
        throws CertificateException {
      delegate.checkServerTrusted(shown, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind, SSLEngine engine)
        throws CertificateException {
      delegate.checkClientTrusted(shown, kind, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind, Socket socket)
        throws CertificateException {
      delegate.checkClientTrusted(shown, kind, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String kind)
        throws CertificateException {
      delegate.checkClientTrusted(shown, kind);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return delegate.getAcceptedIssuers();
    }
  }

  /**
   * Shows the one certificate, if there is one, to a server that asks, whatever authorities it
   * names: so it is the server that says what is wrong with it.
   */
  private static final class Own extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final List<X509Certificate> chain;
    private final Optional<PrivateKey> key;
    private boolean asked;

    Own(List<X509Certificate> chain, Optional<PrivateKey> key) {
      this.chain = chain;
      this.key = key;
    }

    boolean isThere() {
      return key.isPresent();
    }

    @Override
    public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
      return chooseClientAlias(kinds, issuers, null);
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
      asked = true;
      return key.filter(own -> Arrays.asList(kinds).contains(own.getAlgorithm()))
          .map(own -> ALIAS)
          .orElse(null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key.orElse(null);
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
