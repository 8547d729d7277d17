/** Modules that read the files of others: logs, and files that scripts write. */
package io.duologger.collector.file;
