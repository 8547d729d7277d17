/**
 * What collectors share that ask other programs: running them within limits, and reading JSON,
 * names and log files that somebody else wrote.
 */
package io.duologger.collector.tool;
