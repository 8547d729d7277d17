package io.duologger.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An authority and certificates for servers and a client, made by openssl in a folder. */
final class Certificates {
  /** The name that the certificate of the client has. */
  static final String CLIENT = "client.example";

  /** The name that the certificate for another host has. */
  static final String OTHER_HOST = "other.example";

  private static final String HERE = "DNS:localhost,IP:127.0.0.1,IP:::1";

  private final Path folder;
  private final Identity authority;
  private final Identity server;

  /**
   * A certificate and its private key, in PEM.
   *
   * @param certificate the file of the certificate
   * @param key the file of the key, in PKCS #8
   */
  record Identity(Path certificate, Path key) {}

  /** Makes the authority and the certificate of this host, in a folder that may not be there. */
  Certificates(Path folder) throws IOException, InterruptedException {
    Machine.needsPrograms("openssl");
    this.folder = Files.createDirectories(folder);
    this.authority = authority("authority");
    this.server = signed("server", authority, HERE, 30);
  }

  /** The certificate of the authority. */
  Path authority() {
    return authority.certificate();
  }

  /** For localhost and its addresses. */
  Identity server() {
    return server;
  }

  /** For this host as well, but its time was over yesterday. */
  Identity expired() throws IOException, InterruptedException {
    return signed("expired", authority, HERE, -1);
  }

  /** For a host of another name. */
  Identity otherHost() throws IOException, InterruptedException {
    return signed("other-host", authority, "DNS:" + OTHER_HOST, 30);
  }

  /** For this host, from an authority that nobody knows. */
  Identity unknown() throws IOException, InterruptedException {
    return signed("unknown", authority("unknown-authority"), HERE, 30);
  }

  /** For a client. */
  Identity client() throws IOException, InterruptedException {
    return signed("client", authority, "DNS:" + CLIENT, 30);
  }

  private Identity authority(String name) throws IOException, InterruptedException {
    Identity identity = identity(name);
    request(name, identity.key(), "-x509", "-days", 30, "-out", identity.certificate());
    return identity;
  }

  private Identity signed(String name, Identity by, String names, int days)
      throws IOException, InterruptedException {
    Identity identity = identity(name);
    Path request = folder.resolve(name + ".csr");
    request(names.split("[:,]")[1], identity.key(), "-out", request);
    Path extensions =
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names + "\n");
    openssl(
        Stream.of(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            by.certificate(),
            "-CAkey",
            by.key(),
            "-CAcreateserial",
            "-days",
            days,
            "-extfile",
            extensions,
            "-out",
            identity.certificate()));
    return identity;
  }

  private Identity identity(String name) {
    return new Identity(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  /** A new key, and what is made with it at once. */
  private static void request(String name, Path key, Object... further)
      throws IOException, InterruptedException {
    openssl(
        Stream.concat(
            Stream.of(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key,
                "-subj",
                "/CN=" + name),
            Stream.of(further)));
  }

  private static void openssl(Stream<Object> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    arguments.map(Object::toString).forEach(command::add);
    Running.run(command.toArray(String[]::new));
  }
}
