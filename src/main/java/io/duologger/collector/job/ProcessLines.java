package io.duologger.collector.job;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Readings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which processes get lines of their own: those that use most memory or most processor time at a
 * sample, from then on as long as they live. There are at most twice as many as are asked for, and
 * new ones no faster than as many a minute: jobs that start processes without end would make
 * reports without end. Used by one thread at a time.
 */
final class ProcessLines {
  /** A line and what it is called by. */
  static final class Line {
    private final byte[] name;
    private final Values values;

    Line(Member member) {
      name = member.name;
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("pid", Integer.toString(member.pid));
      labels.put("command", member.command());
      values = new Values(new Instance(labels));
    }
  }

  private static final Comparator<Member> BY_MEMORY =
      Comparator.comparingLong((Member member) -> member.residentPages).reversed();
  private static final Comparator<Member> BY_TIME =
      Comparator.comparingLong((Member member) -> member.recentTime).reversed();
  private static final double MINUTE_NANOS = 60e9;

  private final int most;
  private final Globs commands;

  /** How many lines may begin now, and how many more a choice later. */
  private double allowance;

  private final double allowancePerChoice;
  private final List<Member> ranking = new ArrayList<>();

  /** Those with a line. */
  private List<Member> told = new ArrayList<>();

  /**
   * @param most how many of the top get lines
   * @param commands which may have lines
   * @param every how often {@link #choose} is called
   */
  ProcessLines(int most, Globs commands, Duration every) {
    this.most = most;
    this.commands = commands;
    allowance = 2.0 * most;
    allowancePerChoice = most * every.toNanos() / MINUTE_NANOS;
  }

  /** Chooses anew among the members. */
  void choose(List<Member> members) {
    if (most == 0) {
      return;
    }
    allowance = Math.min(2.0 * most, allowance + allowancePerChoice);
    told.removeIf(member -> member.gone);
    ranking.clear();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      member.recentTime =
          member.own[Amounts.USER] + member.own[Amounts.SYSTEM] - member.timeAtChoice;
      member.timeAtChoice += member.recentTime;
      if (!member.ended() && commands.matches(member.command())) {
        ranking.add(member);
      }
      rename(member);
    }
    if (ranking.size() > most) {
      rank(BY_MEMORY);
      rank(BY_TIME);
    } else {
      top(ranking.size());
    }
  }

  private void rename(Member member) {
    Line line = member.details.line;
    if (line != null && line.name != member.name && allowance >= 1) {
      allowance--;
      member.details.line = new Line(member);
    }
  }

  private void rank(Comparator<Member> order) {
    ranking.sort(order);
    top(most);
  }

  private void top(int count) {
    for (int i = 0; i < count && allowance >= 1; i++) {
      Member member = ranking.get(i);
      if (member.details.line == null && (told.size() < 2 * most || giveUp(ranking, count))) {
        allowance--;
        member.details.line = new Line(member);
        told.add(member);
      }
    }
  }

  /** Takes the line of the smallest that is not among the top {@code count} now. */
  private boolean giveUp(List<Member> ranked, int count) {
    Member smallest = null;
    for (Member member : told) {
      if ((smallest == null || member.residentPages < smallest.residentPages)
          && ranked.indexOf(member) >= count) {
        smallest = member;
      }
    }
    if (smallest == null) {
      return false;
    }
    smallest.details.line = null;
    told.remove(smallest);
    return true;
  }

  /** Tells of those that have lines. */
  void emit(int pageSize, Readings into) {
    for (int i = 0; i < told.size(); i++) {
      Member member = told.get(i);
      if (!member.gone && !member.ended()) {
        Values values = member.details.line.values;
        values.clear();
        member.addTo(values, pageSize);
        values.forget(Value.PROCESSES);
        if (member.ioKnown && !member.ioRefused) {
          Totals.addIo(member.total, values);
        }
        values.emit(into);
      }
    }
  }
}
