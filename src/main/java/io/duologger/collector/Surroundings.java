package io.duologger.collector;

import io.duologger.model.RecorderClock;
import io.duologger.procfs.HostRoot;
import java.util.concurrent.Executor;

/**
 * What a collector may use beside its own thread.
 *
 * @param root where the host's files are
 * @param clock what time it is, for ages and time limits; samples have their times without it
 * @param threads runs each task at once, on a thread that it may hold for ever
 */
public record Surroundings(HostRoot root, RecorderClock clock, Executor threads) {}
