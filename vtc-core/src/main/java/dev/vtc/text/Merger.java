package dev.vtc.text;

import dev.vtc.text.TokenizerTables.Kind;
import java.util.Arrays;

/**
 * Byte-pair encoding of one word: starting from its bytes or characters, the neighbours whose merge
 * comes first (lowest rank, or highest score) become one symbol, leftmost first among equals, until
 * no neighbours merge.
 *
 * <p>Short words rescan an array, long ones use a heap of pairs over a linked list, so that a word
 * of n symbols takes O(n log n): a megabyte of one letter is no trap. One object serves the words
 * of one call; it is not thread-safe.
 */
final class Merger {
  /** Words up to this many symbols are rescanned: at that size it beats the heap. */
  private static final int SHORT = 24;

  /** Longer tokens than this many bytes are not looked for, whatever the tables claim. */
  static final int MAX_LONGEST = 1 << 12;

  /** No merge. Else {@code order << 32 | merged symbol}, smaller order first. */
  private static final long NONE = Long.MAX_VALUE;

  /** Symbol of a character that is looked up only if nothing merges with it. */
  private static final int LATER = -2;

  private final TokenizerTables tables;
  private final IntList out;
  private final boolean bytes;
  private final boolean ranks;
  private final boolean newlineRuns;
  private final int unknown;
  private final int longest;

  // Per symbol of the word; from[i+1] is where it ends while nothing is merged.
  private int[] symbol = new int[SHORT];
  private int[] from = new int[SHORT + 1];
  private long[] pair = new long[SHORT];

  // For long words only: neighbours, and the heap of order << 32 | place.
  private int[] previous = {};
  private int[] next = {};
  private final LongHeap heap = new LongHeap();

  private byte[] text = {};

  // Scores only: hash states of the word's beginnings, and powers of the hash's factor.
  private int start;
  private long[] state = {};
  private long[] power = {};

  Merger(TokenizerTables tables, IntList out) {
    this.tables = tables;
    this.out = out;
    bytes = tables.kind() == Kind.BYTE_BPE;
    ranks = tables.kind() != Kind.SENTENCEPIECE;
    newlineRuns = tables.flag("newline_runs");
    unknown = tables.id("unknown");
    longest = (int) Math.min(tables.number("longest"), MAX_LONGEST);
    if (!ranks) {
      power = new long[longest + 1];
      power[0] = 1;
      for (int i = 1; i <= longest; i++) {
        power[i] = power[i - 1] * TokenizerTables.HASH_FACTOR;
      }
    }
  }

  /** Appends the ids of the word {@code utf8[start .. end)}. */
  void encode(byte[] utf8, int start, int end) {
    int whole = end - start <= longest ? tables.find(utf8, start, end) : -1;
    if (whole >= 0
        && whole < tables.size()
        && ((tables.attributes(whole) & TokenizerTables.WHOLE) != 0
            || (newlineRuns && utf8[start] == '\n'))) {
      out.add(whole);
      return;
    }
    encodeByMerging(utf8, start, end);
  }

  /** As {@link #encode}, without the short cut for words that are tokens. */
  void encodeByMerging(byte[] utf8, int start, int end) {
    text = utf8;
    if (!ranks) {
      hash(start, end);
    }
    int n = 0;
    for (int at = start; at < end; n++) {
      if (n + 1 >= from.length) {
        grow(n, end - at);
      }
      int length = bytes ? 1 : Math.min(CodePoints.length(utf8[at]), end - at);
      symbol[n] =
          bytes ? tables.ofByte(utf8[at]) : ranks ? tables.find(utf8, at, at + length) : LATER;
      from[n] = at;
      at += length;
    }
    from[n] = end;
    if (n <= SHORT) {
      mergeShort(n);
    } else {
      mergeLong(n);
    }
  }

  private void hash(int start, int end) {
    this.start = start;
    int n = end - start;
    if (state.length <= n) {
      state = new long[Math.max(2 * SHORT, n + 1)];
    }
    long hash = 0;
    for (int i = 0; i < n; i++) {
      hash = TokenizerTables.hashMore(hash, text[start + i]);
      state[i + 1] = hash;
    }
  }

  /** Symbol of the text between two places of the word: a look-up, whatever its length. */
  private int find(int from, int to) {
    long before = state[from - start];
    long hash = TokenizerTables.hashBetween(before, state[to - start], power[to - from]);
    return tables.find(hash, text, from, to);
  }

  private void grow(int used, int more) {
    // At most one symbol per byte that is left.
    int size = Math.max(used + 1, Math.min(2 * used, used + more)) + 1;
    symbol = Arrays.copyOf(symbol, size);
    from = Arrays.copyOf(from, size + 1);
  }

  private long pairOf(int left, int right, int start, int end) {
    if (ranks) {
      if (left < 0 || right < 0) {
        return NONE;
      }
      long merge = tables.merge(left, right);
      return merge < 0 ? NONE : merge;
    }
    if (end - start > longest) {
      return NONE;
    }
    int merged = find(start, end);
    if (merged < 0 || merged >= tables.size()) {
      return NONE;
    }
    return (long) descending((float) tables.score(merged)) << 32 | merged;
  }

  /** An int that is smaller for a larger float; both zeros alike. */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }

  private void mergeShort(int n) {
    int last = n - 1;
    for (int i = 0; i < last; i++) {
      pair[i] = pairOf(symbol[i], symbol[i + 1], from[i], from[i + 2]);
    }
    while (last > 0) {
      int best = -1;
      int bestOrder = Integer.MAX_VALUE;
      for (int i = 0; i < last; i++) {
        // A pair with the very last order still differs from NONE, by its symbol.
        int order = (int) (pair[i] >> 32);
        if (order < bestOrder || (best < 0 && pair[i] != NONE)) {
          best = i;
          bestOrder = order;
        }
      }
      if (best < 0) {
        break;
      }
      symbol[best] = (int) pair[best];
      int moved = last - best - 1;
      System.arraycopy(symbol, best + 2, symbol, best + 1, moved);
      System.arraycopy(from, best + 2, from, best + 1, moved + 1);
      System.arraycopy(pair, best + 1, pair, best, moved);
      last--;
      if (best < last) {
        pair[best] = pairOf(symbol[best], symbol[best + 1], from[best], from[best + 2]);
      }
      if (best > 0) {
        pair[best - 1] = pairOf(symbol[best - 1], symbol[best], from[best - 1], from[best + 1]);
      }
    }
    for (int i = 0; i <= last; i++) {
      emit(symbol[i], from[i], from[i + 1]);
    }
  }

  private void mergeLong(int n) {
    if (pair.length < n) {
      pair = new long[n];
    }
    if (previous.length < n) {
      previous = new int[n];
      next = new int[n + 1];
    }
    heap.clear(n);
    int end = from[n];
    for (int i = 0; i < n; i++) {
      previous[i] = i - 1;
      next[i] = i + 1;
      pair[i] = NONE;
      if (i + 1 < n) {
        pair[i] = pairOf(symbol[i], symbol[i + 1], from[i], from[i + 2]);
        if (pair[i] != NONE) {
          heap.append(entry(i));
        }
      }
    }
    heap.order();
    while (!heap.isEmpty()) {
      long top = heap.pop();
      int left = (int) top;
      // Outdated unless the pair there still has this order; a changed pair is in the heap itself.
      if (pair[left] == NONE || (int) (pair[left] >> 32) != (int) (top >> 32)) {
        continue;
      }
      int right = next[left];
      symbol[left] = (int) pair[left];
      pair[right] = NONE;
      int after = next[right];
      next[left] = after;
      if (after < n) {
        previous[after] = left;
      }
      update(left, n, end);
      if (previous[left] >= 0) {
        update(previous[left], n, end);
      }
    }
    for (int i = 0; i < n; i = next[i]) {
      emit(symbol[i], from[i], next[i] < n ? from[next[i]] : end);
    }
  }

  private void update(int left, int n, int end) {
    int right = next[left];
    if (right >= n) {
      pair[left] = NONE;
      return;
    }
    int stop = next[right] < n ? from[next[right]] : end;
    pair[left] = pairOf(symbol[left], symbol[right], from[left], stop);
    if (pair[left] != NONE) {
      heap.push(entry(left));
    }
  }

  private long entry(int place) {
    return (pair[place] >> 32) << 32 | place;
  }

  private void emit(int merged, int start, int end) {
    int symbol = merged == LATER ? tables.find(text, start, end) : merged;
    if (symbol >= 0 && symbol < tables.size()) {
      out.add(symbol);
      return;
    }
    for (int i = start; i < end; i++) {
      if (!bytes && text[i] == ' ') { // SentencePiece has it as U+2581
        emitByte((byte) 0xE2);
        emitByte((byte) 0x96);
        emitByte((byte) 0x81);
      } else {
        emitByte(text[i]);
      }
    }
  }

  /** A byte that no token stands for is dropped where the vocabulary has no unknown token. */
  private void emitByte(byte value) {
    int id = tables.ofByte(value);
    if (id >= 0 && id < tables.size()) {
      out.add(id);
    } else if (unknown >= 0 && !bytes) {
      out.add(unknown);
    }
  }
}
