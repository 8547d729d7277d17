package io.duologger.collector.process;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.ModuleSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The groups of one kind, commands or users: which there are, and which of them are told of. Used
 * by one thread at a time.
 */
final class Grouping {
  /** After this long use counts half in a ranking. */
  private static final Duration HALF = Duration.ofMinutes(1);

  private final String label;
  private final List<Globs> watch = new ArrayList<>();
  private final Globs wanted;
  private final double decay;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final List<Ranking> rankings = new ArrayList<>();
  private List<Group> told = new ArrayList<>();

  /**
   * @param watch patterns of which each is a group that is always told of
   * @param wanted which other names count
   * @param top how many rank
   * @param holdReads for how many reads a group is told of that no longer ranks
   */
  Grouping(
      String label,
      List<String> watch,
      Globs wanted,
      ModuleSettings settings,
      int top,
      int holdReads) {
    this.label = label;
    this.wanted = wanted;
    this.decay = Math.pow(0.5, (double) settings.every().toNanos() / HALF.toNanos());
    for (Ranking.By by : Ranking.By.values()) {
      rankings.add(new Ranking(by, top, holdReads));
    }
    for (String name : watch) {
      this.watch.add(new Globs(List.of(name), List.of()));
      groups.put(name, new Group(name, true));
    }
    tell();
  }

  /** What an average use, each read, sums up to. */
  double sumOf(double eachRead) {
    return eachRead / (1 - decay);
  }

  /** The group of what is called {@code name}; null if that does not count. */
  Group of(String name) {
    for (Globs pattern : watch) {
      if (pattern.matches(name)) {
        return groups.get(pattern.include().get(0));
      }
    }
    Group group = groups.get(name);
    if (group == null && wanted.matches(name)) {
      group = new Group(name, false);
      groups.put(name, group);
    }
    return group;
  }

  /** A read begins. */
  void begin() {
    for (Group group : groups.values()) {
      group.begin();
    }
  }

  /**
   * A read ends: ranks the groups and forgets those that are of no use any more.
   *
   * @param read the number of the read, from 1
   */
  void end(long read) {
    for (Group group : groups.values()) {
      double[] scores = group.scores;
      scores[0] = scores[0] * decay + group.timeUsed;
      scores[1] = group.pages;
      scores[2] = scores[2] * decay + group.bytesUsed;
    }
    boolean changed = false;
    for (Ranking ranking : rankings) {
      changed |= ranking.update(groups.values(), read);
    }
    if (changed) {
      tell();
    }
    for (Iterator<Group> all = groups.values().iterator(); all.hasNext(); ) {
      Group group = all.next();
      if (group.processes == 0 && !group.told() && group.scores[0] < 1 && group.scores[2] < 1) {
        all.remove();
      }
    }
  }

  /** Keeps the order of those that stay, so that their series stay where they are. */
  private void tell() {
    List<Group> now = new ArrayList<>();
    for (Group group : told) {
      if (group.told()) {
        now.add(group);
      }
    }
    for (Group group : groups.values()) {
      if (group.told() && !told.contains(group)) {
        group.series = new ProcessMetrics(Instance.of(label, group.name));
        now.add(group);
      }
    }
    told = now;
  }

  /** The groups that are told of. */
  List<Group> told() {
    return told;
  }
}
