package io.duologger.collector.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks for processes that may be new members of a job: among all, among children, or among the
 * numbers that were given since. Used by one thread at a time.
 */
final class Newcomers {
  /** How many processes of others are looked at again in each listing: numbers are used anew. */
  private static final int AGAIN = 8;

  /** How many numbers of processes may be tried at each look, and two more a member. */
  private static final int NUMBERS = 16;

  /**
   * A process that may be a member.
   *
   * @param member as its first stat has it
   * @param session the session it was in
   */
  record Candidate(Member member, int session) {}

  private final Processes processes;
  private final BitSet members;

  /** Those of others, and threads. */
  private final BitSet foreign = new BitSet();

  private final BitSet listed = new BitSet();
  private final Pids pids = new Pids();
  private final Stat stat = new Stat();
  private final List<Candidate> candidates = new ArrayList<>();

  /** The number given last: at this look and at the two before; -1 if not known. */
  private int latest = -1;

  private int latestBefore = -1;
  private int latestAtFirst = -1;
  private int nextAgain;

  /**
   * @param members the numbers of the members, which others keep
   */
  Newcomers(Processes processes, BitSet members) {
    this.processes = processes;
    this.members = members;
  }

  /** Begins another look, without candidates. */
  void begin() throws IOException {
    release();
    latestAtFirst = latestBefore;
    latestBefore = latest;
    latest = processes.latest();
  }

  /** Lets go of candidates that have not become members. */
  void release() {
    for (int i = 0; i < candidates.size(); i++) {
      processes.release(candidates.get(i).member());
    }
    candidates.clear();
  }

  /** What was found since; whoever becomes a member is to be taken out. */
  List<Candidate> candidates() {
    return candidates;
  }

  /** The process of that number is a member. */
  void joined(int pid) {
    foreign.clear(pid);
  }

  /** The candidates that are left belong to others, but for those that may yet be orphans. */
  void leave(Predicate<Member> mayBeOrphan) {
    for (int i = 0; i < candidates.size(); i++) {
      Member candidate = candidates.get(i).member();
      if (!mayBeOrphan.test(candidate)) {
        foreign.set(candidate.pid);
      }
    }
  }

  /**
   * Whether new processes can be found by their numbers, for less than by the lists of children. Of
   * the look before are those that had got their numbers, but could not be seen yet.
   */
  boolean haveFewNumbers(int memberCount) {
    return latestAtFirst > 0
        && latest >= latestAtFirst
        && latest - latestAtFirst <= NUMBERS + 2 * memberCount;
  }

  /** Looks at those, unless it is known what they are. */
  void lookAtNumbers() throws IOException {
    for (int pid = latestAtFirst + 1; pid <= latest; pid++) {
      if (!members.get(pid) && !foreign.get(pid)) {
        lookAt(pid);
      }
    }
  }

  /** Looks at all processes, unless it is known whose they are, and at some of others again. */
  void lookAtAll() throws IOException {
    pids.clear();
    processes.list(pids);
    pids.sort();
    listed.clear();
    for (int i = 0; i < pids.size(); i++) {
      int pid = pids.get(i);
      listed.set(pid);
      if (!members.get(pid) && !foreign.get(pid)) {
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

  /** Looks at those that are no members. */
  void lookAt(Pids children) throws IOException {
    for (int i = 0; i < children.size(); i++) {
      if (!members.get(children.get(i))) {
        lookAt(children.get(i));
      }
    }
  }

  private void lookAt(int pid) throws IOException {
    if (processes.stat(pid, stat)) {
      if (stat.isThread()) {
        foreign.set(pid);
      } else {
        Member member = new Member(stat);
        member.take(stat);
        processes.keep(member);
        candidates.add(new Candidate(member, stat.session));
      }
    }
  }
}
