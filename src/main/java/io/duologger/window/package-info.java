/**
 * The accumulators: counters to rates, values to statistics, events to closed windows. Plain
 * single-writer Java; may use model only.
 */
package io.duologger.window;
