package io.duologger.collector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of some probes of one host.
 *
 * @param sent how many there were
 * @param received how many of them were answered, no one twice
 * @param rtts the round-trip times of the answers, in seconds
 * @param failure why there is no answer, if there is none
 */
record PingAnswer(int sent, int received, List<Double> rtts, Optional<String> failure) {
  static final String SILENCE = "no reply";

  /** Transmitted and received; what is said of errors and duplicates stands behind them. */
  private static final Pattern SUMMARY =
      Pattern.compile("([0-9]{1,9}) [^,]*, ([0-9]{1,9}) [^,]*,.*%.*");

  /** The end of an answer's line in any language; after it is only said what is odd about it. */
  private static final Pattern TIME =
      Pattern.compile(".*[rs]eq=[0-9]+ .*[=<] ?([0-9]{1,9}(?:[.,][0-9]{1,9})?) ?ms\\b.*");

  private static final Pattern ERROR =
      Pattern.compile("(?:From|[0-9]+ bytes from) ([^ ]+?):? (?:icmp_seq=[0-9]+ )?([A-Z].*)");

  private static final Pattern NO_WAY = Pattern.compile("unreachable|[Nn]o route to host");

  /** No line of a ping program is longer; matching takes time that grows with the square. */
  private static final int LONGEST = 500;

  private static final String DUPLICATE = "DUP!";

  /** Makes seconds of milliseconds without rounding. */
  private static final String MILLIS = "e-3";

  /** Copies the list. */
  PingAnswer {
    rtts = List.copyOf(rtts);
  }

  /**
   * Reads what a ping program printed: that of iputils, of inetutils or of busybox.
   *
   * @param count how many probes it was told to send
   * @throws IOException if it did not say that it sent any
   */
  static PingAnswer parse(Program.Result result, int count) throws IOException {
    List<Double> rtts = new ArrayList<>();
    Optional<String> error = Optional.empty();
    for (String line : result.text().lines().filter(each -> each.length() <= LONGEST).toList()) {
      Matcher time = TIME.matcher(line);
      Matcher refusal = ERROR.matcher(line);
      Matcher summary = SUMMARY.matcher(line);
      if (time.matches()) {
        if (!line.contains(DUPLICATE)) {
          rtts.add(Double.parseDouble(time.group(1).replace(',', '.') + MILLIS));
        }
      } else if (summary.matches()) {
        return summed(
            Integer.parseInt(summary.group(1)),
            Integer.parseInt(summary.group(2)),
            count,
            rtts,
            error.orElse(SILENCE));
      } else if (refusal.matches()) {
        error = Optional.of("from " + refusal.group(1) + ": " + refusal.group(2));
      }
    }
    String complaint = result.complaint();
    if (NO_WAY.matcher(complaint).find()) {
      return new PingAnswer(count, 0, List.of(), Optional.of(complaint));
    }
    throw new IOException(
        complaint.isEmpty() || result.status() == 0 ? "the program says no result" : complaint);
  }

  private static PingAnswer summed(
      int sent, int received, int count, List<Double> rtts, String error) throws IOException {
    if (sent > count || received > sent || rtts.size() > received) {
      throw new IOException(
          "the program was to send %d and says %d sent, %d received, %d times"
              .formatted(count, sent, received, rtts.size()));
    }
    return new PingAnswer(
        sent, received, rtts, received == 0 ? Optional.of(error) : Optional.empty());
  }
}
