package io.duologger.format;

import io.duologger.model.Stat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** The keys of the Perl tools that are sums over network interfaces, and those of each. */
final class OldNet {
  /** A key that is a sum over the interfaces. */
  private record Sum(String name, List<String> metrics) {
    Sum(String name, String... metrics) {
      this(name, List.of(metrics));
    }
  }

  private static final double GIGABITS = 8 / 1e9;

  private static final List<Sum> BYTES =
      List.of(
          new Sum("bytes_in", "rx_bytes_per_second"), new Sum("bytes_out", "tx_bytes_per_second"));

  private static final List<Sum> PACKETS =
      List.of(
          new Sum("packets_in", "rx_packets_per_second"),
          new Sum("packets_out", "tx_packets_per_second"));

  /** The columns errs, drop, fifo and frame or colls of /proc/net/dev. */
  private static final List<Sum> PACKET_ERRORS =
      List.of(
          new Sum(
              "packeterrs_in",
              "rx_errors_per_second",
              "rx_drops_per_second",
              "rx_fifo_errors_per_second",
              "rx_frame_errors_per_second"),
          new Sum(
              "packeterrs_out",
              "tx_errors_per_second",
              "tx_drops_per_second",
              "tx_fifo_errors_per_second",
              "tx_collisions_per_second"));

  private OldNet() {}

  /** Tells the values of the module. */
  static void add(OldModule module) {
    BYTES.forEach(sum -> sum(module, sum));
    PACKETS.forEach(sum -> sum(module, sum));
    PACKET_ERRORS.forEach(sum -> sum(module, sum));
    for (Sum sum : BYTES) {
      module.tell(
          sum.name() + "_max1m",
          NumberForm.RATE,
          module.each(sum.metrics().get(0)).values().stream()
              .flatMapToDouble(rate -> OldModule.statistic(rate, Stat.MAX).stream())
              .max());
    }
    module.tell(
        "num_eth",
        NumberForm.PLAIN,
        module.host("devices").map(OldModule::settled).orElse(OptionalDouble.empty()));
    module.tell(
        "eth_speed",
        NumberForm.PLAIN,
        module.each("speed_bytes_per_second").values().stream()
            .flatMapToDouble(speed -> OldModule.settled(speed).stream())
            .map(speed -> speed * GIGABITS)
            .max());
    BYTES.forEach(sum -> interfaces(module, sum, Set.of(Stat.MEAN, Stat.VALUE, Stat.MAX)));
    PACKETS.forEach(sum -> interfaces(module, sum, Set.of(Stat.MEAN, Stat.VALUE)));
  }

  /** The means of the interfaces that have all that is summed. */
  private static void sum(OldModule module, Sum sum) {
    module.tell(
        sum.name(),
        NumberForm.RATE,
        module.interfaces().stream()
            .filter(own -> own.keySet().containsAll(sum.metrics()))
            .map(
                own ->
                    sum.metrics().stream().map(metric -> OldModule.mean(own.get(metric))).toList())
            .filter(means -> means.stream().allMatch(OptionalDouble::isPresent))
            .map(means -> means.stream().mapToDouble(OptionalDouble::getAsDouble).sum())
            .reduce(Double::sum)
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()));
  }

  /** The statistics of each interface but those of {@code summed}. */
  private static void interfaces(OldModule module, Sum sum, Set<Stat> summed) {
    module
        .each(sum.metrics().get(0))
        .forEach(
            (instance, rate) -> {
              for (int i = 0; i < rate.values().length; i++) {
                Stat stat = rate.stats().get(i);
                if (!summed.contains(stat)) {
                  module.tell(instance, sum.name(), stat, rate.values()[i], NumberForm.RATE);
                }
              }
            });
  }
}
