/**
 * The modules that watch one job: a process and all that it starts. What processes call themselves
 * and print is hostile.
 */
package io.duologger.collector.job;
