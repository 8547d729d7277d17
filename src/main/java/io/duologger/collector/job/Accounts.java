package io.duologger.collector.job;

import java.util.List;

/**
 * What all members of a tree have used, those that are gone included: see {@link Inheritance} for
 * how nothing is counted twice or lost. Used by one thread at a time.
 */
final class Accounts {
  /** What nobody that is read holds any more. */
  private final long[] kept = new long[Amounts.COUNT];

  private final long[] totals = new long[Amounts.COUNT];

  private long keptVoluntary;
  private long keptInvoluntary;

  /** Hands over what {@code member} used, who is gone, to an ancestor; null if none is left. */
  void bequeath(Member member, Member heir) {
    if (heir == null) {
      keep(member, member.total);
      return;
    }
    // Who outlives its parent becomes the child of some ancestor.
    boolean orphan = heir != member.parent || Stat.isEnded(heir.state);
    heir.inheritance().owe(member.total, orphan);
    if (member.inheritance != null) {
      heir.inheritance().takeOver(member.inheritance);
    }
  }

  /** Nobody that is read inherits {@code amounts}, nor what {@code member} still owes. */
  private void keep(Member member, long[] amounts) {
    for (int i = 0; i < kept.length; i++) {
      kept[i] += amounts[i];
      if (member.inheritance != null) {
        kept[i] += member.inheritance.owed(i);
      }
    }
  }

  /** Nobody inherits what {@code member} used, of which somebody who waited for it knows more. */
  void keep(Member member, Orphans.Usage usage) {
    keep(member, exact(member, usage));
  }

  /** Keeps the context switches of a member that is gone, which nobody inherits. */
  void keepSwitches(Member member) {
    keptVoluntary += member.details.voluntary;
    keptInvoluntary += member.details.involuntary;
  }

  /** First what each owes is paid by its own growth, then by what ancestors have left over. */
  void settle(List<Member> members) {
    boolean any = false;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.inheritance != null) {
        any = true;
        member.inheritance.pay(member);
      }
    }
    for (int i = 0; any && i < members.size(); i++) {
      Member member = members.get(i);
      if (member.inheritance != null) {
        // Those of the read before: children of who has ended since were its own until then.
        Member ancestor = above(member);
        while (ancestor != null) {
          member.inheritance.payOrphans(ancestor, Stat.isEnded(member.state));
          ancestor = above(ancestor);
        }
        member.inheritance.age(kept);
        if (member.inheritance.isEmpty()) {
          member.inheritance = null;
        }
      }
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
