package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Instance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UniqueNamesTest {
  @Test
  void aNameStaysWithItsOwnerWhateverComesAndGoes() {
    UniqueNames names = new UniqueNames("reserved");
    assertEquals(List.of("a_b", "a_b_2"), report(names, "a.b", "a:b"));
    assertEquals(List.of("a_b_2"), report(names, "a:b"));
    assertEquals(List.of("a_b_3", "a_b_2", "a_b"), report(names, "a-b", "a:b", "a.b"));
  }

  @Test
  void aNameThatLooksLikeASecondIsNotGivenTwice() {
    UniqueNames names = new UniqueNames("reserved");
    assertEquals(List.of("a_2", "a", "a_3"), report(names, "a.2", "a", "a"));
    assertEquals(List.of("a", "a_3", "a_4"), report(names, "a", "a", "a"));
    assertEquals(List.of("reserved_2"), report(names, "reserved"));
  }

  @Test
  void theLongestUnseenAreForgottenWhenThereAreTooMany() {
    UniqueNames names = new UniqueNames("reserved", 2);
    assertEquals(List.of("a_b", "a_b_2", "a_b_3"), report(names, "a.b", "a:b", "a-b"));
    assertEquals(List.of("a_b_3", "a_b_2"), report(names, "a-b", "a:b"));
    assertEquals(List.of("a_b_3", "a_b"), report(names, "a-b", "a+b"));
    assertEquals(List.of("a_b_2"), report(names, "a:b"));
  }

  @Property
  void noTwoOfAReportShareAName(
      @ForAll @Size(max = 12) List<@Size(max = 8) List<@IntRange(max = 5) Integer>> reports) {
    UniqueNames names = new UniqueNames("reserved");
    String[] devices = {"a", "a_2", "a.2", "a_2_2", "a.2.2", "a-2"};
    Map<String, String> first = new HashMap<>();
    for (List<Integer> report : reports) {
      names.begin();
      Set<String> given = new HashSet<>();
      Map<String, Integer> times = new HashMap<>();
      for (int device : report) {
        String name = name(names, devices[device]);
        assertEquals(true, given.add(name), name);
        String owner = device + "#" + times.merge(devices[device], 1, Integer::sum);
        assertEquals(first.computeIfAbsent(owner, key -> name), name);
      }
    }
  }

  private static List<String> report(UniqueNames names, String... devices) {
    names.begin();
    return List.of(devices).stream().map(device -> name(names, device)).toList();
  }

  private static String name(UniqueNames names, String device) {
    return names.name(
        "net", Instance.of("device", device), "x", "value", device.replaceAll("[^a-z0-9]", "_"));
  }
}
