/**
 * Turns a HOCON file and the words of the command line into a checked {@link
 * io.duologger.config.RecorderConfig}, or into all their problems at once. May use model and
 * com.typesafe.config; knows nothing of collectors, sinks and formats beyond their names.
 */
package io.duologger.config;
