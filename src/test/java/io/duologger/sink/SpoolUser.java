package io.duologger.sink;

import io.duologger.sink.SpoolFixture.WallClock;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that uses a spool until it is killed: it appends reports from a number on and delivers
 * two of three. It prints {@code + NUMBER} after it has appended one, {@code - NUMBER} after it has
 * delivered one.
 */
final class SpoolUser {
  private SpoolUser() {}

  /** Takes the folder and the first number. */
  public static void main(String[] arguments) throws IOException {
    int first = Integer.parseInt(arguments[1]);
    try (Spool spool = open(Path.of(arguments[0]))) {
      for (int i = first; ; i++) {
        spool.append(SpoolFixture.report(i, i * 7919 % 20_000));
        System.out.println("+ " + i);
        if (i % 3 > 0) {
          int number = SpoolFixture.number(spool.oldest().orElseThrow());
          spool.delivered();
          System.out.println("- " + number);
        }
      }
    }
  }

  /** Opens the spool that it uses. */
  static Spool open(Path folder) throws IOException {
    return Spool.open(folder, 64 << 20, SpoolFixture.AGE, new WallClock());
  }
}
