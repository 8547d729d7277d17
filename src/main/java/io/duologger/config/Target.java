package io.duologger.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where an output's reports go. */
public sealed interface Target permits Target.Stdout, Target.ToFile, Target.Http, SyslogTarget {
  /** Standard output. */
  record Stdout() implements Target {}

  /**
   * A file.
   *
   * @param path its name, exactly as it was given
   * @param rotation when a new file is begun; empty if never
   */
  record ToFile(Path path, Optional<Rotation> rotation) implements Target {}

  /**
   * When a file output begins a new file, beside each midnight UTC, and what becomes of the old
   * ones.
   *
   * @param maxSize bytes after which a new file is begun; Long.MAX_VALUE if there is no limit
   * @param maxDays files of so many days before today are kept; 0 for all
   * @param maxTotal so many bytes of old files are kept at most; 0 for all
   * @param compress whether old files are compressed
   */
  record Rotation(long maxSize, int maxDays, long maxTotal, boolean compress) {}

  /**
   * A page for Prometheus.
   *
   * @param address the address of this host that is listened on
   * @param port its port
   */
  record Http(String address, int port) implements Target {}
}
