package io.duologger.sink;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** A file system of a few pages, where root may mount one; elsewhere the test is skipped. */
final class SmallDisk implements AutoCloseable {
  static final int BYTES = 16 * 1024;
  private final Path mountPoint;

  SmallDisk(Path mountPoint) throws IOException, InterruptedException {
    this.mountPoint = mountPoint;
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + BYTES, "duologger-test", mountPoint.toString()),
        "a small file system can't be mounted here");
  }

  /** A file on it. */
  Path file(Path name) {
    return mountPoint.resolve(name.getFileName());
  }

  @Override
  public void close() throws IOException {
    try {
      if (!run("umount", "--lazy", mountPoint.toString())) {
        throw new IOException("cannot unmount " + mountPoint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + mountPoint, e);
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      assumeTrue(false, "no program " + command[0]);
      throw noSuchProgram;
    }
  }
}
