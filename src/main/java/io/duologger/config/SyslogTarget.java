package io.duologger.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A syslog receiver, and what messages tell it.
 *
 * @param receiver where it is
 * @param header which standard a message's header follows
 * @param shortHost whether messages name the host without its domain
 * @param facility its number, 0 to 23
 * @param severity its number, 0 to 7
 * @param tag the name of the sender, 1 to 32 letters, digits and . _ -
 * @param retryMax the longest pause between two attempts to reach the receiver
 * @param spool where reports wait for it; empty if in memory only
 */
public record SyslogTarget(
    Receiver receiver,
    Header header,
    boolean shortHost,
    int facility,
    int severity,
    String tag,
    Duration retryMax,
    Optional<Spool> spool)
    implements Target {

  /** The standards for headers. */
  public enum Header {
    RFC3164,
    RFC5424
  }

  /** The ways to another host. */
  public enum Transport {
    UDP,
    TCP,
    TLS
  }

  /** Where messages go. */
  public sealed interface Receiver {}

  /**
   * The daemon of this host.
   *
   * @param path its socket
   */
  public record Local(Path path) implements Receiver {}

  /**
   * A daemon that listens on a port.
   *
   * @param transport the way there
   * @param host its name or address
   * @param port its port
   * @param lineFeeds whether messages are told apart by line feeds, not by their length
   * @param tls whom a connection trusts; there if and only if the way is {@link Transport#TLS}
   */
  public record Server(
      Transport transport, String host, int port, boolean lineFeeds, Optional<Tls> tls)
      implements Receiver {
    /** Checks that each transport has what belongs to it. */
    public Server {
      if ((transport == Transport.TLS) != tls.isPresent()
          || lineFeeds && transport != Transport.TCP) {
        throw new IllegalArgumentException("parts of another transport: " + transport);
      }
    }
  }

  /**
   * Files in PEM, and the name of the other side.
   *
   * @param authority the certificates that are trusted; empty for those that Java comes with
   * @param certificate one's own; empty for none
   * @param key its private key; there if and only if the certificate is
   * @param name what the server's certificate has to name; empty for what the server is called
   */
  public record Tls(
      Optional<Path> authority,
      Optional<Path> certificate,
      Optional<Path> key,
      Optional<String> name) {
    /** Nothing is said. */
    static final Tls NONE =
        new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Where reports wait.
   *
   * @param folder a folder that nothing else uses
   * @param maxBytes how much it may hold; the oldest reports are dropped
   * @param maxAge older reports are dropped
   * @param rate reports sent in a second, at most, while others wait; empty for one that suffices
   */
  public record Spool(Path folder, long maxBytes, Duration maxAge, OptionalInt rate) {}

  /** The same with other answers to some of the questions. */
  SyslogTarget with(
      Receiver otherReceiver, int otherFacility, String otherTag, Optional<Spool> otherSpool) {
    return new SyslogTarget(
        otherReceiver, header, shortHost, otherFacility, severity, otherTag, retryMax, otherSpool);
  }
}
