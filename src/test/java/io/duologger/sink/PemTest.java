package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.peer.Certificates;
import io.duologger.peer.Certificates.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final Identity AUTHORITY = Certificates.authority("authority");
  private static final Identity OWN =
      Certificates.signed("EC", "own", Certificates.VALID, AUTHORITY);

  @TempDir private Path folder;

  @Test
  void allCertificatesAreReadInTheirOrderWhateverIsBetween() throws Exception {
    Path file = Certificates.write(folder.resolve("chain.pem"), OWN.chain());
    Files.writeString(file, Files.readString(file).replace("\n", " \r\n"));
    assertEquals(OWN.chain(), Pem.certificates(file));
  }

  @Test
  void certificateAndKeyMayBeInOneFile() throws Exception {
    Path certificate = Certificates.write(folder.resolve("own.pem"), OWN.chain());
    Path key = Certificates.writeKey(folder.resolve("own.key"), OWN);
    Files.writeString(certificate, Files.readString(key) + Files.readString(certificate));
    assertEquals(OWN.chain(), Pem.certificates(certificate));
    assertEquals(OWN.keys().getPrivate(), Pem.key(certificate, OWN.certificate()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysOfEachKindAreRead(String algorithm) throws Exception {
    Identity own = Certificates.signed(algorithm, "own", Certificates.VALID, AUTHORITY);
    Identity other = Certificates.signed(algorithm, "other", Certificates.VALID, AUTHORITY);
    Path file = Certificates.writeKey(folder.resolve("own.key"), own);
    assertEquals(own.keys().getPrivate(), Pem.key(file, own.certificate()));
    assertEquals(
        "the key in " + file + " is not that of the certificate",
        assertThrows(IOException.class, () -> Pem.key(file, other.certificate())).getMessage());
  }

  @Test
  void aKeyOfAnotherKindThanTheCertificateIsNamed() throws Exception {
    Identity other = Certificates.signed("RSA", "other", Certificates.VALID, AUTHORITY);
    Path file = Certificates.writeKey(folder.resolve("other.key"), other);
    assertEquals(
        "the key in " + file + " is damaged, or of another kind than the certificate's (EC)",
        assertThrows(IOException.class, () -> Pem.key(file, OWN.certificate())).getMessage());
  }

  @Test
  void howToConvertAKeyIsSaid() throws Exception {
    Path file = folder.resolve("own.key");
    for (String label : List.of("RSA PRIVATE KEY", "EC PRIVATE KEY")) {
      assertEquals(
          "the key in "
              + file
              + " is not in PKCS #8 but "
              + label
              + "; convert it: openssl pkcs8 -topk8 -nocrypt -in "
              + file
              + " -out NEW",
          keyFailure(file, Certificates.pem(label, new byte[50])));
    }
    for (String text :
        List.of(
            Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[50]),
            Certificates.pem("RSA PRIVATE KEY", new byte[50])
                .replace("KEY-----\nA", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nA"))) {
      assertEquals(
          "the key in "
              + file
              + " is encrypted; convert it: openssl pkey -in "
              + file
              + " -out NEW",
          keyFailure(file, text));
    }
  }

  @Test
  void whatIsMissingOrDamagedIsNamedWithItsFile() throws Exception {
    Path file = folder.resolve("own.pem");
    assertEquals(
        file + " has no private key (no line -----BEGIN PRIVATE KEY-----)", keyFailure(file, ""));
    assertEquals(
        file + " ends before the line -----END PRIVATE KEY-----",
        keyFailure(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n"));
    assertTrue(
        keyFailure(file, Certificates.pem("PRIVATE KEY", new byte[50]))
            .startsWith("the key in " + file + " is damaged"));
    assertEquals(
        file + " has no certificate (no line -----BEGIN CERTIFICATE-----)",
        certificateFailure(file, Certificates.pem("PRIVATE KEY", new byte[50])));
    for (String text :
        List.of(
            Certificates.pem("CERTIFICATE", new byte[50]),
            "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")) {
      String message = certificateFailure(file, text);
      assertTrue(message.startsWith(file + " has a damaged certificate"), message);
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws Exception {
    Path file = folder.resolve("none.pem");
    assertEquals(
        "cannot read " + file + ": it is not there",
        assertThrows(IOException.class, () -> Pem.certificates(file)).getMessage());
    Files.write(file, new byte[5_000_000]);
    assertEquals(
        "cannot read " + file + ": it has more than 4194304 bytes",
        assertThrows(IOException.class, () -> Pem.certificates(file)).getMessage());
  }

  private static String keyFailure(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return assertThrows(IOException.class, () -> Pem.key(file, OWN.certificate())).getMessage();
  }

  private static String certificateFailure(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return assertThrows(IOException.class, () -> Pem.certificates(file)).getMessage();
  }
}
