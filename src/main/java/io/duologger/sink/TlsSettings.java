package io.duologger.sink;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom a TLS connection trusts and who it is. The files are PEM, and read anew for each connection,
 * so that they may be renewed.
 *
 * @param authority the certificates that are trusted; empty for those of the Java installation
 * @param certificate the chain that is shown to the server, one's own certificate first; empty for
 *     none
 * @param key its private key, in PKCS #8; there if and only if {@code certificate} is
 * @param name what the server's certificate has to name; empty for the name or address that is
 *     connected to
 */
public record TlsSettings(
    Optional<Path> authority,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<String> name) {
  /** Checks that certificate and key come together. */
  public TlsSettings {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("a certificate and its key go together");
    }
  }
}
