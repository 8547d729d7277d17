package io.duologger.format;

import io.duologger.model.Instance;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names that no two values share: who comes second gets the suffix {@code _2}, or the next free
 * number. A value has its name for good, whatever comes and goes; only when very many are
 * remembered, those that no report had for the longest time are forgotten.
 *
 * <p>Used by one thread at a time.
 */
final class UniqueNames {
  /** Devices without end that come and go must not take memory without end. */
  private static final int REMEMBERED = 100_000;

  /**
   * What has a name.
   *
   * @param form which statistic of the metric, or which kind of text
   * @param number which of several in one report, from 1
   */
  private record Owner(String module, Instance instance, String metric, String form, int number) {}

  /** In the order of their last use. */
  private final Map<Owner, String> names = new LinkedHashMap<>(16, 0.75f, true);

  private final Set<String> taken = new HashSet<>();
  private final Set<Owner> seen = new HashSet<>();
  private final int remembered;

  /**
   * @param reserved a name that no value gets
   */
  UniqueNames(String reserved) {
    this(reserved, REMEMBERED);
  }

  /**
   * @param reserved a name that no value gets
   * @param remembered how many names are kept beyond the report that has them
   */
  UniqueNames(String reserved, int remembered) {
    this.remembered = remembered;
    taken.add(reserved);
  }

  /** A report begins. */
  void begin() {
    int kept = Math.max(remembered, seen.size());
    for (Iterator<String> all = names.values().iterator(); names.size() > kept; ) {
      taken.remove(all.next());
      all.remove();
    }
    seen.clear();
  }

  /**
   * The name of a value of this report.
   *
   * @param form which statistic of the metric, or which kind of text
   * @param wanted its name if no other has it
   */
  String name(String module, Instance instance, String metric, String form, String wanted) {
    Owner owner = new Owner(module, instance, metric, form, 1);
    while (!seen.add(owner)) {
      owner = new Owner(module, instance, metric, form, owner.number() + 1);
    }
    return names.computeIfAbsent(owner, key -> free(wanted));
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
