/**
 * What switches and other devices tell over SNMP of their ports. The only package that knows the
 * SNMP library.
 */
package io.duologger.collector.snmp;
