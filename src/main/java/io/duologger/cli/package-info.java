/**
 * The command line: one picocli command for each mode and tool. May use config, topology and
 * runtime.
 */
package io.duologger.cli;
