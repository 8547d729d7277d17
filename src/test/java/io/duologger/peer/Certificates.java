package io.duologger.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes certificates (RFC 5280) with no more in them than the tests need. */
public final class Certificates {
  /** Valid from 2020 to 2049. */
  public static final String[] VALID = {"200101000000Z", "490101000000Z"};

  /** Valid in 2020. */
  public static final String[] EXPIRED = {"200101000000Z", "210101000000Z"};

  /** Valid from 2048. */
  public static final String[] EARLY = {"480101000000Z", "490101000000Z"};

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 2;
  private static final int BOOLEAN = 1;
  private static final int BITS = 3;
  private static final int OCTETS = 4;
  private static final int OBJECT = 6;
  private static final int UTF8 = 12;
  private static final int UTC_TIME = 23;

  private static int serial;

  private Certificates() {}

  /** A certificate, its key, and who has signed it unless it was itself. */
  public record Identity(KeyPair keys, X509Certificate certificate, Optional<Identity> issuer) {
    /** The certificate and those of all its issuers. */
    public List<X509Certificate> chain() {
      List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
      issuer.ifPresent(signer -> chain.addAll(signer.chain()));
      return chain;
    }
  }

  /** An authority that has signed itself. */
  public static Identity authority(String name) {
    return make("EC", name, VALID, Optional.empty(), true, List.of());
  }

  /** An authority below another. */
  public static Identity authority(String name, String[] validity, Identity issuer) {
    return make("EC", name, validity, Optional.of(issuer), true, List.of());
  }

  /**
   * A certificate for a server or client.
   *
   * @param algorithm of its key: RSA, EC or Ed25519
   * @param alternatives names and addresses
   */
  public static Identity signed(
      String algorithm, String name, String[] validity, Identity issuer, String... alternatives) {
    return make(algorithm, name, validity, Optional.of(issuer), false, List.of(alternatives));
  }

  /** Writes the certificates as PEM. */
  public static Path write(Path file, List<X509Certificate> certificates) throws Exception {
    StringBuilder text = new StringBuilder("made for a test -- only for that\n");
    for (X509Certificate certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return Files.writeString(file, text);
  }

  /** Writes the private key as PEM. */
  public static Path writeKey(Path file, Identity identity) throws Exception {
    return Files.writeString(file, pem("PRIVATE KEY", identity.keys().getPrivate().getEncoded()));
  }

  /** A block of PEM. */
  public static String pem(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /**
   * What a server is set up with.
   *
   * @param trusted the authority of the clients
   */
  public static SSLContext context(
      Identity identity, List<X509Certificate> chain, Identity trusted) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "own", identity.keys().getPrivate(), new char[0], chain.toArray(new Certificate[0]));
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, new char[0]);
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      authorities.setCertificateEntry("trusted", trusted.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keyManagers = own.getKeyManagers();
      TrustManager[] trustManagers = trust.getTrustManagers();
      context.init(keyManagers, trustManagers, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Identity make(
      String algorithm,
      String name,
      String[] validity,
      Optional<Identity> issuer,
      boolean authority,
      List<String> alternatives) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(2048);
      } else if (algorithm.equals("EC")) {
        generator.initialize(256);
      }
      KeyPair keys = generator.generateKeyPair();
      KeyPair signer = issuer.map(Identity::keys).orElse(keys);
      byte[] issuerName =
          issuer
              .map(one -> one.certificate().getSubjectX500Principal().getEncoded())
              .orElseGet(() -> name(name));
      byte[] body =
          der(
              SEQUENCE,
              der(0xa0, der(INTEGER, new byte[] {2})),
              der(INTEGER, ByteBuffer.allocate(4).putInt(nextSerial()).array()),
              signatureKind(),
              issuerName,
              der(SEQUENCE, der(UTC_TIME, ascii(validity[0])), der(UTC_TIME, ascii(validity[1]))),
              name(name),
              keys.getPublic().getEncoded(),
              der(0xa3, der(SEQUENCE, extensions(authority, alternatives))));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(signer.getPrivate());
      signature.update(body);
      byte[] whole =
          der(SEQUENCE, body, signatureKind(), der(BITS, new byte[] {0}, signature.sign()));
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(whole));
      return new Identity(keys, certificate, issuer);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static synchronized int nextSerial() {
    serial++;
    return serial;
  }

  /** All authorities here have keys on the curve P-256. */
  private static byte[] signatureKind() {
    return der(SEQUENCE, object(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
  }

  private static byte[] name(String commonName) {
    return der(
        SEQUENCE,
        der(
            SET,
            der(
                SEQUENCE,
                object(0x55, 4, 3),
                der(UTF8, commonName.getBytes(StandardCharsets.UTF_8)))));
  }

  private static byte[] extensions(boolean authority, List<String> alternatives)
      throws IOException {
    byte[] basic =
        der(
            SEQUENCE,
            object(0x55, 0x1d, 19),
            der(BOOLEAN, new byte[] {-1}),
            der(OCTETS, authority ? der(SEQUENCE, der(BOOLEAN, new byte[] {-1})) : der(SEQUENCE)));
    if (alternatives.isEmpty()) {
      return basic;
    }
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (String name : alternatives) {
      boolean address = name.contains(":") || name.matches("[0-9.]+");
      names.writeBytes(
          address ? der(0x87, InetAddress.getByName(name).getAddress()) : der(0x82, ascii(name)));
    }
    byte[] alternative =
        der(SEQUENCE, object(0x55, 0x1d, 17), der(OCTETS, der(SEQUENCE, names.toByteArray())));
    return ByteBuffer.allocate(basic.length + alternative.length)
        .put(basic)
        .put(alternative)
        .array();
  }

  private static byte[] object(int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return der(OBJECT, content);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A tag, the length and the parts. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = Stream.of(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (length > 0xff) {
      bytes.write(0x82);
      bytes.write(length >> 8);
    } else if (length > 0x7f) {
      bytes.write(0x81);
    }
    bytes.write(length);
    Stream.of(parts).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }
}
