package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedTraversalTest {
  @Test
  void logfmtAndJsonHaveTheSameNamesInTheSameOrder() {
    Format logfmt = new LogfmtFormat(Integer.MAX_VALUE, Integer.MAX_VALUE);
    List<String> fromLogfmt = new ArrayList<>();
    for (String line : lines(logfmt)) {
      for (Map.Entry<String, String> pair : Logfmt.parse(line)) {
        if (!fromLogfmt.contains(pair.getKey())) {
          fromLogfmt.add(pair.getKey());
        }
      }
    }
    List<String> fromJson = new ArrayList<>();
    for (String line : lines(new JsonFormat())) {
      for (Map.Entry<String, Object> member : Json.parse(line).entrySet()) {
        boolean absentInLogfmt = member.getValue().equals("");
        if (!absentInLogfmt && !fromJson.contains(member.getKey())) {
          fromJson.add(member.getKey());
        }
      }
    }
    assertEquals(fromJson, fromLogfmt);
  }

  private static List<String> lines(Format format) {
    return new String(format.bytes(ReportFixture.full()), StandardCharsets.US_ASCII)
        .lines()
        .toList();
  }
}
