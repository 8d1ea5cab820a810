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

  /** Receives the words in order. */
  interface Words {
    void word(byte[] utf8, int from, int to);
  }

  /** Runs all stages from number {@code stage} on over a piece. */
  static void split(Splitter[] stages, int stage, byte[] utf8, int from, int to, Words words) {
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
