package io.duologger.collector.job;

import java.util.Arrays;

/** Numbers of processes; grows and is reused. Used by one thread at a time. */
final class Pids {
  private int[] pids = new int[256];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int pid) {
    if (size == pids.length) {
      pids = Arrays.copyOf(pids, 2 * size);
    }
    pids[size++] = pid;
  }

  void sort() {
    Arrays.sort(pids, 0, size);
  }

  int size() {
    return size;
  }

  int get(int index) {
    return pids[index];
  }
}
