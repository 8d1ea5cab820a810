package dev.vtc.text;

import java.util.Arrays;

/**
 * SentencePiece's unigram model: of all ways to cut a text into tokens, the one with the highest
 * sum of scores, found by dynamic programming from left to right (Viterbi). Time is linear in the
 * text, with the length of the longest token as factor. Of equal sums the one found first counts:
 * that whose last token begins first.
 *
 * <p>A character that is no token costs more than any token; a run of such characters becomes the
 * unknown token, or, where the vocabulary falls back to bytes and has all of them, its bytes.
 */
final class Unigram implements Splitter.Words {
  private final TokenizerTables tables;
  private final IntList out;
  private final int longest;
  private final int unknown;
  private final double unknownScore;

  /**
   * User-defined tokens cost nothing (SentencePiece), or what their score says (tokenizer.json).
   */
  private final boolean userDefinedFree;

  private final boolean byteFallback;

  // Best way to each place of a text: its score, its last token and where that begins.
  private double[] score = new double[0];
  private int[] token = new int[0];
  private int[] start = new int[0];

  Unigram(TokenizerTables tables, IntList out) {
    this.tables = tables;
    this.out = out;
    longest = (int) Math.min(tables.number("longest"), Merger.MAX_LONGEST);
    unknown = tables.id("unknown");
    unknownScore = Double.parseDouble(tables.string("unknown_score"));
    userDefinedFree = !tables.described();
    byteFallback = tables.flag("byte_fallback");
  }

  /** Appends the ids of a normalized text, which has spaces for U+2581. */
  @Override
  public void word(byte[] text, int from, int to) {
    prepare(to - from);
    score[0] = 0;
    for (int at = from; at < to; ) {
      int character = Math.min(CodePoints.length(text[at]), to - at);
      double before = score[at - from];
      boolean known = false;
      long hash = TokenizerTables.HASH_START;
      for (int end = at + 1; end <= Math.min(to, at + longest); end++) {
        hash = TokenizerTables.hashMore(hash, text[end - 1]);
        if (!tables.mayBegin(hash)) {
          break;
        }
        int id = tables.find(hash, text, at, end);
        if (id >= tables.size()) { // how a byte token is written
          int value = TokenText.byteToken(Arrays.copyOfRange(text, at, end));
          id = value < 0 ? -1 : tables.ofByte((byte) value);
        }
        if (id < 0 || id >= tables.size()) {
          continue;
        }
        known |= end == at + character;
        boolean userDefined = (tables.attributes(id) & TokenizerTables.USER_DEFINED) != 0;
        double more = userDefined && userDefinedFree ? 0 : tables.score(id);
        offer(at - from, end - from, before + more, id);
      }
      if (!known) {
        offer(at - from, at - from + character, before + unknownScore, unknown);
      }
      at += character;
    }
    appendBest(text, from, to);
  }

  private void prepare(int length) {
    if (score.length <= length) {
      int size = Math.max(length + 1, 2 * score.length);
      score = new double[size];
      token = new int[size];
      start = new int[size];
    }
    Arrays.fill(score, 0, length + 1, -Double.MAX_VALUE);
    Arrays.fill(token, 0, length + 1, unknown);
    Arrays.fill(start, 0, length + 1, 0);
  }

  private void offer(int at, int end, double sum, int id) {
    if (sum > score[end]) {
      score[end] = sum;
      token[end] = id;
      start[end] = at;
    }
  }

  /** Appends the tokens of the best way, found from its end. */
  private void appendBest(byte[] text, int from, int to) {
    int first = out.size();
    for (int at = to - from; at > 0; ) {
      int end = at;
      int id = token[at];
      at = start[at];
      if (id != unknown) {
        out.add(id);
        continue;
      }
      while (at > 0 && token[at] == unknown) { // a run of unknown characters is one
        at = start[at];
      }
      if (byteFallback && allBytes(text, from + at, from + end)) {
        for (int i = from + end - 1; i >= from + at; i--) {
          out.add(tables.ofByte(text[i]));
        }
      } else if (unknown >= 0) {
        out.add(unknown);
      }
    }
    out.reverse(first);
  }

  private boolean allBytes(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (tables.ofByte(text[i]) < 0) {
        return false;
      }
    }
    return true;
  }
}
