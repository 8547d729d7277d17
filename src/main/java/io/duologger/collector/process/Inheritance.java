package io.duologger.collector.process;

import java.util.List;

/**
 * Who comes to have what ended processes used: their parents, if these wait for them; and if the
 * parent has ended as well, its own parent or whoever adopted them. What can't be told apart is not
 * news for anybody: rather the time of some short-lived child is missing than that of a long life
 * told of as that of a moment. Used by one thread at a time.
 */
final class Inheritance {
  /** More than so many new ticks of ended children are looked into. */
  private static final long SUSPECT = 100;

  private final ProcessTable table;

  /** What processes had used whose parents have ended too. */
  private final Heritage orphaned = new Heritage();

  Inheritance(ProcessTable table) {
    this.table = table;
  }

  /** A read has found the processes that there are. */
  void begin() {
    orphaned.time.age();
    orphaned.reads.age();
    orphaned.writes.age();
    List<KnownProcess> ended = table.ended();
    for (int i = 0; i < ended.size(); i++) {
      handDown(ended.get(i));
    }
  }

  /** What was seen of a process that is gone is not news when its parent comes to have it. */
  void handDown(KnownProcess gone) {
    if (gone.handedDown) {
      return;
    }
    gone.handedDown = true;
    KnownProcess parent = table.find(gone.parent);
    if (parent == null || parent.start > gone.start) {
      orphaned.add(gone);
      return;
    }
    if (parent.heritage == null) {
      parent.heritage = new Heritage();
    }
    parent.heritage.add(gone);
  }

  /** What of more time of ended children is news. */
  long timeNews(KnownProcess parent, long increase) {
    long waitedFor = parent.heritage == null ? 0 : parent.heritage.time.pending();
    if (increase - waitedFor > SUSPECT) {
      lookForEnded(parent);
    }
    long own = parent.heritage == null ? increase : parent.heritage.time.news(increase);
    return orphaned.time.rest(own);
  }

  /** What of more bytes read is news. */
  long readNews(KnownProcess parent, long increase) {
    long own = parent.heritage == null ? increase : parent.heritage.reads.news(increase);
    return orphaned.reads.rest(own);
  }

  /** What of more bytes written is news. */
  long writeNews(KnownProcess parent, long increase) {
    long own = parent.heritage == null ? increase : parent.heritage.writes.news(increase);
    return orphaned.writes.rest(own);
  }

  /** Children that this read still saw, but that ended before it came to their parent. */
  private void lookForEnded(KnownProcess parent) {
    List<KnownProcess> processes = table.known();
    for (int i = 0; i < processes.size(); i++) {
      KnownProcess process = processes.get(i);
      if (process.parent == parent.pid && !process.stat.exists()) {
        handDown(process);
      }
    }
  }
}
