package io.duologger.topology;

import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Freed;
import io.duologger.model.StreamEvent.Missed;
import io.duologger.model.StreamEvent.OfSource;
import io.duologger.model.StreamEvent.Sampled;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Logs how modules fare, once per change and never per tick. Sees the events one at a time. */
final class HealthLog implements Consumer<StreamEvent> {
  private static final String STUCK = "read is stuck: ";

  private final Map<String, String> troubles = new HashMap<>();

  @Override
  public void accept(StreamEvent event) {
    if (event instanceof Sampled sampled && sampled.lacks().isEmpty()) {
      recovered(sampled);
    } else if (event instanceof Sampled sampled) {
      lacking(sampled);
    } else if (event instanceof Missed missed) {
      missed(missed);
    } else if (event instanceof Freed freed
        && troubles.getOrDefault(freed.source().name(), "").startsWith(STUCK)) {
      Diagnostics.LOG.info("{}: the read that did not end has ended", freed.source().name());
    }
  }

  private void recovered(OfSource event) {
    if (!troubles.isEmpty() && troubles.remove(event.source().name()) != null) {
      Diagnostics.LOG.info("{}: works", event.source().name());
    }
  }

  private void lacking(Sampled sampled) {
    String module = sampled.source().name();
    String trouble = "read in part: " + sampled.lacks();
    if (!trouble.equals(troubles.put(module, trouble))) {
      Diagnostics.LOG.warn("{}: {}", module, trouble);
    }
  }

  private void missed(Missed missed) {
    if (missed.detail().isEmpty()) {
      return;
    }
    String module = missed.source().name();
    String trouble =
        switch (missed.reason()) {
          case ABSENT -> "off: " + missed.detail();
          case FAILED -> "read failed: " + missed.detail();
          case TIMEOUT -> STUCK + missed.detail();
        };
    if (trouble.equals(troubles.put(module, trouble))) {
      return;
    }
    if (missed.reason() == StreamEvent.Reason.ABSENT) {
      Diagnostics.LOG.info("{}: {}", module, trouble);
    } else {
      Diagnostics.LOG.warn("{}: {}", module, trouble);
    }
  }
}
