package io.duologger.sink;

/**
 * Is told, in words for people and once per change, how a sink fares. Called by the sink's threads.
 */
public interface SinkLog {
  /** Something does not work any more. */
  void warn(String what);

  /** It works again. */
  void info(String what);
}
