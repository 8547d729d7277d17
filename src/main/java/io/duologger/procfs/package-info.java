/**
 * Where a host's files are and how to read them often and cheaply: open handles, reused buffers,
 * parsing without allocation. Depends on the JDK only, and where processes come and go on JNA.
 */
package io.duologger.procfs;
