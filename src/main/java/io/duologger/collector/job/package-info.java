/**
 * What the tree of processes of a job does: finding the tree, adding it up without loss, and the
 * module {@code job}. Uses the package above, procfs and model only.
 */
package io.duologger.collector.job;
