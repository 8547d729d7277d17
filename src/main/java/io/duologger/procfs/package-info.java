/**
 * Where a host's files are and how to read them often and cheaply: open handles, reused buffers,
 * parsing without allocation. Depends on the JDK only.
 */
package io.duologger.procfs;
