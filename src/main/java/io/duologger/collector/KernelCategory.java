package io.duologger.collector;

import io.duologger.model.Metric;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Kinds of messages of the kernel that people want to know of. The texts are those of Linux 3.10 to
 * 6.18 (mm/oom_kill.c, kernel/hung_task.c, kernel/watchdog.c, kernel/rcu/tree_stall.h, block/, fs/,
 * drivers/ and arch/) and of the drivers that are named.
 *
 * @param name its name in the output
 * @param metric how many there are
 * @param forms of which a message has one: parts that come one after the other, lower case, with
 *     stars between them
 */
record KernelCategory(String name, Metric metric, List<List<String>> forms) {
  /** In the order in which they are looked for: a message belongs to the first. */
  static final List<KernelCategory> ALL =
      List.of(
          // One line a process that is killed, whichever limit it was.
          of("oom", "oom_kills", "Processes that the OOM killer ended.", "out of memory: kill"),
          of(
              "hung_task",
              "hung_tasks",
              "Tasks that waited for minutes.",
              "info: task *:* blocked *for more than *seconds"),
          of(
              "lockup",
              "lockups",
              "Processors that got stuck, stalls of RCU.",
              "soft lockup - cpu#",
              "hard lockup on cpu",
              "self-detected stall on cpu",
              "detected stalls on cpus",
              "detected expedited stalls on cpus"),
          // One line an oops: that with its number, such as "Oops: 0000 [#1]".
          of(
              "oops",
              "oopses",
              "Faults of the kernel itself, panics.",
              "kernel panic - not syncing",
              ": *[#*]",
              "bug: bad page"),
          of(
              "segfault",
              "segfaults",
              "Programs that crashed.",
              "]: segfault at ",
              "traps: *] * ip:",
              "potentially unexpected fatal signal"),
          of(
              "filesystem",
              "filesystem_errors",
              "Errors of file systems.",
              "ext*-fs error",
              "ext4-fs * remounting filesystem read-only",
              "aborting journal on device",
              "xfs (*corruption",
              "xfs (*metadata i/o error",
              "xfs (*log i/o error",
              "xfs (*shutting down filesystem",
              "xfs (*filesystem has been shut down",
              "btrfs error",
              "btrfs critical",
              "btrfs: error",
              "fat-fs (*error",
              "gfs2: *fatal"),
          of(
              "throttling",
              "throttlings",
              "Processors that are too hot.",
              "temperature above threshold",
              "cpu clock throttled",
              "critical temperature reached"),
          of(
              "hardware_error",
              "hardware_errors",
              "Errors of processors, memory, PCIe.",
              "[hardware error]",
              "machine check",
              "edac mc*: * ce ",
              "edac mc*: * ue ",
              "pcie bus error: severity",
              "memory failure: 0x"),
          of(
              "io_error",
              "io_errors",
              "Errors of block devices.",
              "i/o error",
              "critical * error, dev ",
              "medium error",
              "lost async page write",
              "rejecting i/o to offline device",
              "nvme* i/o * timeout",
              "nvme*controller is down",
              "ata*: failed command"),
          of(
              "server",
              "silent_servers",
              "File servers that do not respond.",
              "server * not responding",
              "has not responded in ",
              "lustreerror: "),
          of(
              "gpu",
              "gpu_errors",
              "Errors of graphics cards.",
              "nvrm: xid",
              "fallen off the bus",
              "amdgpu *timeout",
              "gpu hang"),
          of(
              "network",
              "network_errors",
              "Hung transmitters, full tables, floods.",
              "netdev watchdog",
              "hardware unit hang",
              "nf_conntrack: *table full",
              "neighbour: *table overflow",
              "neighbour table overflow",
              "possible syn flooding"),
          of(
              "link_down",
              "links_down",
              "Links that went down.",
              "link is down",
              "link down",
              "link status definitely down"),
          of(
              "link_up",
              "links_up",
              "Links that came up.",
              "link is up",
              "link up",
              "link status definitely up"));

  private static KernelCategory of(String name, String plural, String help, String... forms) {
    List<List<String>> parts = new ArrayList<>();
    for (String form : forms) {
      parts.add(List.of(form.split("\\*")));
    }
    return new KernelCategory(
        name, Metric.counter(plural + "_per_second", Unit.PER_SECOND, help), List.copyOf(parts));
  }

  /** Whether a message is of this kind; {@code text} as {@link #folded} makes it. */
  boolean has(String text) {
    for (List<String> form : forms) {
      if (isIn(text, form)) {
        return true;
      }
    }
    return false;
  }

  /** A message as {@link #has} takes it. */
  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isIn(String text, List<String> form) {
    int from = 0;
    for (String part : form) {
      int at = text.indexOf(part, from);
      if (at < 0) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }
}
