/**
 * What a host is made of, as far as a library knows it: the one place that uses OSHI. May use
 * nothing of this program.
 */
package io.duologger.collector.inventory;
