package io.duologger.collector.file;

import io.duologger.collector.Probe;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.PathPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The files that one path of the configuration stands for. If it is a pattern, those that come
 * later are read from their start, but for those that only got another name. Used by one thread at
 * a time.
 */
final class WatchedLogs {
  private static final int MOST_FILES = 100;

  private final Surroundings surroundings;
  private final WatchedLog.Manner first;
  private final WatchedLog.Manner later;
  private final List<WatchedLog.Wanted> wanted;
  private final PathPattern pattern;
  private final Probe<Map<Path, Object>> listing;
  private final Map<Path, WatchedLog> logs = new LinkedHashMap<>();

  /** The files of the last listing by what tells them apart whatever they are called. */
  private final Map<Object, Path> known = new HashMap<>();

  /** Those that got another name, by what tells them apart. */
  private final Set<Object> renamed = new HashSet<>();

  private boolean listed;

  /**
   * @param manner how those are read that there are at first
   */
  WatchedLogs(
      Surroundings surroundings,
      PathPattern pattern,
      WatchedLog.Manner manner,
      List<WatchedLog.Wanted> wanted) {
    this.surroundings = surroundings;
    this.pattern = pattern;
    first = manner;
    later = new WatchedLog.Manner(true, manner.most(), manner.idleReads());
    this.wanted = List.copyOf(wanted);
    listing = new Probe<>(surroundings, () -> list(pattern));
    if (!pattern.isPattern()) {
      logs.put(pattern.path(), watched(pattern.path(), first));
    }
  }

  private WatchedLog watched(Path path, WatchedLog.Manner manner) {
    return new WatchedLog(surroundings, path, manner, wanted);
  }

  private static Map<Path, Object> list(PathPattern pattern) throws IOException {
    Map<Path, Object> found = new LinkedHashMap<>();
    for (Path path : pattern.list(MOST_FILES)) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isRegularFile()) {
          found.put(path, String.valueOf(attributes.fileKey()));
        }
      } catch (NoSuchFileException justGone) {
        continue;
      }
    }
    return found;
  }

  /** Begins to look which files there are. Returns at once. */
  void ask() {
    if (pattern.isPattern()) {
      listing.ask();
    }
  }

  /**
   * Whether it is known which files there are, waiting for it until {@code patience} has passed
   * since it was asked.
   */
  boolean isListed(Duration patience) throws ExecutionException, IOException {
    if (!pattern.isPattern()) {
      return true;
    }
    Optional<Map<Path, Object>> found = listing.answer(patience);
    if (found.isPresent()) {
      follow(found.get());
    }
    return found.isPresent();
  }

  private void follow(Map<Path, Object> found) throws IOException {
    found.forEach(
        (path, identity) -> {
          if (!known.getOrDefault(identity, path).equals(path)) {
            renamed.add(identity);
          }
        });
    renamed.retainAll(found.values());
    known.clear();
    found.forEach((path, identity) -> known.put(identity, path));
    for (Iterator<Map.Entry<Path, WatchedLog>> all = logs.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Path, WatchedLog> each = all.next();
      Optional<Object> identity = Optional.ofNullable(found.get(each.getKey()));
      boolean gone = identity.isEmpty() && !each.getValue().isBusy();
      if (gone || identity.isPresent() && renamed.contains(identity.get())) {
        each.getValue().close();
        all.remove();
      }
    }
    found.forEach(
        (path, identity) -> {
          if (!renamed.contains(identity)) {
            logs.computeIfAbsent(path, key -> watched(key, listed ? later : first));
          }
        });
    listed = true;
  }

  /** The files. */
  Collection<WatchedLog> all() {
    return logs.values();
  }

  /** For how long it has been looked which files there are. */
  Optional<Duration> stuck() {
    return listing.stuck();
  }

  void close() throws IOException {
    for (WatchedLog log : logs.values()) {
      log.close();
    }
  }
}
