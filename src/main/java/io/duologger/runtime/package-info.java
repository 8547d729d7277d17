/**
 * The system under the recorder: its clock, threads, signals, and where diagnostics go. May use
 * model and RxJava.
 */
package io.duologger.runtime;
