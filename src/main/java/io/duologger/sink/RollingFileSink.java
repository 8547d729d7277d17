package io.duologger.sink;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import io.duologger.format.Format;
import io.duologger.model.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Appends reports to a file that it rotates itself, by size and at the end of each day (UTC):
 * {@code duologger.log} becomes {@code duologger.log.2026-11-23.0} and so on, with {@code .gz} if
 * compressed. The file's directory must exist, and no one else may write to or rotate the file.
 *
 * <p>Rotation is logback's; its errors, which logback itself only notes, fail the write in which
 * they happen. Whether the report itself was written, the message says. One that was written in
 * part is taken back.
 *
 * <p>Used by one thread at a time, on which it also compresses and removes old files: a write that
 * rotates takes as long as that does. It touches the file system in {@link #write} and {@link
 * #close} only.
 */
public final class RollingFileSink implements Sink {
  /** Other characters have a meaning in logback's patterns. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._@-]+");

  private final Format format;
  private final Path path;
  private final Rotation rotation;
  private Optional<Run> run = Optional.empty();

  /**
   * When the file rotates and what is kept.
   *
   * @param maxSize a report that finds so many bytes in the file begins a new one
   * @param maxDays files of so many days before today are kept; 0 for all
   * @param maxTotal so many bytes of old files are kept at most; 0 for all; needs {@code maxDays}
   * @param compress whether old files are compressed with gzip
   */
  public record Rotation(long maxSize, int maxDays, long maxTotal, boolean compress) {
    /** Checks the numbers. */
    public Rotation {
      if (maxSize < 1 || maxDays < 0 || maxTotal < 0) {
        throw new IllegalArgumentException(
            "the size to rotate at must be above 0, the limits of old files at least 0");
      }
      if (maxTotal > 0 && maxDays == 0) {
        throw new IllegalArgumentException(
            "a limit to the size of old files needs one to their age");
      }
    }
  }

  /**
   * Appends to {@code path}, which is created if it does not exist.
   *
   * @throws IllegalArgumentException if logback could not rotate a file of that name: the name may
   *     have letters, digits and {@code . _ @ -}, the directories anything but {@code %} and
   *     backslashes
   */
  public RollingFileSink(Format format, Path path, Rotation rotation) {
    this.format = format;
    this.path = path.toAbsolutePath();
    this.rotation = rotation;
    String whole = this.path.toString();
    Path name = this.path.getFileName();
    if (name == null
        || !FILE_NAME.matcher(name.toString()).matches()
        || whole.indexOf('%') >= 0
        || whole.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("not the name of a file that can be rotated: " + path);
    }
  }

  @Override
  public void write(Report report) throws IOException {
    byte[] bytes = format.bytes(report);
    Run current = current();
    current.append(bytes);
    List<Status> troubles = current.takeTroubles();
    if (current.wrote(bytes.length)) {
      if (!troubles.isEmpty()) {
        throw failure("the report is written, but there was trouble with rotating ", troubles);
      }
      return;
    }
    close();
    troubles.addAll(current.takeTroubles());
    IOException failure = failure("cannot write ", troubles);
    try {
      current.takeBack();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  @Override
  public void close() throws IOException {
    if (run.isPresent()) {
      Run last = run.get();
      run = Optional.empty();
      last.stop();
    }
  }

  /** The run under way, or a new one if the file has gone. */
  private Run current() throws IOException {
    if (run.isPresent() && Files.exists(path)) {
      return run.get();
    }
    close();
    try {
      Failures.requireDirectory(path);
    } catch (IOException e) {
      throw Failures.of("open", path, e);
    }
    Run fresh = new Run(path, rotation);
    List<Status> troubles = fresh.takeTroubles();
    if (!fresh.started()) {
      fresh.stop();
      throw failure("cannot open ", troubles);
    }
    run = Optional.of(fresh);
    return fresh;
  }

  private IOException failure(String what, List<Status> troubles) {
    StringBuilder message = new StringBuilder(what).append(path);
    String separator = ": ";
    List<Throwable> causes = new ArrayList<>();
    for (Status trouble : troubles) {
      message.append(separator).append(trouble.getMessage());
      separator = "; ";
      if (trouble.getThrowable() != null) {
        message.append(" (").append(trouble.getThrowable().getMessage()).append(')');
        causes.add(trouble.getThrowable());
      }
    }
    IOException failure = new IOException(message.toString());
    causes.forEach(failure::addSuppressed);
    return failure;
  }

  /** An appender from its start to its first failure. */
  private static final class Run {
    private final Path path;
    private final List<Status> troubles = new ArrayList<>();
    private final ContextBase context = new DirectContext();
    private final RollingFileAppender<byte[]> appender = new RollingFileAppender<>();
    private long before = -1;

    Run(Path path, Rotation rotation) {
      this.path = path;
      context.getStatusManager().add(this::note);
      PassThrough encoder = new PassThrough();
      appender.setContext(context);
      appender.setName(path.toString());
      appender.setFile(path.toString());
      appender.setEncoder(encoder);
      CarefulPolicy policy = new CarefulPolicy(path, rotation);
      policy.setContext(context);
      policy.setParent(appender);
      policy.setFileNamePattern(
          path + ".%d{yyyy-MM-dd, UTC}.%i" + (rotation.compress() ? ".gz" : ""));
      policy.setMaxFileSize(new FileSize(rotation.maxSize()));
      if (rotation.maxDays() > 0) {
        policy.setMaxHistory(rotation.maxDays());
        policy.setTotalSizeCap(new FileSize(rotation.maxTotal()));
      }
      policy.start();
      appender.setRollingPolicy(policy);
      encoder.start();
      appender.start();
    }

    boolean started() {
      return appender.isStarted();
    }

    void append(byte[] bytes) {
      before = -1;
      appender.doAppend(bytes);
    }

    /** Whether the last report is in the file. */
    boolean wrote(int length) {
      return before >= 0 && size() == before + length;
    }

    /** Cuts the file to what it was before the last report. */
    void takeBack() throws IOException {
      if (before >= 0 && size() > before) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.truncate(before);
        }
      }
    }

    List<Status> takeTroubles() {
      List<Status> taken = new ArrayList<>(troubles);
      troubles.clear();
      return taken;
    }

    void stop() {
      appender.stop();
      context.stop();
    }

    private void note(Status status) {
      if (status.getLevel() >= Status.WARN) {
        troubles.add(status);
      }
    }

    private long size() {
      return path.toFile().length();
    }

    /** Takes reports as they are; it is asked after a rotation and right before the write. */
    private final class PassThrough extends EncoderBase<byte[]> {
      @Override
      public byte[] headerBytes() {
        return new byte[0];
      }

      @Override
      public byte[] encode(byte[] report) {
        before = size();
        return report;
      }

      @Override
      public byte[] footerBytes() {
        return new byte[0];
      }
    }
  }

  /**
   * Logback's rule of when and to which name, with a rotation of our own: logback's removes a file
   * that it could not compress, and lets a new file take the place of an old one.
   */
  private static final class CarefulPolicy extends SizeAndTimeBasedRollingPolicy<byte[]> {
    private static final int CHUNK = 64 * 1024;

    private final Path path;
    private final Rotation rotation;

    CarefulPolicy(Path path, Rotation rotation) {
      this.path = path;
      this.rotation = rotation;
    }

    @Override
    public void rollover() {
      Path old = Path.of(getTimeBasedFileNamingAndTriggeringPolicy().getElapsedPeriodsFileName());
      Path compressed = Path.of(old + ".gz");
      try {
        if (Files.exists(compressed)) {
          throw new FileAlreadyExistsException(compressed.toString());
        }
        Files.move(path, old);
      } catch (IOException e) {
        addError("the file is not renamed to " + old + " and goes on", e);
        throw new RolloverFailure(e.toString(), e);
      }
      if (rotation.compress()) {
        try {
          compress(old, compressed);
        } catch (IOException e) {
          addError(old + " stays uncompressed", e);
        }
      }
      if (rotation.maxDays() > 0) {
        removeOld();
      }
    }

    private void removeOld() {
      var naming = getTimeBasedFileNamingAndTriggeringPolicy();
      Instant today = Instant.ofEpochMilli(naming.getCurrentTime());
      try {
        naming.getArchiveRemover().cleanAsynchronously(today).get();
      } catch (ExecutionException e) {
        addError("old files are not removed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void compress(Path old, Path compressed) throws IOException {
      Path unfinished = Path.of(compressed + ".part");
      try {
        try (InputStream in = Files.newInputStream(old);
            OutputStream file = Files.newOutputStream(unfinished);
            OutputStream out = new GZIPOutputStream(file, CHUNK)) {
          in.transferTo(out);
        }
        Files.move(unfinished, compressed);
      } catch (IOException e) {
        Files.deleteIfExists(unfinished);
        throw e;
      }
      Files.delete(old);
    }
  }

  /** Lets logback remove old files on the calling thread instead of one of its own. */
  private static final class DirectContext extends ContextBase {
    private final ExecutorService executor = new DirectExecutor();

    @Override
    public ExecutorService getAlternateExecutorService() {
      return executor;
    }
  }

  private static final class DirectExecutor extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
