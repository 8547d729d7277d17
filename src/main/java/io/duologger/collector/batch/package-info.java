/**
 * The modules of batch systems: what their programs say of jobs and nodes, and what of it runs on
 * this host. What the programs print is hostile: bounded in bytes, depth and number of names.
 */
package io.duologger.collector.batch;
