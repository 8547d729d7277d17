/**
 * The system under the recorder: its clock, threads, signals, child processes, and where
 * diagnostics go. May use model and RxJava.
 */
package io.duologger.runtime;
