/** What the program talks to, played by the tests of several packages. May use JNA. */
package io.duologger.peer;
