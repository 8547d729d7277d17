package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the host is meant to have mounted at all times: /etc/fstab. */
final class FileSystemTable {
  private static final int MOUNT_POINT = 1;
  private static final int TYPE = 2;
  private static final int OPTIONS = 3;
  private static final String SWAP = "swap";
  private static final String READ_ONLY = "ro";

  /** Options of what is mounted by hand, or when it is used. */
  private static final Set<String> AT_TIMES = Set.of("noauto", "x-systemd.automount");

  private FileSystemTable() {}

  /** The mount points in {@code file}, and whether each is meant to be read-only. */
  static Map<String, Boolean> read(Path file) throws IOException {
    return parse(SmallText.of(file).orElse(""));
  }

  /** Lines such as "/dev/sda1 /home ext4 defaults 0 2"; what is none of these is passed over. */
  static Map<String, Boolean> parse(String text) {
    Map<String, Boolean> points = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      String[] fields = line.strip().split("[ \t]+");
      if (!fields[0].startsWith("#") && fields.length > TYPE && !fields[TYPE].equals(SWAP)) {
        List<String> options =
            fields.length > OPTIONS ? Arrays.asList(fields[OPTIONS].split(",")) : List.of();
        String point = point(fields[MOUNT_POINT]);
        if (point.startsWith("/") && options.stream().noneMatch(AT_TIMES::contains)) {
          points.put(point, options.contains(READ_ONLY));
        }
      }
    }
    return points;
  }

  private static String point(String field) {
    byte[] escaped = field.getBytes(StandardCharsets.UTF_8);
    return plain(ByteScanner.text(MountTable.unescaped(escaped)));
  }

  /** A path as the kernel has it: without slashes at its end. */
  static String plain(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }
}
