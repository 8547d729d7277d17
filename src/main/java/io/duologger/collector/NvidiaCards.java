package io.duologger.collector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The list of cards that nvidia-smi prints: values with a comma and a blank between them. */
final class NvidiaCards {
  private static final int FIELDS = 5;
  private static final int MOST_CARDS = 256;
  private static final int LONGEST_TEXT = 256;

  /**
   * A card.
   *
   * @param index its number
   * @param uuid its identifier
   * @param name the model
   * @param memoryBytes its memory
   * @param driver the driver's version
   */
  record Card(
      int index,
      Optional<String> uuid,
      Optional<String> name,
      OptionalLong memoryBytes,
      Optional<String> driver) {}

  private NvidiaCards() {}

  /**
   * Lines "index, uuid, name, MiB of memory, driver"; what is not known is in brackets.
   *
   * @throws IOException if a line has another form
   */
  static List<Card> parse(String text) throws IOException {
    List<Card> cards = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      String[] fields = line.split(",", -1);
      String number = fields[0].strip();
      if (fields.length != FIELDS
          || !number.matches("[0-9]{1,4}")
          || !seen.add(Integer.valueOf(number))
          || cards.size() == MOST_CARDS) {
        throw new IOException(
            "nvidia-smi: unexpected line: '"
                + line.substring(0, Math.min(80, line.length())).replaceAll("[^ -~]", "?")
                + "'");
      }
      String memory = fields[3].strip();
      cards.add(
          new Card(
              Integer.parseInt(number),
              known(fields[1]),
              known(fields[2]),
              memory.matches("[1-9][0-9]{0,9}")
                  ? OptionalLong.of(Long.parseLong(memory) << 20)
                  : OptionalLong.empty(),
              known(fields[4])));
    }
    return cards;
  }

  private static Optional<String> known(String field) {
    String text = field.strip();
    return text.isEmpty() || text.startsWith("[")
        ? Optional.empty()
        : Optional.of(text.substring(0, Math.min(LONGEST_TEXT, text.length())));
  }
}
