package io.duologger.sink;

/**
 * How a spool fares. The last two count from its opening on, and what the opening itself found.
 *
 * @param reports how many it holds that are not delivered
 * @param bytes the length of all its files
 * @param dropped reports given up because the spool was full or they were too old
 * @param corrupt runs of bytes in its files that are no records, and records that were damaged or
 *     went away while it was open
 */
record SpoolCounts(long reports, long bytes, long dropped, long corrupt) {}
