/**
 * The accumulators: counters to rates, values to statistics, events to closed windows. Plain
 * single-writer Java; may use model and HdrHistogram.
 */
package io.duologger.window;
