package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.collector.Collectors;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.config.Form;
import io.duologger.format.Complexes;
import io.duologger.model.Layout;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Series;
import io.duologger.stream.SampleRecorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a topology would measure on a host, found by reading each module once. */
public final class Survey {
  private Survey() {}

  /**
   * What Grid Engine has to know of the values in the load reports of a topology: lines for {@code
   * qconf -mc}. Modules that the host does not have are left out.
   *
   * @throws IOException if a module can't be read
   */
  public static String complexes(Topology topology, Surroundings host) throws IOException {
    List<Complexes.Of> modules = new ArrayList<>();
    for (ModuleSpec spec : topology.schedule().modules()) {
      modules.add(new Complexes.Of(spec.name(), spec.stats(), readings(spec, host)));
    }
    boolean oldNames =
        topology.outputs().stream()
            .anyMatch(o -> o.form() instanceof Form.GridEngine form && form.oldNames());
    return Complexes.text(modules, oldNames);
  }

  private static List<Complexes.Reading> readings(ModuleSpec spec, Surroundings host)
      throws IOException {
    List<Complexes.Reading> readings = new ArrayList<>();
    Layout layout = read(spec, host);
    for (int i = 0; i < layout.count(); i++) {
      Series series = layout.series(i);
      if (spec.series().matches(series.metric().name())) {
        readings.add(new Complexes.Reading(series, layout.wide(i)));
      }
    }
    return readings;
  }

  private static Layout read(ModuleSpec spec, Surroundings host) throws IOException {
    SampleRecorder recorder = new SampleRecorder();
    recorder.begin();
    try (Collector collector =
        Collectors.find(spec.name()).orElseThrow().factory().create(host, spec.settings())) {
      collector.collect(recorder);
    } catch (SourceAbsentException notHere) {
      return Layout.EMPTY;
    }
    return recorder.end(0, 0, 0).layout();
  }
}
