package io.duologger.stream;

import io.duologger.model.Source;

/**
 * A read is due.
 *
 * @param source what is to be read; the first read of a source sets its baselines and is no tick
 * @param due monotonic nanoseconds
 * @param after the number of the last control event before it
 * @param atClose whether a close off the grid wants it: it can't wait for a run to settle
 * @param last whether it is the run's last: it is read even if it finds a read under way
 */
record Tick(Source source, long due, long after, boolean atClose, boolean last) {}
