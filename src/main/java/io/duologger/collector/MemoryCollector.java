package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.PageSize;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures how memory and swap space are used, and paging.
 *
 * <ul>
 *   <li>Source: /proc/meminfo (KiB by name), /proc/vmstat (pages and events by name), the page size
 *       of /proc/self/auxv
 *   <li>Unit: bytes, bytes per second, events per second; huge pages as numbers
 *   <li>Kind: gauges of meminfo, counters of vmstat
 *   <li>Since kernel: 2.6; MemAvailable since 3.14, oom_kill since 4.13; a field that the kernel
 *       lacks is absent, only MemTotal and MemFree must be there
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 */
public final class MemoryCollector implements Collector {
  /** A line of /proc/meminfo and what it becomes. */
  private record Field(String key, Metric metric) {}

  private static final int TOTAL = 0;
  private static final int FREE = 1;
  private static final int AVAILABLE = 2;

  private static final List<Field> MEMINFO =
      List.of(
          bytes("MemTotal", "total_bytes", "Memory that the kernel manages."),
          bytes("MemFree", "free_bytes", "Memory that nothing uses."),
          bytes("MemAvailable", "available_bytes", "What programs could get without swapping."),
          bytes("Buffers", "buffers_bytes", "Cache of block devices."),
          bytes("Cached", "cached_bytes", "Page cache, with shared memory, without swap cache."),
          bytes("SwapCached", "swap_cached_bytes", "Memory that is in swap space as well."),
          bytes("SwapTotal", "swap_total_bytes", "Swap space."),
          bytes("SwapFree", "swap_free_bytes", "Swap space that nothing uses."),
          bytes("Dirty", "dirty_bytes", "Cache that waits to be written."),
          bytes("Writeback", "writeback_bytes", "Cache that is being written."),
          bytes("AnonPages", "anon_bytes", "Anonymous memory of programs."),
          bytes("Mapped", "mapped_bytes", "Files mapped into programs."),
          bytes("Shmem", "shmem_bytes", "Shared memory and tmpfs."),
          bytes("Slab", "slab_bytes", "The kernel's own structures."),
          bytes("SReclaimable", "slab_reclaimable_bytes", "The part of slab that can shrink."),
          bytes("PageTables", "page_tables_bytes", "Page tables."),
          bytes("CommitLimit", "commit_limit_bytes", "Memory that may be promised."),
          bytes("Committed_AS", "committed_bytes", "Memory that has been promised."),
          bytes("VmallocTotal", "vmalloc_total_bytes", "Address space for vmalloc."),
          bytes("VmallocUsed", "vmalloc_used_bytes", "Address space in use by vmalloc."),
          bytes("AnonHugePages", "anon_huge_pages_bytes", "Anonymous memory in huge pages."),
          count("HugePages_Total", "huge_pages_total", "Reserved huge pages."),
          count("HugePages_Free", "huge_pages_free", "Reserved huge pages not in use."),
          bytes("Hugepagesize", "huge_page_size_bytes", "The default size of a huge page."));

  private static final int SWAP_TOTAL = 6;
  private static final int SWAP_FREE = 7;
  private static final byte[] KIB = ByteScanner.key("kB");

  private static final Metric USED =
      Metric.gauge("used_bytes", Unit.BYTES, "Total less available memory.");
  private static final Metric USED_WITH_CACHE =
      Metric.gauge("used_with_cache_bytes", Unit.BYTES, "Total less free memory.");
  private static final Metric SWAP_USED =
      Metric.gauge("swap_used_bytes", Unit.BYTES, "Swap space in use.");

  private static final List<Field> VMSTAT =
      List.of(
          event("pswpin", "swap_in_bytes_per_second", Unit.BYTES_PER_SECOND, "Swapped in."),
          event("pswpout", "swap_out_bytes_per_second", Unit.BYTES_PER_SECOND, "Swapped out."),
          event("pgfault", "page_faults_per_second", Unit.PER_SECOND, "Page faults of all kinds."),
          event("pgmajfault", "major_faults_per_second", Unit.PER_SECOND, "Faults that read."),
          event("oom_kill", "oom_kills_per_second", Unit.PER_SECOND, "Out-of-memory kills."));

  /** A line of /proc/vmstat, a name and a number, is shorter. */
  private static final int LONGEST_EVENT = 128;

  /** The entries of {@link #VMSTAT} up to here count pages. */
  private static final int PAGES = 2;

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "memory",
          "memory, swap space and paging",
          Optional.empty(),
          metrics(),
          List.of("/proc/meminfo", "/proc/vmstat"),
          "",
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          List.of());

  private final HostRoot root;
  private final ProcFile meminfo;
  private final ProcFile vmstat;
  private final Values memory = Values.ofMeminfo();
  private final Values events = Values.ofVmstat();
  private final Series used = new Series(USED, Instance.HOST);
  private final Series usedWithCache = new Series(USED_WITH_CACHE, Instance.HOST);
  private final Series swapUsed = new Series(SWAP_USED, Instance.HOST);

  /** 0 until it is known. */
  private int pageSize;

  /** What one read of a file says: one value a field, if it was there. */
  static final class Values {
    private final LineKeys keys;
    private final Series[] series;
    private final boolean[] present;
    private final long[] raw;

    private Values(char delimiter, List<Field> fields) {
      List<String> names = new ArrayList<>();
      series = new Series[fields.size()];
      for (int i = 0; i < series.length; i++) {
        names.add(fields.get(i).key());
        series[i] = new Series(fields.get(i).metric(), Instance.HOST);
      }
      keys = new LineKeys(delimiter, names);
      present = new boolean[series.length];
      raw = new long[series.length];
    }

    /** The fields of /proc/meminfo. */
    static Values ofMeminfo() {
      return new Values(':', MEMINFO);
    }

    /** The fields of /proc/vmstat. */
    static Values ofVmstat() {
      return new Values(' ', VMSTAT);
    }

    private boolean both(int a, int b) {
      return present[a] && present[b];
    }

    private double difference(int a, int b) {
      return (double) (raw[a] - raw[b]);
    }
  }

  /** Reads the host {@code root}. */
  public MemoryCollector(HostRoot root, ModuleSettings settings) {
    this.root = root;
    meminfo = ProcFile.ofOneRecord(root.proc().resolve("meminfo"));
    vmstat = ProcFile.ofShortRecords(root.proc().resolve("vmstat"), LONGEST_EVENT);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    parseMeminfo(Sources.read(meminfo), memory);
    boolean paging = vmstat.exists();
    if (paging) {
      parseVmstat(vmstat.read(), events);
    }
    if (pageSize == 0) {
      pageSize = PageSize.of(root);
    }
    emitMemory(into);
    if (paging) {
      emitEvents(into);
    }
  }

  private void emitMemory(Readings into) {
    for (int i = 0; i < memory.series.length; i++) {
      if (memory.present[i]) {
        into.gauge(memory.series[i], memory.raw[i]);
      }
    }
    if (memory.both(TOTAL, AVAILABLE)) {
      into.gauge(used, memory.difference(TOTAL, AVAILABLE));
    }
    into.gauge(usedWithCache, memory.difference(TOTAL, FREE));
    if (memory.both(SWAP_TOTAL, SWAP_FREE)) {
      into.gauge(swapUsed, memory.difference(SWAP_TOTAL, SWAP_FREE));
    }
  }

  private void emitEvents(Readings into) {
    for (int i = 0; i < events.series.length; i++) {
      if (events.present[i]) {
        into.counter(events.series[i], i < PAGES ? events.raw[i] * pageSize : events.raw[i]);
      }
    }
  }

  /** Lines "Key: value kB", or without unit where it is a number of huge pages. */
  static void parseMeminfo(ByteScanner in, Values into) throws IOException {
    Arrays.fill(into.present, false);
    for (int field = in.nextLineOf(into.keys); field >= 0; field = in.nextLineOf(into.keys)) {
      Field is = MEMINFO.get(field);
      long value = in.nextUnsigned(is.key());
      into.raw[field] = is.metric().unit() == Unit.BYTES ? bytes(in, value) : value;
      into.present[field] = true;
    }
    if (!into.both(TOTAL, FREE)) {
      throw in.malformed("no MemTotal or no MemFree up to here");
    }
  }

  private static long bytes(ByteScanner in, long kib) throws IOException {
    if (!in.nextToken() || !in.tokenIs(KIB)) {
      throw in.malformed("missing kB");
    }
    if (kib < 0 || kib > Long.MAX_VALUE / 1024) {
      throw in.malformed("implausibly large");
    }
    return kib * 1024;
  }

  /** Lines "key value". */
  static void parseVmstat(ByteScanner in, Values into) throws IOException {
    Arrays.fill(into.present, false);
    for (int field = in.nextLineOf(into.keys); field >= 0; field = in.nextLineOf(into.keys)) {
      into.raw[field] = in.nextUnsigned(VMSTAT.get(field).key());
      into.present[field] = true;
    }
  }

  @Override
  public void close() throws IOException {
    try (vmstat) {
      meminfo.close();
    }
  }

  private static Field bytes(String key, String name, String help) {
    return new Field(key, Metric.gauge(name, Unit.BYTES, help));
  }

  private static Field count(String key, String name, String help) {
    return new Field(key, Metric.gauge(name, Unit.COUNT, help));
  }

  private static Field event(String key, String name, Unit unit, String help) {
    return new Field(key, Metric.counter(name, unit, help));
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    for (Field field : MEMINFO) {
      all.add(field.metric());
    }
    all.addAll(List.of(USED, USED_WITH_CACHE, SWAP_USED));
    for (Field field : VMSTAT) {
      all.add(field.metric());
    }
    return all;
  }
}
