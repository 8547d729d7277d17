package io.duologger.collector.job;

import io.duologger.collector.SourceAbsentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of a job and what they and those that ended have used. Used by one thread at a
 * time.
 *
 * <p>A process belongs to the job if its parent does when it is first seen, or if it is a child of
 * who adopts the job's orphans; from then on it belongs to it whoever its parent is. Parents are
 * always read before their children, and of each its I/O before its stat: so a child that is read
 * has not been waited for yet when its parent was read, and nothing counts twice.
 */
final class JobTree {
  /** How many processes of others are looked at again in each listing: numbers are used anew. */
  private static final int AGAIN = 8;

  private final Processes processes;
  private final Orphans orphans;
  private final int rootPid;

  /** Parents before their children. */
  private List<Member> members = new ArrayList<>();

  private List<Member> spare = new ArrayList<>();
  private final Map<Integer, Member> byPid = new HashMap<>();
  private final BitSet memberPids = new BitSet();

  /** Those of others. */
  private final BitSet foreign = new BitSet();

  private final BitSet listed = new BitSet();
  private final Stat stat = new Stat();
  private final long[] io = new long[Amounts.COUNT];
  private final Pids pids = new Pids();
  private final List<Candidate> candidates = new ArrayList<>();

  private final Accounts accounts = new Accounts();

  /** Null before the first read. */
  private Member first;

  private boolean quick = true;
  private int nextAgain;
  private long seen;

  /** A process that may be a member. */
  private record Candidate(int pid, long start, int parent, int session) {}

  JobTree(Processes processes, Orphans orphans, int rootPid) {
    this.processes = processes;
    this.orphans = orphans;
    this.rootPid = rootPid;
  }

  /**
   * Reads all members and looks for new ones.
   *
   * @param thorough whether among all processes, or only among the children that the kernel tells
   *     of, where it does
   * @throws SourceAbsentException if there is no such job, or not any more
   */
  void read(boolean thorough) throws IOException {
    if (first == null) {
      start();
    } else {
      for (int i = 0; i < members.size(); i++) {
        read(members.get(i));
      }
    }
    bury();
    find(thorough || !quick);
    accounts.settle(members);
    reap();
    accounts.add(members);
    if (members.isEmpty()) {
      throw new SourceAbsentException("no job: process " + rootPid + " and its tree have ended");
    }
  }

  private void start() throws IOException {
    if (!processes.stat(rootPid, stat)) {
      throw new SourceAbsentException("no job: no process " + rootPid);
    }
    Member root = new Member(stat, null);
    read(root);
    if (root.gone) {
      processes.release(root);
      throw new SourceAbsentException("no job: no process " + rootPid);
    }
    first = root;
    enter(root);
  }

  private void enter(Member member) {
    members.add(member);
    byPid.put(member.pid, member);
    memberPids.set(member.pid);
    foreign.clear(member.pid);
    seen++;
  }

  private void read(Member member) throws IOException {
    boolean told = processes.io(member, io);
    if (!processes.stat(member, stat)) {
      member.gone = true;
      return;
    }
    if (Stat.isEnded(stat.state) && !Stat.isEnded(member.state)) {
      // It may have gone on between the two: only now its I/O is the last. And it is its own only
      // if nobody else has its number.
      told |= processes.io(member, io);
      if (!processes.stat(member, stat)) {
        member.gone = true;
        return;
      }
    }
    member.formerParent = member.parent;
    if (stat.parent != member.parentPid) {
      member.parent = memberPids.get(stat.parent) ? byPid.get(stat.parent) : null;
    }
    member.take(stat, told, io);
  }

  /** Who is gone leaves what it used to the nearest ancestor that is still there. */
  private void bury() throws IOException {
    boolean any = false;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.gone) {
        any = true;
        accounts.bequeath(member, living(member.parent));
      }
    }
    if (any) {
      removeGone();
    }
  }

  /** The nearest that is there of a member and its ancestors; null if none is. */
  private static Member living(Member member) {
    Member living = member;
    while (living != null && living.gone) {
      living = living.parent;
    }
    return living;
  }

  private void removeGone() throws IOException {
    spare.clear();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.gone) {
        accounts.keepSwitches(member);
        processes.release(member);
        byPid.remove(member.pid);
        memberPids.clear(member.pid);
      } else {
        member.parent = living(member.parent);
        member.formerParent = living(member.formerParent);
        spare.add(member);
      }
    }
    List<Member> before = members;
    members = spare;
    spare = before;
    spare.clear();
  }

  private void find(boolean thorough) throws IOException {
    candidates.clear();
    if (thorough) {
      lookAtAll();
      choose();
      for (int i = 0; i < candidates.size(); i++) {
        if (!mayBeOrphan(candidates.get(i))) {
          foreign.set(candidates.get(i).pid());
        }
      }
    } else {
      quick = lookAtChildren();
    }
  }

  private boolean mayBeOrphan(Candidate candidate) {
    return orphans.parent() > 0 && candidate.parent() == orphans.parent();
  }

  private void lookAtAll() throws IOException {
    pids.clear();
    processes.list(pids);
    pids.sort();
    listed.clear();
    for (int i = 0; i < pids.size(); i++) {
      int pid = pids.get(i);
      listed.set(pid);
      if (!memberPids.get(pid) && !foreign.get(pid)) {
        lookAt(pid);
      }
    }
    foreign.and(listed);
    for (int i = 0; i < AGAIN && !foreign.isEmpty(); i++) {
      int pid = foreign.nextSetBit(nextAgain);
      if (pid < 0) {
        nextAgain = 0;
        break;
      }
      nextAgain = pid + 1;
      foreign.clear(pid);
      lookAt(pid);
    }
  }

  private void lookAt(int pid) throws IOException {
    if (processes.stat(pid, stat)) {
      candidates.add(new Candidate(pid, stat.start, stat.parent, stat.session));
    }
  }

  private boolean lookAtChildren() throws IOException {
    boolean told = true;
    int next = 0;
    if (orphans.parent() > 0) {
      pids.clear();
      told &= processes.children((int) orphans.parent(), pids);
      lookAtNew();
      choose();
    }
    while (next < members.size()) {
      Member member = members.get(next++);
      pids.clear();
      told &= processes.children(member, pids) || member.ended();
      if (pids.size() > 0) {
        lookAtNew();
        choose();
      }
    }
    return told;
  }

  private void lookAtNew() throws IOException {
    for (int i = 0; i < pids.size(); i++) {
      if (!memberPids.get(pids.get(i))) {
        lookAt(pids.get(i));
      }
    }
  }

  /** Makes members of the candidates that are some, and of their children, and so on. */
  private void choose() throws IOException {
    boolean more = true;
    while (more) {
      more = false;
      for (int i = 0; i < candidates.size(); i++) {
        Candidate candidate = candidates.get(i);
        boolean child = memberPids.get(candidate.parent());
        if (child
            || (mayBeOrphan(candidate) && !orphans.isOurs(candidate.pid(), candidate.session()))) {
          candidates.remove(i--);
          more |= adopt(candidate);
        }
      }
    }
  }

  /** It may have ended meanwhile, and its number may have been used anew. */
  private boolean adopt(Candidate candidate) throws IOException {
    Member parent = memberPids.get(candidate.parent()) ? byPid.get(candidate.parent()) : null;
    if (memberPids.get(candidate.pid())
        || !processes.stat(candidate.pid(), stat)
        || stat.start != candidate.start()
        || stat.parent != candidate.parent()) {
      return false;
    }
    Member member = new Member(stat, parent);
    if (parent != null && !(processes.stat(parent.pid, stat) && stat.start == parent.start)) {
      // The parent may have been another process of that number.
      return false;
    }
    read(member);
    if (member.gone) {
      processes.release(member);
      return false;
    }
    enter(member);
    return true;
  }

  /** Waits for adopted members that have ended: nobody else does. */
  private void reap() throws IOException {
    boolean any = false;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.ended() && member != first && member.parentPid == orphans.parent()) {
        Optional<Orphans.Usage> usage = orphans.reap(member.pid);
        if (usage.isPresent()) {
          member.gone = true;
          any = true;
          accounts.keep(member, usage.get());
        }
      }
    }
    if (any) {
      removeGone();
    }
  }

  /** Those that are there, ended ones included that nobody has waited for. */
  List<Member> members() {
    return members;
  }

  /** The member of that number; null if there is none. */
  Member member(long pid) {
    return pid > 0 && pid < memberPids.length() && memberPids.get((int) pid)
        ? byPid.get((int) pid)
        : null;
  }

  /** The job's first process, whether or not it is still there; only after a read. */
  Member first() {
    return first;
  }

  /** What all have used. */
  Accounts accounts() {
    return accounts;
  }

  /** The part of an amount from stat that the first process used itself. */
  long rootOwn(int amount) {
    return first.own[amount];
  }

  /** How many members there ever were. */
  long seen() {
    return seen;
  }

  void close() throws IOException {
    for (Member member : members) {
      processes.release(member);
    }
  }
}
