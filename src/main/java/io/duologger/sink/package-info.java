/**
 * Where reports go, one write per report. May use format and model; runs on threads of its own that
 * the stream gives it.
 */
package io.duologger.sink;
