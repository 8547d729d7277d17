package io.duologger.collector.snmp;

import io.duologger.collector.tool.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/** The rows of IF-MIB, RFC 2863, of one walk, by the numbers that the device gives its ports. */
final class IfTable {
  private static final int LONGEST_NAME = 64;
  private static final String IF_TABLE = "1.3.6.1.2.1.2.2.1.";
  private static final String IF_X_TABLE = "1.3.6.1.2.1.31.1.1.1.";

  /** The columns that are walked. */
  enum Column {
    NAME(IF_X_TABLE, 1),
    HC_IN_OCTETS(IF_X_TABLE, 6),
    HC_OUT_OCTETS(IF_X_TABLE, 10),
    HC_IN_UCAST(IF_X_TABLE, 7),
    HC_IN_MULTICAST(IF_X_TABLE, 8),
    HC_IN_BROADCAST(IF_X_TABLE, 9),
    HC_OUT_UCAST(IF_X_TABLE, 11),
    HC_OUT_MULTICAST(IF_X_TABLE, 12),
    HC_OUT_BROADCAST(IF_X_TABLE, 13),
    IN_ERRORS(IF_TABLE, 14),
    IN_DISCARDS(IF_TABLE, 13),
    OUT_ERRORS(IF_TABLE, 20),
    OUT_DISCARDS(IF_TABLE, 19),
    OPER_STATUS(IF_TABLE, 8),
    HIGH_SPEED(IF_X_TABLE, 15),
    ALIAS(IF_X_TABLE, 18);

    private final String oid;

    Column(String table, int number) {
      oid = table + number;
    }

    /** The object identifier without the number of a port. The catalogue needs no library. */
    OID oid() {
      return new OID(oid);
    }
  }

  /** One port. */
  static final class Port {
    private final Map<Column, Variable> values = new HashMap<>();

    /** A 64-bit counter; a device that has none says nothing or something else. */
    OptionalLong counter(Column column) {
      return values.get(column) instanceof Counter64 counter
          ? OptionalLong.of(counter.getValue())
          : OptionalLong.empty();
    }

    /** The sum of 64-bit counters, if there are all of them. */
    OptionalLong sum(Column... columns) {
      long sum = 0;
      for (Column column : columns) {
        OptionalLong counter = counter(column);
        if (counter.isEmpty()) {
          return counter;
        }
        sum += counter.getAsLong();
      }
      return OptionalLong.of(sum);
    }

    /** A 32-bit counter. */
    OptionalLong shortCounter(Column column) {
      return values.get(column) instanceof Counter32 counter
          ? OptionalLong.of(counter.getValue())
          : OptionalLong.empty();
    }

    /** The speed in bytes per second; a device that does not know it says 0. */
    OptionalLong speed() {
      return values.get(Column.HIGH_SPEED) instanceof Gauge32 speed && speed.getValue() > 0
          ? OptionalLong.of(speed.getValue() * 125_000)
          : OptionalLong.empty();
    }

    /** The state as Linux calls it. */
    Optional<String> state() {
      List<String> names =
          List.of("up", "down", "testing", "unknown", "dormant", "notpresent", "lowerlayerdown");
      return values.get(Column.OPER_STATUS) instanceof Integer32 state
              && state.getValue() >= 1
              && state.getValue() <= names.size()
          ? Optional.of(names.get(state.getValue() - 1))
          : Optional.empty();
    }

    /** What the device calls it, or its administrator; empty if nothing. */
    String text(Column column) {
      return values.get(column) instanceof OctetString text ? printable(text) : "";
    }

    private static String printable(OctetString text) {
      byte[] bytes = text.getValue();
      String cut =
          new String(bytes, 0, Math.min(bytes.length, LONGEST_NAME), StandardCharsets.UTF_8);
      return Words.printable(cut).strip();
    }
  }

  private final Map<Integer, Port> byNumber = new LinkedHashMap<>();

  /** Keeps one value. */
  void put(Column column, int number, Variable value) {
    byNumber.computeIfAbsent(number, key -> new Port()).values.put(column, value);
  }

  /** How many ports have a number. */
  int size() {
    return byNumber.size();
  }

  /** The ports by name: their numbers change when the device starts anew. The first of a name. */
  Map<String, Port> byName() {
    Map<String, Port> byName = new LinkedHashMap<>();
    for (Port port : new ArrayList<>(byNumber.values())) {
      String name = port.text(Column.NAME);
      if (!name.isEmpty()) {
        byName.putIfAbsent(name, port);
      }
    }
    return byName;
  }
}
