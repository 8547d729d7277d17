/**
 * One question in each class, asked of a JVM with the flags that sbin/duologger gives. See
 * benchmarks/README.md.
 */
package io.duologger.benchmarks;
