package io.duologger.collector;

import io.duologger.model.RecorderClock;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a program that prints each interval said last of things with numbers. It counts as the
 * present for two and a half intervals and a second. May be used by several threads.
 */
final class Latest<V> {
  private static final long SECOND = 1_000_000_000L;

  private final RecorderClock clock;
  private final long span;
  private final int most;
  private final Map<Integer, Said<V>> said = new ConcurrentHashMap<>();

  private record Said<V>(V value, long at) {}

  /** Of at most {@code most} things. */
  Latest(RecorderClock clock, Duration interval, int most) {
    this.clock = clock;
    this.span = interval.toNanos() * 5 / 2 + SECOND;
    this.most = most;
  }

  /** Takes what was said just now. */
  void put(int number, V value) {
    if (said.size() < most || said.containsKey(number)) {
      said.put(number, new Said<>(value, clock.monotonicNanos()));
    }
  }

  /** The present, by number. */
  SortedMap<Integer, V> present() {
    long oldest = clock.monotonicNanos() - span;
    said.values().removeIf(each -> each.at() - oldest < 0);
    SortedMap<Integer, V> present = new TreeMap<>();
    said.forEach((number, each) -> present.put(number, each.value()));
    return present;
  }
}
