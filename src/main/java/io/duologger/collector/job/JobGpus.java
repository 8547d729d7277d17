package io.duologger.collector.job;

import io.duologger.collector.NvidiaMonitor;
import io.duologger.model.Instance;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the processes of the job use of graphics processors. From the first that is seen to use one
 * on, none is 0; before, that none is seen may be because the driver does not tell, as in a
 * container. Used by one thread at a time.
 */
final class JobGpus {
  /** No host has more. */
  private static final int MOST = 64;

  private final NvidiaMonitor monitor;
  private final List<Member> users = new ArrayList<>();
  private final GpuUse all = new GpuUse();
  private final Map<String, Gpu> gpus = new LinkedHashMap<>();
  private NvidiaMonitor.Usage usage;
  private boolean ever;

  /** What the job uses of one. */
  private static final class Gpu {
    private final GpuUse use = new GpuUse();
    private final Series memory;
    private final Series busy;

    Gpu(String name) {
      Instance instance = Instance.of("gpu", name);
      memory = new Series(Value.GPU_MEMORY.metric, instance);
      busy = new Series(Value.GPU_BUSY.metric, instance);
    }
  }

  JobGpus(NvidiaMonitor monitor) {
    this.monitor = monitor;
  }

  /** Tells members what they use; before values are taken of them. */
  void take(JobTree tree) {
    for (int i = 0; i < users.size(); i++) {
      users.get(i).gpu.clear();
    }
    users.clear();
    all.clear();
    gpus.values().forEach(gpu -> gpu.use.clear());
    usage = monitor.latest();
    List<NvidiaMonitor.Use> uses = usage.uses();
    for (int i = 0; i < uses.size(); i++) {
      NvidiaMonitor.Use use = uses.get(i);
      Member member = tree.member(use.pid());
      if (member != null && !member.ended()) {
        add(member, use);
      }
    }
  }

  private void add(Member member, NvidiaMonitor.Use use) {
    ever = true;
    if (member.gpu == null) {
      member.gpu = new GpuUse();
    }
    if (!member.gpu.isPresent()) {
      users.add(member);
    }
    member.gpu.add(use);
    all.add(use);
    if (gpus.size() < MOST || gpus.containsKey(use.gpu())) {
      gpus.computeIfAbsent(use.gpu(), Gpu::new).use.add(use);
    }
  }

  /** A sum that lacks a part is none; none that is used is 0. */
  void addTo(Totals totals) {
    if (!all.memoryKnown()) {
      totals.forget(Value.GPU_MEMORY);
    }
    if (!all.busyKnown()) {
      totals.forget(Value.GPU_BUSY);
    }
    if (ever && usage.told() && !all.isPresent()) {
      totals.tree().set(Value.GPU_MEMORY, 0);
      if (usage.busy()) {
        totals.tree().set(Value.GPU_BUSY, 0);
      }
    }
  }

  /** Tells of each graphics processor that is used. */
  void emit(Readings into) {
    for (Gpu gpu : gpus.values()) {
      if (gpu.use.isPresent() && gpu.use.memoryKnown()) {
        into.gauge(gpu.memory, gpu.use.memory());
      }
      if (gpu.use.isPresent() && gpu.use.busyKnown()) {
        into.gauge(gpu.busy, gpu.use.percent());
      }
    }
    if (!usage.lack().isEmpty() && (ever || !usage.told())) {
      into.lacks(usage.lack());
    }
  }

  void close() {
    monitor.close();
  }
}
