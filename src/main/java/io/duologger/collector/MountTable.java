package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is mounted, as this process sees it: /proc/self/mountinfo, less what lies hidden below other
 * mounts. Used by one thread at a time.
 */
final class MountTable implements Closeable {
  /** So many mounts are looked at, at most. */
  private static final int MOST = 10_000;

  private static final byte[] SEPARATOR = ByteScanner.key("-");
  private static final String READ_ONLY = "ro";
  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");

  /** Types that hold no files of anyone, or those of another file system. */
  private static final Set<String> VIRTUAL =
      Set.of(
          "autofs",
          "bdev",
          "binder",
          "binfmt_misc",
          "bpf",
          "cgroup",
          "cgroup2",
          "configfs",
          "cpuset",
          "cramfs",
          "debugfs",
          "devfs",
          "devpts",
          "devtmpfs",
          "efivarfs",
          "erofs",
          "fuse.gvfsd-fuse",
          "fuse.lxcfs",
          "fuse.portal",
          "fuse.snapfuse",
          "fusectl",
          "hugetlbfs",
          "mqueue",
          "nfsd",
          "nsfs",
          "pipefs",
          "proc",
          "pstore",
          "resctrl",
          "rootfs",
          "rpc_pipefs",
          "securityfs",
          "selinuxfs",
          "smackfs",
          "squashfs",
          "sysfs",
          "tracefs");

  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "mmfs",
          "ncpfs",
          "nfs",
          "nfs4",
          "ocfs2",
          "orangefs",
          "panfs",
          "pvfs2",
          "smb3",
          "smbfs",
          "virtiofs",
          "wekafs");

  private final ProcFile file;

  /**
   * A mount.
   *
   * @param id its number
   * @param parent the number of the one that it is mounted on
   * @param device the number of the file system's device, which others of its mounts have too
   * @param top what of the file system is mounted; "/" for all of it
   * @param path the mount point as the kernel has it
   * @param point the same as text
   * @param readOnly whether nothing can be written through this mount
   * @param frozen whether nothing can be written to the file system at all
   * @param type the kind of file system
   * @param source what is mounted; may be empty
   * @param options those of the file system, such as the controllers of a cgroup hierarchy
   */
  record Mount(
      long id,
      long parent,
      String device,
      String top,
      byte[] path,
      String point,
      boolean readOnly,
      boolean frozen,
      String type,
      String source,
      String options) {
    /** Whether it holds no files of its own. */
    boolean virtual() {
      // What a container has at its top is an overlay, and all that it has.
      return VIRTUAL.contains(type) || type.equals("overlay") && !point.equals("/");
    }

    /** Whether it is gone with the power. */
    boolean inMemory() {
      return MEMORY.contains(type);
    }

    /** Whether another host, or a process of this one, has to answer for it. */
    boolean remote() {
      return NETWORK.contains(type) || type.startsWith("fuse") && !virtual();
    }

    /** Whether to ask it anything would mount something else. */
    boolean mountsWhenAsked() {
      return type.equals("autofs");
    }
  }

  MountTable(HostRoot root) {
    file = new ProcFile(root.proc().resolve("self/mountinfo"));
  }

  /** The mounts in the order of the kernel. */
  List<Mount> read() throws IOException {
    List<Mount> all = new ArrayList<>();
    parse(Sources.read(file), all);
    return visible(all);
  }

  /**
   * Lines such as "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue".
   */
  static void parse(ByteScanner in, List<Mount> into) throws IOException {
    while (in.nextLine() && into.size() < MOST) {
      long id = in.nextUnsigned("number of the mount");
      long parent = in.nextUnsigned("number of the parent");
      String device = next(in, "device");
      String top = text(next(in, "part", new byte[0]));
      byte[] path = unescaped(next(in, "mount point", new byte[0]));
      boolean readOnly = isReadOnly(next(in, "options"));
      while (in.nextToken() && !in.tokenIs(SEPARATOR)) {}
      if (!in.tokenIs(SEPARATOR)) {
        throw in.malformed("missing -");
      }
      String type = next(in, "type");
      String source = next(in, "source");
      // A source without a name leaves two blanks.
      boolean named = in.nextToken();
      String options = named ? in.token() : source;
      into.add(
          new Mount(
              id,
              parent,
              device,
              top,
              path,
              ByteScanner.text(path),
              readOnly,
              isReadOnly(options),
              type,
              named ? text(source.getBytes(StandardCharsets.UTF_8)) : "",
              options));
    }
  }

  private static String next(ByteScanner in, String field) throws IOException {
    return ByteScanner.text(next(in, field, new byte[0]));
  }

  private static byte[] next(ByteScanner in, String field, byte[] none) throws IOException {
    byte[] token = in.nextToken() ? in.tokenBytes() : none;
    if (token.length == 0) {
      throw in.malformed("missing " + field);
    }
    return token;
  }

  private static String text(byte[] escaped) {
    return ByteScanner.text(unescaped(escaped));
  }

  private static boolean isReadOnly(String options) {
    return Arrays.asList(options.split(",")).contains(READ_ONLY);
  }

  /** Blanks, line-feeds and backslashes stand in mountinfo and fstab as \040 and so on. */
  static byte[] unescaped(byte[] text) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(text.length);
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\\'
          && i + 3 < text.length
          && octal(text[i + 1])
          && octal(text[i + 2])
          && octal(text[i + 3])) {
        plain.write((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 | text[i + 3] - '0');
        i += 3;
      } else {
        plain.write(text[i]);
      }
    }
    return plain.toByteArray();
  }

  private static boolean octal(byte b) {
    return b >= '0' && b <= '7';
  }

  /**
   * Those that a path leads to. A mount is hidden if another one was mounted over it, or over a
   * folder on the way to it.
   */
  static List<Mount> visible(List<Mount> all) {
    Map<Long, Mount> byId = new HashMap<>();
    Map<Long, Set<String>> mountedOn = new HashMap<>();
    for (Mount mount : all) {
      byId.put(mount.id(), mount);
      // The first mount of all is mounted on itself.
      if (mount.parent() != mount.id()) {
        mountedOn.computeIfAbsent(mount.parent(), key -> new HashSet<>()).add(mount.point());
      }
    }
    return all.stream().filter(mount -> !isHidden(mount, byId, mountedOn)).toList();
  }

  private static boolean isHidden(
      Mount mount, Map<Long, Mount> byId, Map<Long, Set<String>> mountedOn) {
    if (mountedOn.getOrDefault(mount.id(), Set.of()).contains(mount.point())) {
      return true;
    }
    Set<Long> passed = new HashSet<>();
    for (Mount at = mount; at != null && passed.add(at.id()); at = byId.get(at.parent())) {
      Set<String> beside = mountedOn.getOrDefault(at.parent(), Set.of());
      for (int end = at.point().length() - 1; end >= 0; end--) {
        boolean folder = at.point().charAt(end) == '/';
        if (folder && end < at.point().length() - 1) {
          if (beside.contains(end == 0 ? "/" : at.point().substring(0, end))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
