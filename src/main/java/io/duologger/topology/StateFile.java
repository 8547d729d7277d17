package io.duologger.topology;

import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Layout;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.Modules;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Sampled;
import io.duologger.procfs.OwnProcess;
import io.duologger.stream.LastRun;
import io.duologger.stream.SampleRecorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The counters that a run leaves for the next, in a file that is replaced as a whole. They hold as
 * long as the host is not booted anew, since the monotonic clock and the counters begin anew then;
 * a file of another boot, or one that is damaged, is as good as none.
 *
 * <p>The file: {@link #MAGIC}, the boot's id, the end of the run, then for each module when it was
 * read and the raw values of its counters and ratios, as {@link StateBytes}. Not safe for use by
 * several threads.
 */
final class StateFile implements LastRun, Consumer<StreamEvent> {
  private static final String MAGIC = "duologger state 2";
  private static final int LARGEST = 64 << 20;

  /** In place of the number of an instance's labels: it is that of the series before. */
  private static final int SAME_INSTANCE = -1;

  private final Path file;
  private final String boot;
  private final Modules catalogue;
  private final Map<String, Sample> samples = new LinkedHashMap<>();
  private OptionalLong lastEnd = OptionalLong.empty();
  private long end;

  private StateFile(Path file, String boot, Modules catalogue) {
    this.file = file;
    this.boot = boot;
    this.catalogue = catalogue;
  }

  /**
   * What {@code file} holds, if it can be used.
   *
   * @param boot the id of the running boot, from /proc/sys/kernel/random/boot_id
   * @param catalogue where metrics are found
   * @param now monotonic nanoseconds
   */
  static StateFile open(Path file, String boot, Modules catalogue, long now) {
    StateFile state = new StateFile(file, boot, catalogue);
    try {
      state.read(now);
    } catch (NoSuchFileException first) {
      return state;
    } catch (IOException unusable) {
      Diagnostics.LOG.warn(
          "{}: cannot use what the last run left, so there are no rates this time: {}",
          file,
          unusable.getMessage());
      state.samples.clear();
      state.lastEnd = OptionalLong.empty();
    }
    return state;
  }

  @Override
  public OptionalLong end() {
    return lastEnd;
  }

  @Override
  public Sample last(Source source) {
    Sample kept = samples.get(source.name());
    return kept == null ? new Sample(0, 0, 0, Layout.EMPTY, new long[0], new String[0]) : kept;
  }

  /** Remembers what is read, for {@link #save}. */
  @Override
  public void accept(StreamEvent event) {
    if (event instanceof Sampled sampled && !sampled.priming()) {
      samples.put(sampled.source().name(), sampled.sample().copy());
    } else if (event instanceof Boundary boundary) {
      end = boundary.end();
    }
  }

  /**
   * Replaces the file.
   *
   * @throws IOException if that fails; the old file is still there then
   */
  void save() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path fresh = folder.resolve("." + file.getFileName() + "." + OwnProcess.id());
    try {
      // Nobody waits for the disk: what a crash of the host may lose is of no use to the next boot.
      try (FileChannel channel = create(fresh)) {
        ByteBuffer bytes = toBytes();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      IOException told =
          new IOException("cannot keep the counters in " + file + ": " + reason(failed), failed);
      try {
        Files.deleteIfExists(fresh);
      } catch (IOException left) {
        told.addSuppressed(left);
      }
      throw told;
    }
  }

  /** Creates a file, if need be its folder first, or in place of what a killed run has left. */
  private static FileChannel create(Path fresh) throws IOException {
    try {
      return openNew(fresh);
    } catch (NoSuchFileException first) {
      Files.createDirectories(fresh.getParent());
    } catch (FileAlreadyExistsException left) {
      Files.delete(fresh);
    }
    return openNew(fresh);
  }

  private static FileChannel openNew(Path fresh) throws IOException {
    return FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static String reason(IOException failed) {
    String name = failed.getClass().getSimpleName().replaceAll("Exception$", "");
    return failed instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : name + " " + failed.getMessage();
  }

  private ByteBuffer toBytes() {
    StateBytes out = new StateBytes();
    out.put(MAGIC);
    out.put(boot);
    out.put(end);
    out.put(samples.size());
    for (Map.Entry<String, Sample> entry : samples.entrySet()) {
      out.put(entry.getKey());
      write(entry.getValue(), out);
    }
    return out.complete();
  }

  private static void write(Sample sample, StateBytes out) {
    Layout layout = sample.layout();
    out.put(sample.started());
    out.put(sample.finished());
    int count = 0;
    for (int i = 0; i < layout.count(); i++) {
      count += isCounted(layout.series(i).metric().kind()) ? 1 : 0;
    }
    out.put(count);
    Instance before = null;
    for (int i = 0; i < layout.count(); i++) {
      Series series = layout.series(i);
      if (!isCounted(series.metric().kind())) {
        continue;
      }
      out.put(series.metric().name());
      if (series.instance().equals(before)) {
        out.put(SAME_INSTANCE);
      } else {
        before = series.instance();
        write(before, out);
      }
      out.put(layout.wide(i) ? 1 : 0);
      out.put(sample.values()[layout.slot(i)]);
      if (layout.wide(i)) {
        out.put(sample.values()[layout.slot(i) + 1]);
      }
    }
  }

  private static void write(Instance instance, StateBytes out) {
    Map<String, String> labels = instance.labels();
    out.put(labels.size());
    for (Map.Entry<String, String> label : labels.entrySet()) {
      out.put(label.getKey());
      out.put(label.getValue());
    }
  }

  private static boolean isCounted(Kind kind) {
    return kind == Kind.COUNTER || kind == Kind.RATIO;
  }

  private void read(long now) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException("larger than " + LARGEST + " bytes");
    }
    try {
      read(new StateBytes(Files.readAllBytes(file)), now);
    } catch (IllegalArgumentException damaged) {
      throw new IOException("it is damaged", damaged);
    }
  }

  private void read(StateBytes in, long now) throws IOException {
    if (!in.text().equals(MAGIC)) {
      throw new IOException("it is of another version");
    }
    if (!in.text().equals(boot)) {
      return;
    }
    long left = in.number();
    if (left < 0 || left >= now) {
      throw new IOException("it is not from the past");
    }
    lastEnd = OptionalLong.of(left);
    for (int modules = in.count(); modules > 0; modules--) {
      String module = in.text();
      samples.put(module, sample(metrics(module), in));
    }
  }

  private Map<String, Metric> metrics(String module) {
    Map<String, Metric> byName = new HashMap<>();
    Optional<ModuleDescriptor> descriptor = catalogue.find(module);
    if (descriptor.isPresent()) {
      for (Metric metric : descriptor.get().metrics()) {
        byName.put(metric.name(), metric);
      }
    }
    return byName;
  }

  private static Sample sample(Map<String, Metric> metrics, StateBytes in) throws IOException {
    SampleRecorder recorder = new SampleRecorder();
    recorder.begin();
    long started = in.number();
    long finished = in.number();
    Instance instance = Instance.HOST;
    for (int count = in.count(); count > 0; count--) {
      Metric metric = metrics.get(in.text());
      long labels = in.number();
      instance = labels == SAME_INSTANCE ? instance : instance(labels, in);
      boolean wide = in.number() != 0;
      long value = in.number();
      long second = wide ? in.number() : 0;
      if (metric != null) {
        put(recorder, new Series(metric, instance), wide, value, second);
      }
    }
    return recorder.end(finished, started, finished);
  }

  private static Instance instance(long labelCount, StateBytes in) throws IOException {
    Map<String, String> labels = new LinkedHashMap<>();
    for (long n = labelCount; n > 0; n--) {
      labels.put(in.text(), in.text());
    }
    return new Instance(labels);
  }

  private static void put(
      SampleRecorder recorder, Series series, boolean wide, long value, long second) {
    if (series.metric().kind() == Kind.RATIO && wide) {
      recorder.ratio(series, value, second);
    } else if (series.metric().kind() == Kind.COUNTER && wide) {
      recorder.counter(series, value, Double.longBitsToDouble(second));
    } else if (series.metric().kind() == Kind.COUNTER) {
      recorder.counter(series, value);
    }
  }
}
