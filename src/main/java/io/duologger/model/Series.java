package io.duologger.model;

/**
 * One line of values over time: a metric on an instance. Collectors keep and reuse their objects;
 * two equal series are the same series.
 *
 * @param metric what is measured
 * @param instance what it is measured on
 */
public record Series(Metric metric, Instance instance) {}
