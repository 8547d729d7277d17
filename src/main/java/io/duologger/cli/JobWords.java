package io.duologger.cli;

import java.util.Arrays;
import java.util.List;

/**
 * A command line of which a part is another program's: its options end where that program's name
 * begins, or at {@code --}.
 *
 * @param own the words of this program's own
 * @param command the other program and its arguments; empty if there is none
 */
record JobWords(String[] own, List<String> command) {
  /** Divides the words; what is no option is left to the parser to complain of. */
  static JobWords of(String[] words) {
    int at = 0;
    while (at < words.length && words[at].startsWith("-") && !words[at].equals("-")) {
      if (words[at].equals("--")) {
        return new JobWords(Arrays.copyOf(words, at), rest(words, at + 1));
      }
      at += takesNext(words[at]) ? 2 : 1;
    }
    int end = Math.min(at, words.length);
    return new JobWords(Arrays.copyOf(words, end), rest(words, end));
  }

  private static List<String> rest(String[] words, int from) {
    return List.of(Arrays.copyOfRange(words, from, words.length));
  }

  /** Whether the value of an option is the next word. */
  private static boolean takesNext(String word) {
    if (word.startsWith("--")) {
      return word.indexOf('=') < 0 && hasValue(word);
    }
    // Of several letters only the last can: one before it has its value behind it.
    for (int i = 1; i < word.length(); i++) {
      if (hasValue("-" + word.charAt(i))) {
        return i == word.length() - 1;
      }
    }
    return false;
  }

  private static boolean hasValue(String name) {
    String option = Options.SHORT.getOrDefault(name, name);
    return Options.JOB.contains(option) && !Options.FLAGS.contains(option);
  }
}
