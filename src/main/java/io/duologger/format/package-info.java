/**
 * A report as bytes: logfmt, json, classic lines, Grid Engine load reports and Prometheus pages.
 * May use model.
 */
package io.duologger.format;
