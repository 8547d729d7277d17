package io.duologger.collector.process;

/** What ended processes had used that somebody comes to have. Used by one thread at a time. */
final class Heritage {
  /** Time, that of their own ended children included. */
  final Inherited time = new Inherited();

  /** Bytes from devices. */
  final Inherited reads = new Inherited();

  /** Bytes to devices. */
  final Inherited writes = new Inherited();

  /** Adds what {@code gone} had used when it was last seen, and what it had still to come. */
  void add(KnownProcess gone) {
    time.add(gone.time + gone.childTime);
    reads.add(gone.readBytes);
    writes.add(gone.writtenBytes);
    if (gone.heritage != null) {
      time.add(gone.heritage.time.pending());
      reads.add(gone.heritage.reads.pending());
      writes.add(gone.heritage.writes.pending());
    }
  }

  /** Whether bytes are waited for. */
  boolean bytesPending() {
    return reads.pending() + writes.pending() > 0;
  }
}
