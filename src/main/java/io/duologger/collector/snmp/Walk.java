package io.duologger.collector.snmp;

import io.duologger.collector.Surroundings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;

/**
 * One walk over the columns of a device's IF-MIB with GETBULK. Each column goes on by itself, as an
 * answer that would become too long is cut anywhere. Bounded in time, requests and ports.
 */
final class Walk {
  private static final int MOST_REQUESTS = 2000;
  private static final int MOST_PORTS = 4096;
  private static final int MOST_ROWS = 10;

  private final Surroundings surroundings;
  private final Snmp snmp;
  private final Target<UdpAddress> target;
  private final long deadline;
  private final IfTable table = new IfTable();
  private int rows = MOST_ROWS;

  /** Where a column is. */
  private static final class Cursor {
    final IfTable.Column column;
    final OID start;
    OID at;
    boolean done;

    Cursor(IfTable.Column column) {
      this.column = column;
      start = column.oid();
      at = start;
    }
  }

  /** A walk that starts no request after {@code limit}. */
  Walk(Surroundings surroundings, Snmp snmp, Target<UdpAddress> target, Duration limit) {
    this.surroundings = surroundings;
    this.snmp = snmp;
    this.target = target;
    deadline = surroundings.clock().monotonicNanos() + limit.toNanos();
  }

  /** Walks. */
  IfTable run() throws IOException {
    List<Cursor> open = new ArrayList<>();
    for (IfTable.Column column : IfTable.Column.values()) {
      open.add(new Cursor(column));
    }
    for (int requests = 0; !open.isEmpty(); requests++) {
      if (requests == MOST_REQUESTS) {
        throw new IOException("more than " + MOST_REQUESTS + " requests for one table");
      }
      if (surroundings.clock().monotonicNanos() - deadline > 0) {
        throw new IOException("too slow: the table is not complete in time");
      }
      take(open, ask(open));
      open.removeIf(cursor -> cursor.done);
    }
    return table;
  }

  private List<? extends VariableBinding> ask(List<Cursor> open) throws IOException {
    PDU request = target.getVersion() == SnmpConstants.version3 ? new ScopedPDU() : new PDU();
    request.setType(PDU.GETBULK);
    request.setNonRepeaters(0);
    request.setMaxRepetitions(rows);
    for (Cursor cursor : open) {
      request.add(new VariableBinding(cursor.at));
    }
    ResponseEvent<UdpAddress> event = snmp.send(request, target);
    PDU response = event == null ? null : event.getResponse();
    if (response == null) {
      throw new IOException(
          event != null && event.getError() != null
              ? "no request could be made of the user's settings"
              : "no answer");
    }
    if (response.getType() == PDU.REPORT) {
      throw new IOException(report(response));
    }
    if (response.getErrorStatus() == PDU.tooBig && rows > 1) {
      rows /= 2;
      return List.of();
    }
    if (response.getErrorStatus() != PDU.noError) {
      throw new IOException("refused: " + PDU.toErrorStatusText(response.getErrorStatus()));
    }
    if (response.size() == 0) {
      throw new IOException("an empty answer");
    }
    return response.getVariableBindings();
  }

  private void take(List<Cursor> open, List<? extends VariableBinding> values) throws IOException {
    for (int i = 0; i < values.size(); i++) {
      Cursor cursor = open.get(i % open.size());
      if (cursor.done) {
        continue;
      }
      OID oid = values.get(i).getOid();
      if (values.get(i).getVariable().getSyntax() == SMIConstants.EXCEPTION_END_OF_MIB_VIEW
          || !oid.startsWith(cursor.start)
          || oid.size() != cursor.start.size() + 1) {
        cursor.done = true;
      } else if (oid.compareTo(cursor.at) <= 0) {
        throw new IOException("answers that lead nowhere");
      } else {
        cursor.at = oid;
        table.put(cursor.column, oid.last(), values.get(i).getVariable());
        if (table.size() > MOST_PORTS) {
          throw new IOException("more than " + MOST_PORTS + " ports");
        }
      }
    }
  }

  /** What a device of version 3 says instead of an answer, by the counters of RFC 3414. */
  private static String report(PDU report) {
    OID why = report.get(0).getOid();
    if (why.startsWith(SnmpConstants.usmStatsUnknownUserNames)) {
      return "refused: unknown user";
    }
    if (why.startsWith(SnmpConstants.usmStatsWrongDigests)) {
      return "refused: wrong authentication protocol or passphrase";
    }
    if (why.startsWith(SnmpConstants.usmStatsUnsupportedSecLevels)) {
      return "refused: the user may not use this security";
    }
    if (why.startsWith(SnmpConstants.usmStatsDecryptionErrors)) {
      return "refused: wrong privacy protocol or passphrase";
    }
    return "refused: report " + why;
  }
}
