package io.duologger.collector.process;

import java.util.ArrayList;
import java.util.List;

/**
 * The groups that use most of one thing. Series are only good for something if they stay: so a
 * group that was among the top once is kept for a while, and a new one takes the place of the one
 * that uses least. Twice as many are kept as rank, and so many new ones are let in per while,
 * whatever processes call themselves. Used by one thread at a time.
 */
final class Ranking {
  /** What is ranked by. */
  enum By {
    /** Processor time. */
    TIME(0.5),
    /** Resident memory. */
    MEMORY(0.5),
    /** Bytes from and to devices. */
    IO(512);

    static final int COUNT = 3;

    /** Who has less does not rank. */
    private final double least;

    By(double least) {
      this.least = least;
    }
  }

  private final By by;
  private final int holdReads;
  private final Group[] top;
  private final int room;
  private final List<Group> members = new ArrayList<>();
  private double admissions;

  /**
   * @param most how many rank
   * @param holdReads for how many reads a group is kept that no longer ranks
   */
  Ranking(By by, int most, int holdReads) {
    this.by = by;
    this.holdReads = holdReads;
    this.top = new Group[most];
    this.room = 2 * most;
    this.admissions = room;
  }

  /**
   * Ranks {@code groups} by their scores of now.
   *
   * @param read the number of the read, from 1
   * @return whether members have come or gone
   */
  boolean update(Iterable<Group> groups, long read) {
    admissions = Math.min(room, admissions + (double) room / holdReads);
    int ranked = select(groups);
    for (int i = 0; i < ranked; i++) {
      top[i].ranked[by.ordinal()] = read;
    }
    boolean changed = expire(read);
    for (int i = 0; i < ranked; i++) {
      if (!members.contains(top[i]) && admissions >= 1) {
        if (members.size() == room) {
          drop(weakest(read));
        }
        admissions--;
        top[i].memberships++;
        members.add(top[i]);
        changed = true;
      }
      top[i] = null;
    }
    return changed;
  }

  /** Fills {@link #top}, best first; of equals those that come first. */
  private int select(Iterable<Group> groups) {
    int count = 0;
    for (Group group : groups) {
      double score = score(group);
      if (score < by.least) {
        continue;
      }
      int at = count;
      while (at > 0 && score(top[at - 1]) < score) {
        at--;
      }
      if (at < top.length) {
        count = Math.min(count + 1, top.length);
        System.arraycopy(top, at, top, at + 1, count - 1 - at);
        top[at] = group;
      }
    }
    return count;
  }

  private double score(Group group) {
    return group.scores[by.ordinal()];
  }

  private boolean expire(long read) {
    boolean changed = false;
    for (int i = members.size() - 1; i >= 0; i--) {
      if (read - members.get(i).ranked[by.ordinal()] > holdReads) {
        drop(i);
        changed = true;
      }
    }
    return changed;
  }

  /** Of those that do not rank now, of which there is one, the one that has least. */
  private int weakest(long read) {
    int weakest = -1;
    for (int i = 0; i < members.size(); i++) {
      Group member = members.get(i);
      if (member.ranked[by.ordinal()] != read
          && (weakest < 0 || score(member) < score(members.get(weakest)))) {
        weakest = i;
      }
    }
    return weakest;
  }

  private void drop(int member) {
    members.remove(member).memberships--;
  }
}
