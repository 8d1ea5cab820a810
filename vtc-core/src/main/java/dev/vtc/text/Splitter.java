package dev.vtc.text;

/**
 * One stage of a pre-tokenizer: cuts a piece of text into words that merges do not cross. Stages
 * are applied one after the other, each within the pieces that the stage before left.
 */
interface Splitter {
  /**
   * Where the word that begins at {@code at} ends.
   *
   * @param utf8 valid UTF-8
   * @param start start of the piece: nothing before it is looked at
   * @param at offset of a character, in bytes; less than {@code end}
   * @param end end of the piece: nothing behind it is looked at
   * @return an offset of a character, more than {@code at}, at most {@code end}
   */
  int next(byte[] utf8, int start, int at, int end);

  /**
   * The splitter for the pieces of one text, of which it may keep notes; so it serves one thread.
   *
   * @param bytes length of the text
   */
  default Splitter forText(int bytes) {
    return this;
  }

  /** Receives the words in order. */
  interface Words {
    void word(byte[] utf8, int from, int to);
  }

  /** Runs all stages over a text. */
  static void split(Splitter[] stages, byte[] utf8, int from, int to, Words words) {
    Splitter[] mine = new Splitter[stages.length];
    for (int i = 0; i < stages.length; i++) {
      mine[i] = stages[i].forText(to - from);
    }
    split(mine, 0, utf8, from, to, words);
  }

  private static void split(
      Splitter[] stages, int stage, byte[] utf8, int from, int to, Words words) {
    if (stage == stages.length) {
      words.word(utf8, from, to);
      return;
    }
    Splitter splitter = stages[stage];
    for (int at = from; at < to; ) {
      int end = splitter.next(utf8, from, at, to);
      split(stages, stage + 1, utf8, at, end, words);
      at = end;
    }
  }
}
