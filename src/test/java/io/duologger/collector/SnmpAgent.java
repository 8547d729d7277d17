package io.duologger.collector;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** An agent of SNMP 2c on a port of the loopback address that answers GETBULK from a table. */
final class SnmpAgent implements CommandResponder, AutoCloseable {
  static final String COMMUNITY = "hush-hush";

  private final ConcurrentSkipListMap<OID, Variable> table = new ConcurrentSkipListMap<>();
  private final DefaultUdpTransportMapping transport;
  private final Snmp snmp;
  private volatile boolean silent;
  private volatile int mostValues = 1000;
  private volatile UnaryOperator<OID> lie = oid -> oid;

  SnmpAgent() throws IOException {
    transport =
        new DefaultUdpTransportMapping(new UdpAddress(InetAddress.getByName("127.0.0.1"), 0));
    snmp = new Snmp(new MessageDispatcherImpl(), transport);
    snmp.getMessageDispatcher().addMessageProcessingModel(new MPv2c());
    snmp.addCommandResponder(this);
    snmp.listen();
  }

  /** Where it is, as a configuration says it. */
  String address() {
    return "udp:127.0.0.1/" + transport.getListenAddress().getPort();
  }

  /** Answers from the file {@code name} of src/test/resources/outputs/snmp. */
  SnmpAgent load(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("src/test/resources/outputs/snmp", name))) {
      String[] words = line.split(" ", 3);
      put(words[0], words[1], words.length < 3 ? "" : words[2]);
    }
    return this;
  }

  void put(String oid, String type, String value) {
    Variable variable =
        switch (type) {
          case "string" -> new OctetString(value);
          case "integer" -> new Integer32(Integer.parseInt(value));
          case "gauge" -> new Gauge32(Long.parseLong(value));
          case "counter32" -> new Counter32(Long.parseLong(value));
          default -> new Counter64(Long.parseUnsignedLong(value));
        };
    table.put(new OID(oid), variable);
  }

  /** Gives the port {@code from} the number {@code to}. */
  void renumber(int from, int to) {
    for (Map.Entry<OID, Variable> entry : Map.copyOf(table).entrySet()) {
      if (entry.getKey().last() == from) {
        table.remove(entry.getKey());
        OID moved = new OID(entry.getKey());
        moved.set(moved.size() - 1, to);
        table.put(moved, entry.getValue());
      }
    }
  }

  void beSilent(boolean now) {
    silent = now;
  }

  /** Cuts answers after so many values. */
  void cut(int most) {
    mostValues = most;
  }

  /** Answers with other object identifiers than there are. */
  void lie(UnaryOperator<OID> how) {
    lie = how;
  }

  @Override
  public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
    boolean known = new OctetString(event.getSecurityName()).toString().equals(COMMUNITY);
    if (silent || !known || event.getPDU() == null) {
      return;
    }
    PDU answer = answer(event.getPDU());
    answer.setRequestID(event.getPDU().getRequestID());
    try {
      event
          .getMessageDispatcher()
          .returnResponsePdu(
              event.getMessageProcessingModel(),
              event.getSecurityModel(),
              event.getSecurityName(),
              event.getSecurityLevel(),
              answer,
              event.getMaxSizeResponsePDU(),
              event.getStateReference(),
              new StatusInformation());
    } catch (MessageException e) {
      throw new AssertionError(e);
    }
  }

  private PDU answer(PDU request) {
    PDU answer = new PDU();
    answer.setType(PDU.RESPONSE);
    OID[] at =
        request.getVariableBindings().stream().map(VariableBinding::getOid).toArray(OID[]::new);
    for (int row = 0; row < request.getMaxRepetitions(); row++) {
      for (int column = 0; column < at.length && answer.size() < mostValues; column++) {
        Map.Entry<OID, Variable> next = table.higherEntry(at[column]);
        if (next == null) {
          answer.add(new VariableBinding(at[column], Null.endOfMibView));
        } else {
          at[column] = next.getKey();
          answer.add(new VariableBinding(lie.apply(next.getKey()), next.getValue()));
        }
      }
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    snmp.close();
  }
}
