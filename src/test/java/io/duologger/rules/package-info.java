/**
 * Tests of the repository itself: what DESIGN and STYLE promise of every source file. They read the
 * sources as text and depend on the JDK and JUnit only.
 */
package io.duologger.rules;
