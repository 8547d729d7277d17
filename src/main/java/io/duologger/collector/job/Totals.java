package io.duologger.collector.job;

import io.duologger.model.Instance;
import io.duologger.model.Readings;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The values of the tree, of its first process and of all others. Used by one thread at a time. */
final class Totals {
  static final String SCOPE = "scope";

  /**
   * What is 0 of no process, if it was known once: means over a window hold the time in which there
   * was none.
   */
  private static final Set<Value> LASTING = EnumSet.range(Value.PROCESSES, Value.PAGE_TABLES);

  private final Values tree = new Values(Instance.of(SCOPE, "tree"));
  private final Values root = new Values(Instance.of(SCOPE, "root"));
  private final Values children = new Values(Instance.of(SCOPE, "children"));

  /** Whether anything of the tree has ever told its I/O and context switches. */
  private boolean ioKnown;

  private boolean switchesKnown;

  /** Whether the I/O of any was ever refused. */
  private boolean refusedEver;

  /** The part of the context switches that the first process has. */
  private long rootVoluntary;

  private long rootInvoluntary;

  /** Adds I/O as the kernel counts it. */
  static void addIo(long[] amounts, Values values) {
    values.add(Value.READ_BYTES, amounts[Amounts.READ_BYTES]);
    values.add(Value.WRITE_BYTES, amounts[Amounts.WRITE_BYTES]);
    values.add(Value.READ_CHARS, amounts[Amounts.READ_CHARS]);
    values.add(Value.WRITE_CHARS, amounts[Amounts.WRITE_CHARS]);
    values.add(Value.READ_CALLS, amounts[Amounts.READ_CALLS]);
    values.add(Value.WRITE_CALLS, amounts[Amounts.WRITE_CALLS]);
  }

  /** Works them out. */
  void take(JobTree from, int pageSize) {
    tree.restart(LASTING);
    root.clear();
    children.restart(LASTING);
    boolean proportional = true;
    long refused = 0;
    List<Member> members = from.members();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      member.addTo(member == from.first() ? root : children, pageSize);
      member.addTo(tree, pageSize);
      ioKnown |= member.ioKnown;
      switchesKnown |= member.details.switchesKnown;
      if (!member.ended()) {
        proportional &= member.details.proportionalKnown;
        refused += member.ioRefused ? 1 : 0;
      }
    }
    sums(from);
    if (!proportional) {
      forget(Value.PROPORTIONAL);
    }
    refusedEver |= refused > 0;
    if (refusedEver) {
      tree.set(Value.WITHOUT_IO, refused);
    }
  }

  /** Counters hold what has ended too. */
  private void sums(JobTree from) {
    sum(from, Value.USER, Amounts.USER);
    sum(from, Value.SYSTEM, Amounts.SYSTEM);
    tree.set(Value.CPU, tree.get(Value.USER) + tree.get(Value.SYSTEM));
    children.set(Value.CPU, children.get(Value.USER) + children.get(Value.SYSTEM));
    sum(from, Value.MINOR_FAULTS, Amounts.MINOR_FAULTS);
    sum(from, Value.MAJOR_FAULTS, Amounts.MAJOR_FAULTS);
    rootVoluntary = Math.max(rootVoluntary, root.get(Value.VOLUNTARY));
    rootInvoluntary = Math.max(rootInvoluntary, root.get(Value.INVOLUNTARY));
    if (switchesKnown) {
      tree.add(Value.VOLUNTARY, from.accounts().keptVoluntary());
      tree.add(Value.INVOLUNTARY, from.accounts().keptInvoluntary());
      children.set(Value.VOLUNTARY, tree.get(Value.VOLUNTARY) - rootVoluntary);
      children.set(Value.INVOLUNTARY, tree.get(Value.INVOLUNTARY) - rootInvoluntary);
    }
    if (ioKnown) {
      tree.set(Value.READ_BYTES, from.accounts().total(Amounts.READ_BYTES));
      tree.set(Value.WRITE_BYTES, from.accounts().total(Amounts.WRITE_BYTES));
      tree.set(Value.READ_CHARS, from.accounts().total(Amounts.READ_CHARS));
      tree.set(Value.WRITE_CHARS, from.accounts().total(Amounts.WRITE_CHARS));
      tree.set(Value.READ_CALLS, from.accounts().total(Amounts.READ_CALLS));
      tree.set(Value.WRITE_CALLS, from.accounts().total(Amounts.WRITE_CALLS));
    }
    tree.set(Value.SEEN, from.seen());
  }

  private void sum(JobTree from, Value value, int amount) {
    tree.set(value, from.accounts().total(amount));
    children.set(value, from.accounts().total(amount) - from.rootOwn(amount));
  }

  /** A sum over several processes that lacks a part. */
  void forget(Value value) {
    tree.forget(value);
    children.forget(value);
  }

  /** Those of all. */
  Values tree() {
    return tree;
  }

  void emit(Readings into) {
    tree.emit(into);
    root.emit(into);
    children.emit(into);
  }
}
