package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small attributes, links and the page size. */
class SysfsTest {
  @TempDir Path folder;

  @Test
  void readsAnAttribute() throws IOException {
    Path path = Files.writeString(folder.resolve("speed"), "-1\n");
    assertEquals(-1, new SmallFile().read(path.toFile()).nextSigned("speed"));
  }

  @Test
  void readsAPageOfAnAttributeAtMost() throws IOException {
    Path path = Files.writeString(folder.resolve("long"), "x".repeat(10_000));
    ByteScanner in = new SmallFile().read(path.toFile());
    in.nextToken();
    assertEquals(4096, in.tokenLength());
  }

  @Test
  void complaintsOfAttributesNameThePath() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "");
    for (Path path : new Path[] {empty, folder, folder.resolve("none")}) {
      IOException e = assertThrows(IOException.class, () -> new SmallFile().read(path.toFile()));
      assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
    }
  }

  @Test
  void tellsVirtualDevicesByTheirLink() throws IOException {
    Files.createSymbolicLink(folder.resolve("lo"), Path.of("../../devices/virtual/net/lo"));
    Files.createSymbolicLink(folder.resolve("eth0"), Path.of("../../devices/pci0/net/eth0"));
    assertEquals(Backing.VIRTUAL, Backing.of(folder, "lo"));
    assertEquals(Backing.PHYSICAL, Backing.of(folder, "eth0"));
    assertEquals(Backing.MISSING, Backing.of(folder, "eth1"));
  }

  @Test
  void tellsVirtualDevicesOfPlainFoldersByTheirDeviceEntry() throws IOException {
    Files.createDirectories(folder.resolve("eth0").resolve("device"));
    Files.createDirectories(folder.resolve("lo"));
    assertEquals(Backing.PHYSICAL, Backing.of(folder, "eth0"));
    assertEquals(Backing.VIRTUAL, Backing.of(folder, "lo"));
  }

  @Test
  void namesThatAreNoFileNamesAreMissing() {
    for (String name : new String[] {"", ".", "..", "../etc", "a\0b"}) {
      assertEquals(Backing.MISSING, Backing.of(folder, name));
    }
  }

  @Test
  void pageSizeIsTheUsualOneWhereTheHostDoesNotTell() throws IOException {
    assertEquals(4096, PageSize.of(HostRoot.at(folder)));
  }

  @Test
  void pageSizeComesFromTheAuxiliaryVector() {
    ByteBuffer auxv = ByteBuffer.allocate(64);
    auxv.putLong(3).putLong(99).putLong(6).putLong(65536).flip();
    assertEquals(65536, PageSize.of(auxv));
    assertEquals(4096, PageSize.of(ByteBuffer.allocate(7)));
    assertEquals(4096, PageSize.of(ByteBuffer.allocate(32).putLong(6).putLong(-1).flip()));
  }
}
