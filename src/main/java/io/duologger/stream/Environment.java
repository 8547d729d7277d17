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
 * @param quickReads runs reads that should not take long
 * @param reports computes percentiles
 */
public record Environment(
    RecorderClock clock,
    Scheduler timer,
    Executor reads,
    QuickReads quickReads,
    Scheduler reports) {}
