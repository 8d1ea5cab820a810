package dev.vtc.text;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds special tokens in text: the longest token first anywhere in the text, then the next shorter
 * in what is left, and so on, as llama.cpp does.
 *
 * <p>Control and unknown tokens are found only if asked for, so that text of users cannot forge
 * them; user-defined tokens are always found.
 */
final class SpecialTokens {
  /** Receives pieces in order: {@code id} is -1 for text, and then {@code from < to}. */
  interface Pieces {
    void piece(int id, int from, int to);
  }

  /** Where in a text control tokens may be found. */
  interface Trust {
    Trust ALL = (from, to) -> true;
    Trust NONE = (from, to) -> false;

    /** Whether the bytes [from, to) may be a control token. */
    boolean allows(int from, int to);
  }

  /** Longer special tokens, in bytes, are never found: a hostile vocabulary must not take time. */
  private static final int MAX_LENGTH = 512;

  private final TokenizerTables tables;

  /** Places of the sorted list that begin with each byte: [first[b], first[b+1]). */
  private final int[] first = new int[257];

  SpecialTokens(TokenizerTables tables) {
    this.tables = tables;
    int n = tables.specials();
    for (int b = 0, place = 0; b < 256; b++) {
      place = lowerBound(place, n, 0, b);
      first[b] = place;
    }
    first[256] = n;
  }

  /** Cuts the text into special tokens and the text between them. */
  void partition(byte[] text, Trust trust, Pieces out) {
    if (text.length == 0) {
      return;
    }
    BitSet lengths = new BitSet();
    for (int i = 0; i < text.length; i++) {
      if (first[text[i] & 0xFF] < first[(text[i] & 0xFF) + 1]) {
        match(text, i, text.length, trust, -1, lengths);
      }
    }
    // Pieces as triples (id, from, to).
    IntList pieces = new IntList();
    pieces.add(-1);
    pieces.add(0);
    pieces.add(text.length);
    for (int length = lengths.length() - 1;
        length > 0;
        length = lengths.previousSetBit(length - 1)) {
      IntList finer = new IntList();
      for (int i = 0; i < pieces.size(); i += 3) {
        if (pieces.get(i) >= 0) {
          add(finer, pieces.get(i), pieces.get(i + 1), pieces.get(i + 2));
        } else {
          cut(text, pieces.get(i + 1), pieces.get(i + 2), length, trust, finer);
        }
      }
      pieces = finer;
    }
    for (int i = 0; i < pieces.size(); i += 3) {
      out.piece(pieces.get(i), pieces.get(i + 1), pieces.get(i + 2));
    }
  }

  private void cut(byte[] text, int from, int to, int length, Trust trust, IntList out) {
    int start = from;
    for (int at = from; at + length <= to; ) {
      int lead = text[at] & 0xFF;
      int id = first[lead] < first[lead + 1] ? match(text, at, to, trust, length, null) : -1;
      if (id < 0) {
        at++;
        continue;
      }
      int attributes = tables.attributes(id);
      int stop = at;
      if ((attributes & TokenizerTables.STRIP_LEFT) != 0) {
        while (stop > start && isAsciiSpace(text[stop - 1])) {
          stop--;
        }
      }
      if (stop > start) {
        add(out, -1, start, stop);
      }
      add(out, id, at, at + length);
      at += length;
      if ((attributes & TokenizerTables.STRIP_RIGHT) != 0) {
        while (at < to && isAsciiSpace(text[at])) {
          at++;
        }
      }
      start = at;
    }
    if (start < to) {
      add(out, -1, start, to);
    }
  }

  private static void add(IntList pieces, int id, int from, int to) {
    pieces.add(id);
    pieces.add(from);
    pieces.add(to);
  }

  private static boolean isAsciiSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /**
   * Walks the tokens that are prefixes of the text at a place.
   *
   * @param wanted the length of the token looked for, or -1 to note all lengths
   * @return the id of the token of the wanted length, or -1
   */
  private int match(
      byte[] text, int at, int to, Trust trust, int wanted, @Nullable BitSet lengths) {
    int lead = text[at] & 0xFF;
    int low = first[lead];
    int high = first[lead + 1];
    for (int depth = 1; low < high && depth <= MAX_LENGTH; depth++) {
      // Tokens of exactly this length sort first.
      while (low < high && tables.length(tables.special(low)) <= depth) {
        int id = tables.special(low++);
        if (tables.length(id) == depth && wanted(id, trust, at, at + depth)) {
          if (lengths != null) {
            lengths.set(depth);
          } else if (depth == wanted) {
            return id;
          }
        }
      }
      if (at + depth >= to || depth == wanted) {
        break;
      }
      int b = text[at + depth] & 0xFF;
      low = lowerBound(low, high, depth, b);
      high = lowerBound(low, high, depth, b + 1);
    }
    return -1;
  }

  private boolean wanted(int id, Trust trust, int from, int to) {
    return (tables.attributes(id) & (TokenizerTables.CONTROL | TokenizerTables.UNKNOWN)) == 0
        || trust.allows(from, to);
  }

  /** First place in [low, high) whose byte at this depth is at least {@code b}. */
  private int lowerBound(int low, int high, int depth, int b) {
    while (low < high) {
      int middle = (low + high) >>> 1;
      int id = tables.special(middle);
      int value = depth < tables.length(id) ? tables.textByte(tables.start(id) + depth) & 0xFF : -1;
      if (value < b) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
