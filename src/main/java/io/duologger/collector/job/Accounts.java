package io.duologger.collector.job;

import java.util.ArrayList;
import java.util.List;

/**
 * What all members of a tree have used, those that are gone included: see {@link Inheritance} for
 * how nothing is counted twice or lost. Used by one thread at a time.
 */
final class Accounts {
  /** What nobody that is read holds any more. */
  private final long[] kept = new long[Amounts.COUNT];

  private final long[] totals = new long[Amounts.COUNT];

  /** Those that owe something. */
  private final List<Member> owing = new ArrayList<>();

  private long keptVoluntary;
  private long keptInvoluntary;

  /**
   * Hands over what {@code member} used, who is gone, to an ancestor.
   *
   * @param heir the nearest that is left; null if none is
   * @param former the nearest that may have inherited what it owes still; null if none is left
   */
  void bequeath(Member member, Member heir, Member former) {
    if (heir == null) {
      keep(member.total);
    } else {
      // Who outlives its parent becomes the child of some ancestor; a parent at rest may have
      // ended.
      boolean orphan = heir != member.parent || heir.resting || Stat.isEnded(heir.state);
      heir.inheritance().owe(member.total, orphan);
    }
    if (member.inheritance != null && former != null) {
      former.inheritance().takeOver(member.inheritance);
    } else {
      keepOwed(member);
    }
  }

  /** Nobody that is read inherits {@code amounts}. */
  private void keep(long[] amounts) {
    for (int i = 0; i < kept.length; i++) {
      kept[i] += amounts[i];
    }
  }

  private void keepOwed(Member member) {
    for (int i = 0; member.inheritance != null && i < kept.length; i++) {
      kept[i] += member.inheritance.owed(i);
    }
  }

  /** Nobody inherits what {@code member} used, of which somebody who waited for it knows more. */
  void keep(Member member, Orphans.Usage usage) {
    keep(exact(member, usage));
    keepOwed(member);
  }

  /** Keeps the context switches of a member that is gone, which nobody inherits. */
  void keepSwitches(Member member) {
    keptVoluntary += member.details.voluntary;
    keptInvoluntary += member.details.involuntary;
  }

  /**
   * First what each owes is paid by its own growth, then by what ancestors have left over. What is
   * owed for longer comes first: for the rest there is one more read.
   */
  void settle(List<Member> members) {
    owing.clear();
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).inheritance != null) {
        owing.add(members.get(i));
      }
    }
    for (int i = 0; i < owing.size(); i++) {
      owing.get(i).inheritance.payOlder(owing.get(i));
    }
    payOrphans(true);
    for (int i = 0; i < owing.size(); i++) {
      owing.get(i).inheritance.payNewer(owing.get(i));
    }
    payOrphans(false);
    for (int i = 0; i < owing.size(); i++) {
      Member member = owing.get(i);
      member.inheritance.age(kept);
      if (member.inheritance.isEmpty()) {
        member.inheritance = null;
      } else {
        readNext(member);
      }
    }
  }

  /** Ancestors are those of the read before: children of who has ended were its own until then. */
  private void payOrphans(boolean older) {
    for (int i = 0; i < owing.size(); i++) {
      Member member = owing.get(i);
      boolean ended = Stat.isEnded(member.state);
      for (Member ancestor = above(member); ancestor != null; ancestor = above(ancestor)) {
        if (older) {
          member.inheritance.payOlderOrphans(ancestor, ended);
        } else {
          member.inheritance.payNewerOrphans(ancestor, ended);
        }
      }
    }
  }

  /** What is owed is paid by what it and its ancestors will have grown by: none may rest. */
  private static void readNext(Member owing) {
    for (Member member = owing; member != null; member = above(member)) {
      member.due = true;
    }
    for (Member member = owing.parent; member != null; member = member.parent) {
      member.due = true;
    }
  }

  private static Member above(Member member) {
    return member.formerParent == null ? member.parent : member.formerParent;
  }

  /** What it used in finer units than stat has. */
  private static long[] exact(Member member, Orphans.Usage usage) {
    long[] amounts = member.total.clone();
    amounts[Amounts.USER] = Math.max(amounts[Amounts.USER], usage.userMicros());
    amounts[Amounts.SYSTEM] = Math.max(amounts[Amounts.SYSTEM], usage.systemMicros());
    amounts[Amounts.MINOR_FAULTS] = Math.max(amounts[Amounts.MINOR_FAULTS], usage.minorFaults());
    amounts[Amounts.MAJOR_FAULTS] = Math.max(amounts[Amounts.MAJOR_FAULTS], usage.majorFaults());
    return amounts;
  }

  /** Adds up all there is, after {@link #settle}. */
  void add(List<Member> members) {
    for (int i = 0; i < totals.length; i++) {
      long sum = kept[i];
      for (int j = 0; j < members.size(); j++) {
        Member member = members.get(j);
        sum += member.total[i];
        if (member.inheritance != null) {
          sum += member.inheritance.owed(i);
        }
      }
      totals[i] = Math.max(totals[i], sum);
    }
  }

  /** What all have used. */
  long total(int amount) {
    return totals[amount];
  }

  /** Voluntary context switches of members that are gone. */
  long keptVoluntary() {
    return keptVoluntary;
  }

  /** Involuntary context switches of members that are gone. */
  long keptInvoluntary() {
    return keptInvoluntary;
  }
}
