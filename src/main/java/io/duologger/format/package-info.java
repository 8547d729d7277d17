/**
 * A report as bytes: logfmt, json, structured data, classic lines and Grid Engine load reports. May
 * use model.
 */
package io.duologger.format;
