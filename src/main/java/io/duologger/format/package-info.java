/**
 * A report as bytes: logfmt, json, structured data, classic lines, Grid Engine load reports and
 * Prometheus pages. May use model.
 */
package io.duologger.format;
