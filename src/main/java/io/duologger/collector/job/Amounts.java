package io.duologger.collector.job;

/** The places of what is counted of processes in arrays of amounts. */
final class Amounts {
  /** Processor time in microseconds. */
  static final int USER = 0;

  static final int SYSTEM = 1;
  static final int MINOR_FAULTS = 2;
  static final int MAJOR_FAULTS = 3;

  /** So many come from stat, which tells a process's own and those of its ended children apart. */
  static final int FROM_STAT = 4;

  /** From io, which does not tell them apart. */
  static final int READ_BYTES = 4;

  static final int WRITE_BYTES = 5;
  static final int READ_CHARS = 6;
  static final int WRITE_CHARS = 7;
  static final int READ_CALLS = 8;
  static final int WRITE_CALLS = 9;
  static final int COUNT = 10;

  /** USER_HZ is 100 wherever this runs. */
  static final long MICROS_PER_TICK = 10_000;

  private Amounts() {}
}
