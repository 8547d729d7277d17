package io.duologger.sink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads certificates and private keys (RFC 7468). Text around them is left alone. All failures name
 * the file.
 */
final class Pem {
  /** The authorities of a whole operating system need a tenth of that. */
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** What stands between two of the lines with dashes. */
  private record Block(String label, List<String> lines) {
    byte[] bytes() {
      return Base64.getMimeDecoder().decode(String.join("", lines));
    }

    /** As OpenSSL did it: there are header lines before the key. */
    boolean isEncrypted() {
      return lines.stream().anyMatch(line -> line.contains("ENCRYPTED"));
    }
  }

  private Pem() {}

  /** The certificates of a file, in its order; there is at least one. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
        certificates.add(certificate(file, block));
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException(file + " has no certificate (no line " + BEGIN + "CERTIFICATE-----)");
    }
    return certificates;
  }

  /**
   * The private key of a file, in PKCS #8 and not encrypted.
   *
   * @param certificate what the key belongs to
   */
  static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    for (Block block : blocks(file)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return key(file, block, certificate);
      }
    }
    throw new IOException(file + " has no private key (no line " + BEGIN + "PRIVATE KEY-----)");
  }

  private static X509Certificate certificate(Path file, Block block) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException(file + " has a damaged certificate: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file, Block block, X509Certificate certificate)
      throws IOException {
    if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.isEncrypted()) {
      throw new IOException(
          "the key in " + file + " is encrypted; " + conversion("openssl pkey", file));
    }
    if (!block.label().equals("PRIVATE KEY")) {
      throw new IOException(
          "the key in "
              + file
              + " is not in PKCS #8 but "
              + block.label()
              + "; "
              + conversion("openssl pkcs8 -topk8 -nocrypt", file));
    }
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
      if (isPair(key, certificate)) {
        return key;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "the key in "
              + file
              + " is damaged, or of another kind than the certificate's ("
              + algorithm
              + ")",
          e);
    }
    throw new IOException("the key in " + file + " is not that of the certificate");
  }

  private static String conversion(String command, Path file) {
    return "convert it: " + command + " -in " + file + " -out NEW";
  }

  /** Whether the certificate confirms what the key has signed. */
  private static boolean isPair(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
    byte[] text = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(text);
    byte[] signature = signer.sign();
    signer.initVerify(certificate.getPublicKey());
    signer.update(text);
    return signer.verify(signature);
  }

  private static List<Block> blocks(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text(file).lines().map(String::strip).toList();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      at++;
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        int end = at + lines.subList(at, lines.size()).indexOf(END + label + DASHES);
        if (end < at) {
          throw new IOException(file + " ends before the line " + END + label + DASHES);
        }
        blocks.add(new Block(label, lines.subList(at, end)));
        at = end + 1;
      }
    }
    return blocks;
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it has more than " + MAX_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw Failures.of("read", file, e);
    }
  }
}
