/**
 * The modules: one final class each that reads the host and yields readings, and the catalogue of
 * them. May use procfs and model; knows no clock, no logger and no RxJava.
 */
package io.duologger.collector;
