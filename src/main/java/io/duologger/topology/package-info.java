/**
 * What a mode is: a value that says what is read when, what closes a window, what ends the run and
 * where reports go; and the assembler that makes a run of it. May use everything below it.
 */
package io.duologger.topology;
