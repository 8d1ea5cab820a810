package dev.vtc.text;

import java.nio.ByteBuffer;

/**
 * Finds special tokens in text. In what GGUF files describe: the longest token first anywhere in
 * the text, then the next shorter in what is left, and so on, as llama.cpp does. In what a {@code
 * tokenizer.json} describes: the longest of the leftmost, as Hugging Face's tokenizers do.
 *
 * <p>Control and unknown tokens are found only if asked for, so that text of users cannot forge
 * them; user-defined tokens are always found.
 *
 * <p>One pass finds the longest token at each place; these are taken longest first. A place whose
 * token reaches into one that was taken before is tried again with what is left of it. So n bytes
 * with m such places take O(n + m log m), with the length of the longest token as factor.
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

  /** Of {@link #second}: several bytes may follow, or none. */
  private static final short ANY = -1;

  private final TokenizerTables tables;

  /** Symbols, sorted by text: tokens, and in a tokenizer.json's also names of tokens. */
  private final ByteBuffer list;

  private final boolean leftmost;

  /** Spaces stand for U+2581 by then, which is no white space. */
  private final boolean signs;

  /** Places of the sorted list that begin with each byte: [first[b], first[b+1]). */
  private final int[] first = new int[257];

  /**
   * The one byte that stands second in all tokens that begin with each byte, or {@link #ANY}. Gemma
   * has tokens of 2 to 31 spaces: no other space needs a search.
   */
  private final short[] second = new short[256];

  /**
   * @param normalized whether those that are looked for in normalized text, or the others
   */
  SpecialTokens(TokenizerTables tables, boolean normalized) {
    this.tables = tables;
    list = tables.specials(normalized);
    String matching = tables.string("matching", "");
    leftmost = !matching.isEmpty();
    signs = normalized && matching.equals("leftmost_signs");
    int n = list.capacity() / Integer.BYTES;
    for (int b = 0, place = 0; b < 256; b++) {
      place = lowerBound(place, n, 0, b);
      first[b] = place;
    }
    first[256] = n;
    for (int b = 0; b < 256; b++) {
      if (first[b] < first[b + 1]) {
        int least = byteAt(first[b], 1);
        second[b] = (short) (least == byteAt(first[b + 1] - 1, 1) ? least : ANY);
      }
    }
  }

  /** Cuts the text into special tokens and the text between them. */
  void partition(byte[] text, Trust trust, Pieces out) {
    if (leftmost) {
      leftmost(text, trust, out);
      return;
    }
    LongHeap candidates = new LongHeap();
    for (int i = 0; i < text.length; i++) {
      int id = begins(text, i) ? longest(text, i, text.length, trust) : -1;
      if (id >= 0) {
        candidates.append(candidate(i, tables.length(id)));
      }
    }
    if (candidates.isEmpty()) {
      if (text.length > 0) {
        out.piece(-1, 0, text.length);
      }
      return;
    }
    candidates.order();
    new Cut(text, trust, candidates).pieces(out);
  }

  /** Whether a token may begin here. */
  private boolean begins(byte[] text, int at) {
    int lead = text[at] & 0xFF;
    return first[lead] < first[lead + 1]
        && (second[lead] == ANY || (at + 1 < text.length && (text[at + 1] & 0xFF) == second[lead]));
  }

  private void leftmost(byte[] text, Trust trust, Pieces out) {
    int start = 0; // of the text that is in no piece yet
    for (int at = 0; at < text.length; ) {
      int symbol = begins(text, at) ? longest(text, at, text.length, trust) : -1;
      int id = symbol < 0 ? -1 : tables.named(symbol);
      if (id < 0) {
        at++;
        continue;
      }
      int from = at;
      int to = at + tables.length(symbol);
      at = to;
      int attributes = tables.attributes(id);
      if ((attributes & TokenizerTables.SINGLE_WORD) != 0 && insideWord(text, from, to)) {
        continue;
      }
      if ((attributes & TokenizerTables.STRIP_LEFT) != 0) {
        while (from > start && isSpace(text, CodePoints.before(text, from))) {
          from = CodePoints.before(text, from);
        }
      }
      if ((attributes & TokenizerTables.STRIP_RIGHT) != 0) {
        while (to < text.length && isSpace(text, to)) {
          to += CodePoints.length(text[to]);
        }
      }
      if (from > start) {
        out.piece(-1, start, from);
      }
      out.piece(id, from, to);
      start = to;
    }
    if (start < text.length) {
      out.piece(-1, start, text.length);
    }
  }

  private boolean isSpace(byte[] text, int at) {
    return text[at] == ' '
        ? !signs
        : (CodePoints.flags(CodePoints.at(text, at)) & CodePoints.SPACE) != 0;
  }

  private static boolean insideWord(byte[] text, int from, int to) {
    return (from > 0 && CodePoints.isWord(CodePoints.at(text, CodePoints.before(text, from))))
        || (to < text.length && CodePoints.isWord(CodePoints.at(text, to)));
  }

  /** Longest first, then leftmost. */
  private static long candidate(int at, int length) {
    return (long) (MAX_LENGTH - length) << 32 | at;
  }

  /** The tokens taken from one text. */
  private final class Cut {
    private final byte[] text;

    /** A bit for each byte that belongs to a token, or that a token stripped. */
    private final long[] taken;

    /** {@code start << 32 | index} of a token in {@link #tokens}. */
    private final LongHeap order = new LongHeap();

    /** Tokens as (id, from, to, first byte that is gone, first byte behind what is gone). */
    private final IntList tokens = new IntList();

    Cut(byte[] text, Trust trust, LongHeap candidates) {
      this.text = text;
      this.taken = new long[(text.length >> 6) + 1];
      while (!candidates.isEmpty()) {
        long candidate = candidates.pop();
        int at = (int) candidate;
        int length = MAX_LENGTH - (int) (candidate >> 32);
        int free = at;
        while (free < at + length && !taken(free)) {
          free++;
        }
        int id = free > at ? longest(text, at, free, trust) : -1;
        if (id >= 0 && tables.length(id) == length) {
          take(id, at, at + length);
        } else if (id >= 0) {
          candidates.push(candidate(at, tables.length(id)));
        }
      }
    }

    private boolean taken(int at) {
      return (taken[at >> 6] >>> at & 1) != 0;
    }

    private void take(int id, int from, int to) {
      int attributes = tables.attributes(id);
      int start = from;
      if ((attributes & TokenizerTables.STRIP_LEFT) != 0) {
        while (start > 0 && !taken(start - 1) && isAsciiSpace(text[start - 1])) {
          start--;
        }
      }
      int stop = to;
      if ((attributes & TokenizerTables.STRIP_RIGHT) != 0) {
        while (stop < text.length && !taken(stop) && isAsciiSpace(text[stop])) {
          stop++;
        }
      }
      for (int i = start; i < stop; i++) {
        taken[i >> 6] |= 1L << i;
      }
      order.append((long) start << 32 | tokens.size());
      tokens.add(id);
      tokens.add(from);
      tokens.add(to);
      tokens.add(stop);
    }

    void pieces(Pieces out) {
      order.order();
      int start = 0;
      while (!order.isEmpty()) {
        long next = order.pop();
        int gone = (int) (next >> 32);
        int token = (int) next;
        if (gone > start) {
          out.piece(-1, start, gone);
        }
        out.piece(tokens.get(token), tokens.get(token + 1), tokens.get(token + 2));
        start = tokens.get(token + 3);
      }
      if (start < text.length) {
        out.piece(-1, start, text.length);
      }
    }
  }

  private static boolean isAsciiSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /** The longest token that begins at a place and ends at {@code to} at the latest, or -1. */
  private int longest(byte[] text, int at, int to, Trust trust) {
    int lead = text[at] & 0xFF;
    int low = first[lead];
    int high = first[lead + 1];
    int longest = -1;
    int depth = 1;
    // Of the range's first and last token; both change only with the range.
    int id = special(low);
    int length = tables.length(id);
    int last = tables.start(special(high - 1));
    while (low < high) {
      if (length <= depth) { // tokens of exactly this length sort first
        if (length == depth && wanted(id, trust, at, at + depth)) {
          longest = id;
        }
        if (++low < high) {
          id = special(low);
          length = tables.length(id);
        }
        continue;
      }
      if (at + depth >= to || depth == MAX_LENGTH) {
        break;
      }
      byte b = text[at + depth];
      if (tables.textByte(tables.start(id) + depth) != b || tables.textByte(last + depth) != b) {
        low = lowerBound(low, high, depth, b & 0xFF);
        high = lowerBound(low, high, depth, (b & 0xFF) + 1);
        if (low < high) {
          id = special(low);
          length = tables.length(id);
          last = tables.start(special(high - 1));
        }
      }
      depth++;
    }
    return longest;
  }

  private boolean wanted(int id, Trust trust, int from, int to) {
    int token = tables.named(id);
    return token < 0
        || (tables.attributes(token) & (TokenizerTables.CONTROL | TokenizerTables.UNKNOWN)) == 0
        || trust.allows(from, to);
  }

  /** The symbol at a place of the list. */
  private int special(int place) {
    int id = list.getInt(place * Integer.BYTES);
    return id >= 0 && id < (leftmost ? tables.symbols() : tables.size()) ? id : 0;
  }

  /** First place in [low, high) whose byte at this depth is at least {@code b}. */
  private int lowerBound(int low, int high, int depth, int b) {
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (byteAt(middle, depth) < b) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The byte of the token at a place of the list, or -1 behind its end. */
  private int byteAt(int place, int depth) {
    int id = special(place);
    return depth < tables.length(id) ? tables.textByte(tables.start(id) + depth) & 0xFF : -1;
  }
}
