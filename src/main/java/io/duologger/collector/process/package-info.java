/**
 * The module process: what the processes of this host use, by command and by user. What a process
 * calls itself is hostile: any bytes, and another name at each tick.
 */
package io.duologger.collector.process;
