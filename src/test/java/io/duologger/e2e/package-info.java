/**
 * Tests of the whole program as a user starts it: real processes through sbin/duologger, real
 * signals, real network devices. They poll with a limit; nothing else in the tests may wait.
 */
package io.duologger.e2e;
