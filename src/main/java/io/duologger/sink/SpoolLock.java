package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that is ours alone: no other user may write in it, and no other spool uses it as long as
 * this is not closed. The system ends the lock with the process, however that ends. Taken and
 * closed by any thread.
 */
final class SpoolLock implements Closeable {
  private static final FileAttribute<?> FOLDER_MODE = mode("rwx------");
  private static final FileAttribute<?> FILE_MODE = mode("rw-------");

  /**
   * Folders locked by this process. To open and close the file of a lock that the process holds
   * would end the lock, so it must not even be tried.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private SpoolLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes {@code folder}, which is made if it is not there, and the ones above it.
   *
   * @throws IOException if it cannot be made, is no plain folder, may be written by others, or is
   *     taken
   */
  static SpoolLock take(Path folder) throws IOException {
    try {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(folder, FOLDER_MODE);
      }
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("it is not a plain folder");
      }
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
      if (mode.contains(PosixFilePermission.GROUP_WRITE)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(
            "others may write in it, its mode is " + PosixFilePermissions.toString(mode));
      }
      return lock(folder.toRealPath());
    } catch (IOException e) {
      throw Failures.of("use the spool", folder, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      OURS.remove(folder);
    }
  }

  private static SpoolLock lock(Path folder) throws IOException {
    if (!OURS.add(folder)) {
      throw taken();
    }
    try {
      Path file = folder.resolve("lock");
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("its lock is not a plain file");
      }
      return new SpoolLock(folder, locked(file));
    } catch (IOException e) {
      OURS.remove(folder);
      throw e;
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            FILE_MODE);
    try {
      if (channel.tryLock() == null) {
        throw taken();
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw taken();
    }
  }

  private static IOException taken() {
    return new IOException("it is in use already");
  }

  private static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
