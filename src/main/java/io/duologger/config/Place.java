package io.duologger.config;

/**
 * Where something stands, in an order to print problems in.
 *
 * @param file the number of the file in the order of reading; {@link #COMMAND_LINE}'s is the last
 * @param line from 1; 0 if not known
 * @param text for people
 */
record Place(int file, int line, String text) implements Comparable<Place> {
  static final Place COMMAND_LINE = new Place(Integer.MAX_VALUE, 0, Problem.COMMAND_LINE);

  @Override
  public int compareTo(Place other) {
    return file != other.file
        ? Integer.compare(file, other.file)
        : Integer.compare(line, other.line);
  }
}
