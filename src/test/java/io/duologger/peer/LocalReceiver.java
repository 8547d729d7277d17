package io.duologger.peer;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A local datagram socket that is read when the test says so. Closing it leaves its file. */
public final class LocalReceiver implements AutoCloseable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOCK_DGRAM_CLOEXEC = 0x80002;

  private final int handle;
  private boolean closed;

  private static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int handle, byte[] address, int length);

    static native NativeLong recv(int handle, byte[] bytes, NativeLong length, int flags);

    static native int close(int handle);
  }

  /** Binds to {@code path}, in place of what is there. */
  public LocalReceiver(Path path) throws Exception {
    Files.deleteIfExists(path);
    handle = Libc.socket(1, SOCK_DGRAM_CLOEXEC, 0);
    byte[] address = new byte[110];
    ByteBuffer.wrap(address)
        .order(ByteOrder.nativeOrder())
        .putShort((short) 1)
        .put(path.toString().getBytes(StandardCharsets.UTF_8));
    if (Libc.bind(handle, address, address.length) != 0) {
      throw new IllegalStateException("cannot bind to " + path);
    }
  }

  /** The messages that have come. */
  public List<String> received() {
    List<String> messages = new ArrayList<>();
    byte[] bytes = new byte[1_000_000];
    while (true) {
      int length = Libc.recv(handle, bytes, new NativeLong(bytes.length), MSG_DONTWAIT).intValue();
      if (length < 0) {
        return messages;
      }
      messages.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(handle);
    }
  }
}
