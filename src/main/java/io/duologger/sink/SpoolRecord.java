package io.duologger.sink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How a report is written in a spool's file, in big-endian order: {@link #MAGIC}, the state, the
 * CRC-32C of all that follows, the length of the payload; the payload is the wall time, the number
 * of messages, and each message after its length.
 *
 * <p>The state is outside the checksum, so that one byte written in place marks a report as
 * delivered. Only the very value says so: a report whose state is damaged is sent once too often
 * rather than lost.
 */
final class SpoolRecord {
  /** What comes before the payload. */
  static final int HEAD_BYTES = 4 + 1 + 4 + 4;

  /** Where in a record its state is. */
  static final int STATE_AT = 4;

  /** Where the bytes begin that are summed. */
  static final int SUMMED_FROM = 9;

  /** The state of a report that has arrived. */
  static final byte DELIVERED = 'd';

  /** The first byte of a record. */
  static final byte FIRST = (byte) 0xff;

  /**
   * Begins with a byte that UTF-8 has not, so that no text of a message looks like a record. Ends
   * with the version.
   */
  private static final int MAGIC = 0xff535000 | SpoolSegment.VERSION;

  private static final byte WAITING = 'w';
  private static final int SUM_AT = 5;
  private static final int FIXED_PAYLOAD = Long.BYTES + Integer.BYTES;
  private static final byte[] NOTHING = {};

  private SpoolRecord() {}

  /** How many bytes the record of {@code report} has. */
  static long size(ReportMessages report) {
    return HEAD_BYTES
        + FIXED_PAYLOAD
        + (long) Integer.BYTES * report.messages().size()
        + report.size();
  }

  /** Puts the record of {@code report}, not delivered, into a buffer backed by an array. */
  static void put(ReportMessages report, ByteBuffer into) {
    int start = into.position();
    into.putInt(MAGIC).put(WAITING).putInt(0);
    into.putInt((int) size(report) - HEAD_BYTES);
    into.putLong(report.wall()).putInt(report.messages().size());
    for (byte[] message : report.messages()) {
      into.putInt(message.length).put(message);
    }
    CRC32C sum = new CRC32C();
    sum.update(into.array(), start + SUMMED_FROM, into.position() - start - SUMMED_FROM);
    into.putInt(start + SUM_AT, (int) sum.getValue());
  }

  /**
   * How many bytes the record at {@code at} has, as far as its head tells.
   *
   * @param room so many bytes are there at most
   * @return 0 if no record begins there
   */
  static int length(byte[] bytes, int at, int room) {
    ByteBuffer head = ByteBuffer.wrap(bytes);
    if (room < HEAD_BYTES + FIXED_PAYLOAD || head.getInt(at) != MAGIC) {
      return 0;
    }
    int payload = head.getInt(at + SUMMED_FROM);
    return payload < FIXED_PAYLOAD || payload > room - HEAD_BYTES ? 0 : HEAD_BYTES + payload;
  }

  /** What the checksum of the record at {@code at} has to be. */
  static int sum(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at + SUM_AT);
  }

  /** The report in a whole record; empty if the record is damaged. */
  static Optional<ReportMessages> report(byte[] record) {
    CRC32C sum = new CRC32C();
    sum.update(record, SUMMED_FROM, record.length - SUMMED_FROM);
    if ((int) sum.getValue() != sum(record, 0)) {
      return Optional.empty();
    }
    ByteBuffer payload = ByteBuffer.wrap(record, HEAD_BYTES, record.length - HEAD_BYTES);
    long wall = payload.getLong();
    int count = payload.getInt();
    List<byte[]> messages = new ArrayList<>();
    while (payload.remaining() >= Integer.BYTES && messages.size() < count) {
      int length = payload.getInt();
      if (length < 0 || length > payload.remaining()) {
        return Optional.empty();
      }
      byte[] message = length == 0 ? NOTHING : new byte[length];
      payload.get(message);
      messages.add(message);
    }
    return payload.hasRemaining() || messages.size() != count
        ? Optional.empty()
        : Optional.of(new ReportMessages(wall, messages));
  }
}
