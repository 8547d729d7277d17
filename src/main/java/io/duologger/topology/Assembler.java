package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.collector.Surroundings;
import io.duologger.config.OutputSpec;
import io.duologger.model.Closing;
import io.duologger.model.Source;
import io.duologger.model.StreamEvent;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.OwnProcess;
import io.duologger.stream.Environment;
import io.duologger.stream.Output;
import io.duologger.stream.Recorder;
import io.duologger.window.PercentileBudget;
import io.duologger.window.WindowAccumulator;
import io.reactivex.rxjava3.core.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes a run of a topology. */
public final class Assembler {
  private final Environment environment;
  private final HostRoot host;
  private final Function<String, Scheduler> outputThreads;
  private final Runnable answered;

  /**
   * @param environment time and threads
   * @param host what is read
   * @param outputThreads a scheduler of one thread for the output of the given name
   * @param answered is told when a report is on standard output
   */
  public Assembler(
      Environment environment,
      HostRoot host,
      Function<String, Scheduler> outputThreads,
      Runnable answered) {
    this.environment = environment;
    this.host = host;
    this.outputThreads = outputThreads;
    this.answered = answered;
  }

  /**
   * The run of a topology with its own outputs.
   *
   * @throws IOException if the host's name can't be read
   */
  public Run assemble(Topology topology) throws IOException {
    return assemble(topology, this::collector, outputs(topology));
  }

  /**
   * The run of a topology with its own outputs, which write more than its reports.
   *
   * @param frame what they write, and collectors that are not the catalogue's
   * @throws IOException if the host's name can't be read
   */
  public Run assemble(Topology topology, Frame frame) throws IOException {
    List<Output> outputs = new ArrayList<>();
    String name = name(topology);
    for (Output output : outputs(topology)) {
      outputs.add(output.with(sink -> new FramedSink(sink, frame, name)));
    }
    return assemble(
        topology,
        source -> {
          Optional<Collector> own = frame.collector(source, surroundings());
          return own.isPresent() ? own.get() : collector(source);
        },
        outputs);
  }

  private List<Output> outputs(Topology topology) {
    List<Output> outputs = new ArrayList<>();
    Sinks sinks = new Sinks(environment.clock(), topology);
    for (OutputSpec spec : topology.outputs()) {
      boolean vital =
          spec.isStdout()
              && (topology.outputs().size() == 1 || topology.closing() == Closing.ON_REQUEST);
      String name = Topology.name(spec);
      OutputLog log = new OutputLog(name, vital, spec.isStdout() ? answered : () -> {});
      outputs.add(
          new Output(name, sinks.of(spec, log), spec.queue(), outputThreads.apply(name), log));
    }
    return outputs;
  }

  /**
   * The run of a topology with collectors and outputs that are given.
   *
   * @param collectors makes the collector of a source
   * @param outputs where reports go instead of the topology's own
   * @throws IOException if the host's name can't be read
   */
  public Run assemble(
      Topology topology, Function<Source, Collector> collectors, List<Output> outputs)
      throws IOException {
    String name = name(topology);
    Optional<StateFile> state =
        topology.lastRun().isPresent()
            ? Optional.of(state(topology.lastRun().get()))
            : Optional.empty();
    long heap = Runtime.getRuntime().maxMemory();
    long memory = Math.min(topology.percentileMemory().orElse(heap / 3), heap / 4 * 3);
    OpenCollectors open = new OpenCollectors(collectors, environment.reads());
    Recorder recorder =
        new Recorder(
            environment,
            topology.schedule(),
            topology.length(),
            topology.closing(),
            state.isPresent() ? Optional.of(state.get()) : Optional.empty(),
            open,
            new WindowAccumulator(name, new PercentileBudget(memory), topology.closing()),
            observer(state),
            new ProcessMeter(environment.clock(), new OwnProcess(host), outputs),
            outputs);
    Run run = commands -> recorder.run(commands).doOnTerminate(open::close);
    return state.isEmpty() ? run : commands -> run.run(commands).doOnComplete(state.get()::save);
  }

  private static Consumer<StreamEvent> observer(Optional<StateFile> state) {
    Consumer<StreamEvent> observer = new HealthLog();
    if (System.getProperty(Diagnostics.LEVEL) != null) {
      observer = observer.andThen(new EventLog());
    }
    return state.isPresent() ? observer.andThen(state.get()) : observer;
  }

  private StateFile state(Path file) throws IOException {
    return StateFile.open(
        file, kernel("random/boot_id"), Catalogue.modules(), environment.clock().monotonicNanos());
  }

  private String name(Topology topology) throws IOException {
    return topology.host().isPresent() ? topology.host().get() : hostName(topology);
  }

  private String hostName(Topology topology) throws IOException {
    String name = kernel("hostname");
    int dot = name.indexOf('.');
    return topology.shortHost() && dot > 0 ? name.substring(0, dot) : name;
  }

  private String kernel(String file) throws IOException {
    return Files.readString(host.proc().resolve("sys/kernel").resolve(file), StandardCharsets.UTF_8)
        .strip();
  }

  private Collector collector(Source source) {
    Optional<CollectorType> type = Collectors.find(source.name());
    if (type.isEmpty()) {
      throw new IllegalStateException("no module " + source.name());
    }
    return type.get().factory().create(surroundings(), source.spec().settings());
  }

  private Surroundings surroundings() {
    return new Surroundings(host, environment.clock(), environment.reads());
  }
}
