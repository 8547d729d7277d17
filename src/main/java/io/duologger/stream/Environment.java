package io.duologger.stream;

import io.duologger.model.RecorderClock;
import io.reactivex.rxjava3.core.Scheduler;
import java.util.concurrent.Executor;

/**
 * The time and the threads of a run; real ones, or a test's.
 *
 * @param clock what time it is
 * @param timer runs ticks, closes and time limits, all on one thread, at the clock's monotonic time
 * @param reads runs each read at once, on a thread that it may hold for ever
 * @param quickReads runs reads that should not take long, one after the other; one that does all
 *     the same holds up the others for a moment only
 * @param reports computes percentiles
 */
public record Environment(
    RecorderClock clock, Scheduler timer, Executor reads, Executor quickReads, Scheduler reports) {}
