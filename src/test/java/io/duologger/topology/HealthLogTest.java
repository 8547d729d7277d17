package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent.Missed;
import io.duologger.model.StreamEvent.Reason;
import io.duologger.model.StreamEvent.Sampled;
import io.duologger.virtual.Heard;
import io.duologger.virtual.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthLogTest {
  private static final Source SOURCE = new Source(0, Spec.of("power", 1).build());

  private static Sampled sampled(String lacks) {
    Sample sample = new Sample(0, 0, 0, Layout.EMPTY, new long[0], new String[0]);
    return new Sampled(SOURCE, sample, lacks, false, 0, 0);
  }

  private static Missed missed(Reason reason, String detail) {
    return new Missed(SOURCE, 0, 0, reason, detail, false, 0, 0);
  }

  @Test
  void whatIsReadInPartIsToldWhenItChanges() {
    HealthLog log = new HealthLog();
    try (Heard heard = new Heard()) {
      for (String lacks : List.of("", "", "a", "a", "b", "b", "", "")) {
        log.accept(sampled(lacks));
      }
      assertEquals(
          List.of(
              "WARN power: read in part: a", "WARN power: read in part: b", "INFO power: works"),
          heard.messages());
    }
  }

  @Test
  void whatIsAbsentOrFailsIsToldOnceUntilItWorks() {
    HealthLog log = new HealthLog();
    try (Heard heard = new Heard()) {
      for (int round = 0; round < 2; round++) {
        log.accept(missed(Reason.ABSENT, "no zone"));
        log.accept(missed(Reason.ABSENT, "no zone"));
        log.accept(missed(Reason.ABSENT, ""));
        log.accept(missed(Reason.FAILED, "denied"));
        log.accept(missed(Reason.FAILED, "denied"));
        log.accept(sampled(""));
      }
      List<String> once =
          List.of(
              "INFO power: off: no zone", "WARN power: read failed: denied", "INFO power: works");
      assertEquals(once, heard.messages().subList(0, 3));
      assertEquals(once, heard.messages().subList(3, 6));
    }
  }
}
