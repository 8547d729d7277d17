package io.duologger.collector.job;

import io.duologger.collector.SourceAbsentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The processes of a job and what they and those that ended have used. Used by one thread at a
 * time.
 *
 * <p>A process belongs to the job if its parent does when it is first seen, or if it is a child of
 * who adopts the job's orphans; from then on it belongs to it whoever its parent is. Parents are
 * always read before their children, and of each its I/O before its stat: so a child that is read
 * has not been waited for yet when its parent was read, and nothing counts twice.
 *
 * <p>Who has not run since it was read may rest for some ticks. The first process never does, nor
 * does anybody once that has ended, nor who may have inherited, nor who may have left something to
 * those that have.
 *
 * <p>The I/O of who is new is read in thorough ticks only, when it has ended and when it owes
 * something: most processes of a job are gone soon, and what they did is in the I/O of who waited
 * for them.
 */
final class JobTree {
  private final Processes processes;
  private final Orphans orphans;
  private final int rootPid;
  private final int longestPause;

  /** Parents before their children. */
  private List<Member> members = new ArrayList<>();

  private List<Member> spare = new ArrayList<>();
  private final Map<Integer, Member> byPid = new HashMap<>();
  private final BitSet memberPids = new BitSet();

  private final Newcomers newcomers;
  private final Stat stat = new Stat();
  private final long[] io = new long[Amounts.COUNT];
  private final Pids pids = new Pids();
  private final Accounts accounts = new Accounts();
  private final Predicate<Member> mayBeOrphan = this::mayBeOrphan;

  /** Null before the first read. */
  private Member first;

  /** Whether the kernel tells of children. */
  private boolean quick = true;

  private long choice;
  private long seen;

  /**
   * @param longestPause after how many ticks each is read again at the latest
   */
  JobTree(Processes processes, Orphans orphans, int rootPid, int longestPause) {
    this.processes = processes;
    this.orphans = orphans;
    this.rootPid = rootPid;
    this.longestPause = longestPause;
    newcomers = new Newcomers(processes, memberPids);
  }

  /**
   * Reads members and looks for new ones.
   *
   * @param listing whether among all processes, or only where the kernel says that there are new
   *     ones, where it does
   * @param thorough whether nobody rests
   * @throws SourceAbsentException if there is no such job, or not any more
   */
  void read(boolean listing, boolean thorough) throws IOException {
    if (first == null) {
      start();
    } else {
      readMembers(thorough);
    }
    bury();
    find(listing, thorough);
    accounts.settle(members);
    reap();
    accounts.add(members);
    if (members.isEmpty()) {
      throw new SourceAbsentException("no job: process " + rootPid + " and its tree have ended");
    }
  }

  private void readMembers(boolean thorough) throws IOException {
    boolean all = thorough || first.gone;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      Member parent = member.parent;
      member.stirred = parent != null && (parent.stirred || parent.inherited || parent.gone);
      member.resting = !all && member != first && !member.isDue() && mayRest(member);
      if (member.resting) {
        member.rest();
      } else {
        read(member, all || member.due || member.settled());
        all |= member == first && (first.gone || first.ended());
      }
    }
  }

  /**
   * Not if its parent has ended: it has another one. And if somebody above has inherited, perhaps
   * from this one, only if it is still there. Others than its parent can't inherit from it while
   * that lives.
   */
  private boolean mayRest(Member member) throws IOException {
    Member parent = member.parent;
    if (parent == null) {
      return true;
    }
    if (parent.gone || Stat.isEnded(parent.state)) {
      return false;
    }
    boolean untouched = !member.stirred || !(parent.inherited || parent.resting);
    return untouched || processes.isThere(member);
  }

  private void start() throws IOException {
    if (!processes.stat(rootPid, stat)) {
      throw new SourceAbsentException("no job: no process " + rootPid);
    }
    Member root = new Member(stat);
    read(root, true);
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
    newcomers.joined(member.pid);
    seen++;
  }

  private void read(Member member, boolean asks) throws IOException {
    boolean told = asks && processes.io(member, io);
    if ((asks && !told && !processes.isThere(member)) || !processes.stat(member, stat)) {
      member.gone = true;
      return;
    }
    if (Stat.isEnded(stat.state) && !Stat.isEnded(member.state)) {
      // It may have gone on between the two: only now its I/O is the last. And it is its own only
      // if nobody else has its number.
      asks = true;
      told |= processes.io(member, io);
      if (!processes.stat(member, stat)) {
        member.gone = true;
        return;
      }
    }
    if (member.inheritance == null) {
      member.formerParent = member.parent;
    }
    if (member.parent == null || stat.parent != member.parent.pid) {
      member.parent = memberPids.get(stat.parent) ? byPid.get(stat.parent) : null;
    }
    member.take(stat, longestPause);
    if (asks) {
      member.takeIo(told, io);
    }
  }

  /** Who is gone leaves what it used to the nearest ancestor that is still there. */
  private void bury() throws IOException {
    boolean any = false;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.gone) {
        any = true;
        Member heir = living(member.parent);
        Member former = living(member.formerParent);
        accounts.bequeath(member, heir, former == null ? heir : former);
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

  private void find(boolean listing, boolean thorough) throws IOException {
    newcomers.begin();
    boolean numbers = newcomers.haveFewNumbers(members.size());
    if (listing || !(numbers || quick)) {
      newcomers.lookAtAll();
    } else if (numbers) {
      newcomers.lookAtNumbers();
    } else {
      quick = lookAtChildren(thorough);
      return;
    }
    choose(thorough);
    newcomers.leave(mayBeOrphan);
  }

  private boolean mayBeOrphan(Member candidate) {
    return orphans.parent() > 0 && candidate.parentPid == orphans.parent();
  }

  private boolean lookAtChildren(boolean thorough) throws IOException {
    boolean told = true;
    int next = 0;
    if (orphans.parent() > 0) {
      pids.clear();
      told &= processes.children((int) orphans.parent(), pids);
      newcomers.lookAt(pids);
      choose(thorough);
    }
    while (next < members.size()) {
      Member member = members.get(next++);
      pids.clear();
      told &= processes.children(member, pids) || member.ended();
      if (pids.size() > 0) {
        newcomers.lookAt(pids);
        choose(thorough);
      }
    }
    return told;
  }

  /** Makes members of the candidates that are some, and of their children, and so on. */
  private void choose(boolean thorough) throws IOException {
    choice++;
    List<Newcomers.Candidate> candidates = newcomers.candidates();
    boolean more = !candidates.isEmpty();
    while (more) {
      more = false;
      for (int i = 0; i < candidates.size(); i++) {
        Newcomers.Candidate candidate = candidates.get(i);
        Member member = candidate.member();
        if (memberPids.get(member.parentPid)
            || (mayBeOrphan(member) && !orphans.isOurs(member.pid, candidate.session()))) {
          candidates.remove(i--);
          if (adopt(member, thorough)) {
            more = true;
          } else {
            processes.release(member);
          }
        }
      }
    }
  }

  /**
   * @param member as it was when it was looked at: it may have ended since, and its number may have
   *     been used anew
   * @param thorough whether it is read again, as then its I/O is told too; who has ended always is,
   *     as there may be no next time
   */
  private boolean adopt(Member member, boolean thorough) throws IOException {
    Member parent = memberPids.get(member.parentPid) ? byPid.get(member.parentPid) : null;
    if (memberPids.get(member.pid) || (parent != null && !isChild(member, parent))) {
      return false;
    }
    member.parent = parent;
    if (thorough || member.ended()) {
      read(member, true);
      if (member.gone) {
        return false;
      }
    }
    member.joined = choice;
    enter(member);
    return true;
  }

  /**
   * Whether the parent of a candidate is this member. It may have been another process of that
   * number, unless the member was there before the look at the candidate and is there still.
   */
  private boolean isChild(Member candidate, Member parent) throws IOException {
    if (parent.joined == choice) {
      parent.checked = 0;
      boolean same = processes.stat(candidate.pid, stat) && stat.start == candidate.start;
      if (!same || stat.parent != parent.pid) {
        return false;
      }
    }
    if (parent.checked != choice && processes.isThere(parent)) {
      parent.checked = choice;
    }
    return parent.checked == choice;
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

  void close() {
    for (Member member : members) {
      processes.release(member);
    }
    newcomers.release();
    processes.close();
  }
}
