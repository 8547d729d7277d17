package io.duologger.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What changes control groups: folders made and removed, files written in one go. */
interface GroupFiles {
  /** Makes a group. */
  void make(Path folder) throws IOException;

  /** Writes to a file that is there; the kernel may refuse what is written. */
  void write(Path file, String text) throws IOException;

  /** Removes a group; refused while there are processes in it. */
  void remove(Path folder) throws IOException;

  /** Those of the running kernel. */
  GroupFiles KERNEL =
      new GroupFiles() {
        @Override
        public void make(Path folder) throws IOException {
          Files.createDirectory(folder);
        }

        @Override
        public void write(Path file, String text) throws IOException {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
          }
        }

        @Override
        public void remove(Path folder) throws IOException {
          Files.delete(folder);
        }
      };
}
