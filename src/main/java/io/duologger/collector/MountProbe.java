package io.duologger.collector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Asks one mount how full it is; never twice at a time. Used by one thread at a time. */
final class MountProbe {
  private final Probe<Answered> probe;
  private boolean late;

  private record Answered(FileSystemUsage usage, Duration took) {}

  /**
   * What came of a question: just one of the first and the last two.
   *
   * @param usage the answer
   * @param took how long that took; zero if there is none
   * @param refusal why there is no answer and will be none
   * @param stuck for how long an answer has been missing
   */
  record Outcome(
      Optional<FileSystemUsage> usage,
      Duration took,
      Optional<IOException> refusal,
      Optional<Duration> stuck) {}

  /**
   * @param question what is asked
   * @param path the mount point on {@code surroundings}' host
   */
  MountProbe(Surroundings surroundings, FileSystemUsage.Question question, byte[] path) {
    byte[] whole = below(surroundings.root().root().toString(), path);
    probe =
        new Probe<>(
            surroundings,
            () -> {
              long begun = surroundings.clock().monotonicNanos();
              FileSystemUsage usage = question.of(whole);
              long took = surroundings.clock().monotonicNanos() - begun;
              return new Answered(usage, Duration.ofNanos(took));
            });
  }

  private static byte[] below(String root, byte[] path) {
    if (root.equals("/")) {
      return path.clone();
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(root.getBytes(StandardCharsets.UTF_8));
    whole.writeBytes(path);
    return whole.toByteArray();
  }

  /** Asks, unless the last question still has no answer. Returns at once. */
  void ask() {
    late = isStuck();
    probe.ask();
  }

  /** What came of it. Waits for one that was asked just now, at most {@code patience}. */
  Outcome outcome(Duration patience) throws IOException {
    try {
      Optional<Answered> answer = probe.answer(late ? Duration.ZERO : patience);
      return new Outcome(
          answer.map(Answered::usage),
          answer.map(Answered::took).orElse(Duration.ZERO),
          Optional.empty(),
          probe.stuck());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException refusal) {
        return new Outcome(Optional.empty(), Duration.ZERO, Optional.of(refusal), Optional.empty());
      }
      throw new IOException("cannot ask a mount: " + failed.getCause(), failed);
    }
  }

  /** Why there is no answer, and what it needs. */
  static String words(IOException refusal) {
    String why = String.valueOf(refusal.getMessage());
    return isDenied(refusal) ? why + ", needs root (CAP_DAC_READ_SEARCH)" : why;
  }

  /** Whether it is for want of a permission that there is no answer. */
  static boolean isDenied(IOException refusal) {
    return refusal instanceof SystemCallException call
        && call.number() == SystemCallException.EACCES;
  }

  /** Whether a question has no answer yet. One that comes now only says that the mount works. */
  boolean isStuck() {
    if (probe.stuck().isPresent()) {
      try {
        return probe.answer(Duration.ZERO).isEmpty();
      } catch (ExecutionException refused) {
        return false;
      }
    }
    return false;
  }
}
