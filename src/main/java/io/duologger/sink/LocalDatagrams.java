package io.duologger.sink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Sends to a local datagram socket, such as /dev/log. Java has none of these, so the calls are the
 * C library's, through JNA; it is loaded with the first message.
 *
 * <p>A receiver that does not read is waited for; one that was restarted is found again. Used by
 * one thread at a time.
 */
final class LocalDatagrams implements Datagrams {
  private static final int CLOSED = -1;

  // From here on: the numbers of Linux, on all machines that there is a current Java for.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final short POLLOUT = 4;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int EMSGSIZE = 90;
  private static final int EPROTOTYPE = 91;

  /** The field sun_path of unix(7), which ends with a zero byte. */
  private static final int PATH_BYTES = 108;

  private final Path socket;
  private int handle = CLOSED;

  LocalDatagrams(Path socket) {
    this.socket = socket;
  }

  /** The C library. Loaded when it is first called. */
  private static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int connect(int handle, byte[] address, int length) throws LastErrorException;

    static native NativeLong send(int handle, byte[] bytes, NativeLong length, int flags)
        throws LastErrorException;

    static native int poll(byte[] handles, NativeLong count, int millis) throws LastErrorException;

    static native int close(int handle) throws LastErrorException;
  }

  @Override
  public boolean send(byte[] message, Patience patience) throws IOException {
    boolean fresh = handle == CLOSED;
    boolean waited = false;
    while (true) {
      try {
        open();
        Libc.send(handle, message, new NativeLong(message.length), MSG_DONTWAIT | MSG_NOSIGNAL);
        return waited;
      } catch (LastErrorException e) {
        switch (e.getErrorCode()) {
          case EINTR -> {}
          case EAGAIN -> {
            waited = true;
            awaitRoom(patience);
          }
          case EMSGSIZE -> throw new MessageTooLongException(socket.toString(), message.length);
          case EPROTOTYPE -> {
            close();
            throw new NoDatagramsException(failure("it takes streams only", e));
          }
          default -> {
            // Most likely the receiver has gone; another may have taken its place.
            close();
            if (fresh) {
              throw failure(reason(e), e);
            }
            fresh = true;
          }
        }
      } catch (LinkageError e) {
        throw new NoDatagramsException(
            failure(
                "the native library does not load (" + e + "); -Djna.tmpdir=FOLDER may help", e));
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (handle != CLOSED) {
      int last = handle;
      handle = CLOSED;
      try {
        Libc.close(last);
      } catch (LastErrorException e) {
        throw new IOException("cannot close the socket to " + socket + ": " + reason(e), e);
      }
    }
  }

  private void open() throws IOException {
    if (handle != CLOSED) {
      return;
    }
    byte[] path = socket.toString().getBytes(StandardCharsets.UTF_8);
    if (path.length >= PATH_BYTES) {
      throw new IOException(
          "cannot send to " + socket + ": the name is longer than " + (PATH_BYTES - 1) + " bytes");
    }
    byte[] address = new byte[2 + PATH_BYTES];
    ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX).put(path);
    handle = Libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    Libc.connect(handle, address, address.length);
  }

  /** Returns when the receiver's queue has room, or when something else should be tried. */
  private void awaitRoom(Patience patience) throws IOException {
    int millis = patience.slice();
    if (millis == 0) {
      throw new SlowReceiverException("cannot send to " + socket + ": the receiver does not read");
    }
    // struct pollfd of poll(2): the handle, the events that are wanted, those that were found
    ByteBuffer wanted = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    wanted.putInt(handle).putShort(POLLOUT);
    try {
      Libc.poll(wanted.array(), new NativeLong(1), millis);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != EINTR) {
        throw failure(reason(e), e);
      }
    }
  }

  private IOException failure(String reason, Throwable cause) {
    return new IOException("cannot send to " + socket + ": " + reason, cause);
  }

  /** The system's text for an error, without its number. */
  private static String reason(LastErrorException e) {
    String text = String.valueOf(e.getMessage()).replaceFirst("^\\[\\d+] ", "");
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
