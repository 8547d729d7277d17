/**
 * The words of the recorder as plain immutable values: metrics, series, samples, windows, reports,
 * and the events that flow between them. Depends on the JDK only.
 */
package io.duologger.model;
