package io.duologger.stream;

/** Runs reads that should not take long, one after the other. */
@FunctionalInterface
public interface QuickReads {
  /**
   * Runs a read behind those that wait.
   *
   * @param read holds up the others for a moment only if it takes long all the same
   * @param slow is run then, once, by another thread
   */
  void execute(Runnable read, Runnable slow);
}
