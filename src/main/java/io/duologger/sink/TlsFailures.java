package io.duologger.sink;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** What the exceptions of TLS mean, for one who knows certificates but not Java. */
final class TlsFailures {
  /** Alerts of RFC 8446, section 6.2, that are about the client's certificate. */
  private static final Set<String> ABOUT_OUR_CERTIFICATE =
      Set.of(
          "access_denied",
          "bad_certificate",
          "certificate_expired",
          "certificate_required",
          "certificate_revoked",
          "certificate_unknown",
          "decrypt_error",
          "no_certificate",
          "unknown_ca",
          "unsupported_certificate");

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /** What getSubjectAlternativeNames of a certificate calls the kinds of names. */
  private static final Set<Integer> DNS_OR_ADDRESS = Set.of(2, 7);

  /**
   * What is known of a connection that failed.
   *
   * @param name what the server's certificate has to name
   * @param chain what the server has shown, its own certificate first; empty if it has not got that
   *     far
   * @param answered whether anything has come from the server that is TLS
   * @param asked whether the server has asked for our certificate
   * @param own whether we have one
   */
  record Seen(
      String name, List<X509Certificate> chain, boolean answered, boolean asked, boolean own) {}

  private TlsFailures() {}

  /** The reason in plain words, to be put after a colon. */
  static String reason(SSLException e, Seen seen) {
    String text = String.valueOf(e.getMessage());
    Matcher alert = ALERT.matcher(text);
    if (alert.find()) {
      return ofAlert(alert.group(1), seen);
    }
    Optional<String> certificate = ofCertificate(e, seen);
    if (certificate.isPresent()) {
      return certificate.get();
    }
    if (text.contains("protocol version")) {
      return "the server has neither TLS 1.3 nor TLS 1.2";
    }
    if (!seen.answered() && !(e instanceof SSLHandshakeException)) {
      return "the server does not speak TLS on this port";
    }
    return "TLS fails: " + text;
  }

  private static String ofAlert(String name, Seen seen) {
    String alert = " (TLS alert " + name + ")";
    if (ABOUT_OUR_CERTIFICATE.contains(name) || name.equals("handshake_failure") && seen.asked()) {
      return (seen.own()
              ? "the server does not accept our certificate"
              : "the server wants a certificate of us")
          + alert;
    }
    return switch (name) {
      case "protocol_version" -> "the server has neither TLS 1.3 nor TLS 1.2" + alert;
      case "unrecognized_name" -> "the server does not know the name " + seen.name() + alert;
      default -> "the server refuses the TLS connection" + alert;
    };
  }

  private static Optional<String> ofCertificate(SSLException e, Seen seen) {
    if (seen.chain().isEmpty()) {
      return Optional.empty();
    }
    if (causes(e).anyMatch(CertificateExpiredException.class::isInstance)) {
      X509Certificate expired =
          culprit(e, seen, Comparator.comparing(X509Certificate::getNotAfter));
      return Optional.of(
          whose(expired, seen) + " has expired (on " + expired.getNotAfter().toInstant() + ")");
    }
    if (causes(e).anyMatch(CertificateNotYetValidException.class::isInstance)) {
      X509Certificate early =
          culprit(e, seen, Comparator.comparing(X509Certificate::getNotBefore).reversed());
      return Optional.of(
          whose(early, seen)
              + " is not valid yet (before "
              + early.getNotBefore().toInstant()
              + ")");
    }
    if (causes(e).anyMatch(TlsFailures::isWithoutAuthority)) {
      return Optional.of(
          "the server's certificate is not signed by an authority that is trusted (its issuer is "
              + seen.chain().get(seen.chain().size() - 1).getIssuerX500Principal().getName()
              + ")");
    }
    return causes(e)
        .filter(CertificateException.class::isInstance)
        .findFirst()
        .map(cause -> refused(cause, seen));
  }

  /** What is wrong with the certificate is neither its time nor who signed it. */
  private static String refused(Throwable cause, Seen seen) {
    String text = String.valueOf(cause.getMessage());
    // The name is checked last, and only that has neither a class nor a cause of its own.
    if (cause.getClass() == CertificateException.class && text.startsWith("No ")) {
      Collection<String> names = names(seen.chain().get(0));
      return "the server's certificate is for another host (it names "
          + (names.isEmpty() ? "none" : String.join(", ", names))
          + "; expected "
          + seen.name()
          + ")";
    }
    return "the server's certificate is refused: " + text;
  }

  private static boolean isWithoutAuthority(Throwable cause) {
    return cause instanceof CertPathBuilderException
        || cause instanceof CertPathValidatorException e
            && (e.getReason() == BasicReason.INVALID_SIGNATURE
                || e.getReason() == PKIXReason.NO_TRUST_ANCHOR);
  }

  /** The certificate that the path ended at, or else the most suspicious one. */
  private static X509Certificate culprit(
      SSLException e, Seen seen, Comparator<X509Certificate> suspicion) {
    return causes(e)
        .filter(CertPathValidatorException.class::isInstance)
        .map(CertPathValidatorException.class::cast)
        .filter(cause -> cause.getCertPath() != null && cause.getIndex() >= 0)
        .map(cause -> cause.getCertPath().getCertificates().get(cause.getIndex()))
        .filter(X509Certificate.class::isInstance)
        .map(X509Certificate.class::cast)
        .findFirst()
        .or(() -> seen.chain().stream().min(suspicion))
        .orElseThrow();
  }

  private static String whose(X509Certificate certificate, Seen seen) {
    return certificate.equals(seen.chain().get(0))
        ? "the server's certificate"
        : "the certificate of the server's authority "
            + certificate.getSubjectX500Principal().getName();
  }

  /** The names and addresses, or the common name of a certificate that has none of these. */
  private static Collection<String> names(X509Certificate certificate) {
    Set<String> names = new TreeSet<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .filter(name -> DNS_OR_ADDRESS.contains(name.get(0)))
            .forEach(name -> names.add(String.valueOf(name.get(1))));
      }
      if (names.isEmpty()) {
        new LdapName(certificate.getSubjectX500Principal().getName())
            .getRdns().stream()
                .filter(part -> part.getType().equalsIgnoreCase("CN"))
                .forEach(part -> names.add(String.valueOf(part.getValue())));
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      names.add("something illegible");
    }
    return names;
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause).limit(20);
  }
}
