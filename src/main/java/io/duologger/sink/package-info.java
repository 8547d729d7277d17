/**
 * Where reports go, one write per report: standard output, files, syslog and HTTP. A syslog report
 * goes format, {@link io.duologger.sink.Backlog} (a spool on disk), {@link
 * io.duologger.sink.Sender}, {@link io.duologger.sink.Link} (datagrams, or a stream with or without
 * TLS), the last two on a thread of the sink's own. May use format and model; has no clock but the
 * one that it is given.
 */
package io.duologger.sink;
