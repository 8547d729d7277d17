/** A report as bytes: logfmt and json. May use model. */
package io.duologger.format;
