/**
 * The reactive part: ticks, the sampler, the pacemaker that closes windows, and the way of reports
 * to the outputs. RxJava lives here, in topology, runtime and Main only; folding is plain code in
 * window.
 */
package io.duologger.stream;
