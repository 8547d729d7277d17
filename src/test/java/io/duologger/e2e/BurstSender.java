package io.duologger.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** A program that sends datagrams evenly over a span: the burst that {@link BurstIT} looks for. */
final class BurstSender {
  private BurstSender() {}

  /** Arguments: address, port, datagrams, bytes in each, milliseconds for all of them. */
  public static void main(String[] args) throws IOException, InterruptedException {
    InetAddress address = InetAddress.getByName(args[0]);
    int port = Integer.parseInt(args[1]);
    int datagrams = Integer.parseInt(args[2]);
    byte[] bytes = new byte[Integer.parseInt(args[3])];
    long nanos = Long.parseLong(args[4]) * 1_000_000;
    long start = System.nanoTime();
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int sent = 0; sent < datagrams; sent++) {
        long wait = start + nanos * sent / datagrams - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
        socket.send(new DatagramPacket(bytes, bytes.length, address, port));
      }
    }
  }
}
