/**
 * Tests of the repository itself: what DESIGN and STYLE promise of every source file. They read the
 * sources as text, and the catalogue, samples and documents beside them.
 */
package io.duologger.rules;
