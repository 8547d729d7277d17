package io.duologger.collector.snmp;

import io.duologger.model.Globs;
import io.duologger.model.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snmp4j.CommunityTarget;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC128SHA224;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC256SHA384;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.AuthMD5;
import org.snmp4j.security.AuthSHA;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES192;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivDES;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.SecurityProtocols.SecurityProtocolSet;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * One device as it is configured, and how to open a session with it. Knows secrets, which are in no
 * message and no text of it.
 */
final class Peer {
  private static final String VERSION_3 = "3";

  /** Forms such as udp:switch1/161, 192.0.2.1:161, [2001:db8::1]:161 and switch1. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:udp:)?(?:\\[([0-9A-Fa-f:.%]+)\\]|([^/:\\[\\]\\s]+))(?:[/:]([0-9]{1,5}))?");

  private static final int DEFAULT_PORT = 161;
  private static final int GREATEST_PORT = 65_535;

  private static final Map<String, OID> AUTHENTICATION =
      Map.of(
          "md5", AuthMD5.ID,
          "sha", AuthSHA.ID,
          "sha224", AuthHMAC128SHA224.ID,
          "sha256", AuthHMAC192SHA256.ID,
          "sha384", AuthHMAC256SHA384.ID,
          "sha512", AuthHMAC384SHA512.ID);
  private static final Map<String, OID> PRIVACY =
      Map.of(
          "des", PrivDES.ID,
          "aes128", PrivAES128.ID,
          "aes192", PrivAES192.ID,
          "aes256", PrivAES256.ID);

  /** Which of the device's ports are wanted. */
  final Globs interfaces;

  private final Options options;
  private final Duration timeout;
  private final int retries;

  /** The device of these options, as {@link SnmpCollector} has them. */
  Peer(Options options, Duration timeout, int retries) {
    this.options = options;
    this.timeout = timeout;
    this.retries = retries;
    interfaces = new Globs(options.list(SnmpCollector.INTERFACES), List.of());
  }

  /** Opens a socket of its own, so that users of one name on two devices are two. */
  Snmp open() throws IOException {
    Snmp snmp = new Snmp(new MessageDispatcherImpl(), new DefaultUdpTransportMapping());
    if (options.text(SnmpCollector.VERSION).equals(VERSION_3)) {
      SecurityProtocols protocols = SecurityProtocols.getInstance();
      protocols.addPredefinedProtocolSet(SecurityProtocolSet.maxCompatibility);
      // Of a byte, as the library would otherwise look up the address of this host.
      byte[] engine = MPv3.createLocalEngineID(OctetString.fromByteArray(new byte[] {1}));
      USM usm = new USM(protocols, new OctetString(engine), 0);
      usm.addUser(user());
      snmp.getMessageDispatcher().addMessageProcessingModel(new MPv3(usm));
    } else {
      snmp.getMessageDispatcher().addMessageProcessingModel(new MPv2c());
    }
    snmp.listen();
    return snmp;
  }

  /** Where requests go; looks the name up, which may take long. */
  Target<UdpAddress> target() throws IOException {
    Target<UdpAddress> target;
    if (options.text(SnmpCollector.VERSION).equals(VERSION_3)) {
      UserTarget<UdpAddress> user = new UserTarget<>();
      user.setSecurityLevel(level());
      user.setSecurityName(new OctetString(options.text(SnmpCollector.USER)));
      user.setVersion(SnmpConstants.version3);
      target = user;
    } else {
      if (options.given(SnmpCollector.COMMUNITY).isEmpty()) {
        throw new IOException("no community is configured");
      }
      CommunityTarget<UdpAddress> community = new CommunityTarget<>();
      community.setCommunity(new OctetString(options.text(SnmpCollector.COMMUNITY)));
      community.setVersion(SnmpConstants.version2c);
      target = community;
    }
    target.setAddress(address());
    target.setTimeout(timeout.toMillis());
    target.setRetries(retries);
    return target;
  }

  private UdpAddress address() throws IOException {
    Matcher parts = ADDRESS.matcher(options.text(SnmpCollector.ADDRESS));
    if (!parts.matches()) {
      throw new IOException("the address is not of the form udp:HOST/PORT");
    }
    int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
    if (port == 0 || port > GREATEST_PORT) {
      throw new IOException("the address has no port from 1 to " + GREATEST_PORT);
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return new UdpAddress(InetAddress.getByName(host), port);
  }

  private int level() {
    return SecurityLevel.valueOf(options.text(SnmpCollector.SECURITY)).getSnmpValue();
  }

  private UsmUser user() throws IOException {
    boolean authenticates = level() != SecurityLevel.NOAUTH_NOPRIV;
    if (options.given(SnmpCollector.USER).isEmpty()) {
      throw new IOException("no user is configured");
    }
    boolean encrypts = level() == SecurityLevel.AUTH_PRIV;
    try {
      return new UsmUser(
          new OctetString(options.text(SnmpCollector.USER)),
          authenticates ? AUTHENTICATION.get(options.text(SnmpCollector.AUTH_PROTOCOL)) : null,
          authenticates ? new OctetString(options.text(SnmpCollector.AUTH_PASSPHRASE)) : null,
          encrypts ? PRIVACY.get(options.text(SnmpCollector.PRIVACY_PROTOCOL)) : null,
          encrypts ? new OctetString(options.text(SnmpCollector.PRIVACY_PASSPHRASE)) : null);
    } catch (IllegalArgumentException tooShort) {
      throw new IOException("a passphrase needs at least 8 characters", tooShort);
    }
  }
}
