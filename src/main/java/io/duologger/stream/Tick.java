package io.duologger.stream;

import io.duologger.model.Source;

/**
 * A read is due.
 *
 * @param source what is to be read; the first read of a source sets its baselines and is no tick
 * @param due monotonic nanoseconds
 * @param after the number of the last control event before it
 */
record Tick(Source source, long due, long after) {}
