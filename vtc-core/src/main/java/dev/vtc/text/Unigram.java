package dev.vtc.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's unigram model: of all ways to cut a text into tokens, the one with the highest
 * sum of scores, found by dynamic programming from left to right (Viterbi). Time is linear in the
 * text, with the length of the longest token as factor.
 *
 * <p>Text is normalized before by the model's precompiled map, a double array (XCDA: Kanda, "Space-
 * and time-efficient string dictionaries", 2018) that leads from character sequences to their
 * replacements.
 */
final class Unigram {
  private final TokenizerTables tables;
  private final IntList out;
  private final @Nullable ByteBuffer map;
  private final int nodes;

  /** Ids of user-defined tokens, sorted by text. */
  private final ByteBuffer userDefined;

  private final boolean spacePrefix;
  private final boolean mergeSpaces;
  private final int longest;
  private final int unknown;
  private final double unknownScore;

  Unigram(TokenizerTables tables, IntList out) {
    this.tables = tables;
    this.out = out;
    map = tables.charsmap();
    // u32: bytes of the double array, the double array, replacements that end with 0.
    int bytes = map != null && map.capacity() >= Integer.BYTES ? map.getInt(0) : 0;
    boolean fits = map != null && bytes > 0 && bytes <= map.capacity() - Integer.BYTES;
    nodes = fits ? bytes / Integer.BYTES : 0;
    userDefined = tables.userDefined();
    spacePrefix = tables.flag("add_space_prefix");
    mergeSpaces = tables.flag("merge_spaces");
    longest = (int) Math.min(tables.number("longest"), Merger.MAX_LONGEST);
    unknown = tables.id("unknown");
    unknownScore = Float.intBitsToFloat((int) tables.number("unknown_score"));
  }

  /** Appends the ids of a text. */
  void encode(byte[] utf8) {
    byte[] text = normalize(utf8);
    int n = text.length;
    if (n == 0) {
      return;
    }
    // Best way to each place: its score, its last token and where that begins.
    double[] score = new double[n + 1];
    int[] token = new int[n + 1];
    int[] start = new int[n + 1];
    Arrays.fill(score, -Double.MAX_VALUE);
    Arrays.fill(token, unknown);
    score[0] = 0;
    for (int at = 0; at < n; ) {
      int character = Math.min(CodePoints.length(text[at]), n - at);
      boolean known = false;
      long hash = TokenizerTables.HASH_START;
      for (int end = at + 1; end <= Math.min(n, at + longest); end++) {
        hash = TokenizerTables.hashMore(hash, text[end - 1]);
        int id = tables.find(hash, text, at, end);
        if (id < 0 || id >= tables.size()) {
          continue;
        }
        known |= end == at + character;
        boolean userDefined = (tables.attributes(id) & TokenizerTables.USER_DEFINED) != 0;
        double sum = score[at] + (userDefined ? 0 : tables.score(id));
        if (sum > score[end]) {
          score[end] = sum;
          token[end] = id;
          start[end] = at;
        }
      }
      int end = at + character;
      if (!known && score[at] + unknownScore > score[end]) {
        score[end] = score[at] + unknownScore;
        token[end] = unknown;
        start[end] = at;
      }
      at = end;
    }
    int first = out.size();
    boolean wasUnknown = false;
    for (int at = n; at > 0; at = start[at]) {
      boolean isUnknown = token[at] == unknown;
      if (!(isUnknown && wasUnknown) && token[at] >= 0) { // a run of unknown characters is one
        out.add(token[at]);
      }
      wasUnknown = isUnknown;
    }
    out.reverse(first);
  }

  private byte[] normalize(byte[] text) {
    ByteArrayOutputStream normalized = new ByteArrayOutputStream(text.length + 16);
    ByteBuffer plain = ByteBuffer.wrap(text);
    boolean prepended = false;
    boolean inWord = false;
    for (int at = 0; at < text.length; ) {
      ByteBuffer source = plain;
      int length = userDefinedPrefix(text, at);
      int first = at;
      int end = at + length;
      if (length == 0 && map != null) {
        long match = match(text, at);
        length = (int) (match >>> 32);
        if (length > 0) {
          source = map;
          first = (int) match;
          end = zero(map, first);
        }
      }
      if (length == 0) {
        length = Math.min(CodePoints.length(text[at]), text.length - at);
        end = at + length;
      }
      for (int i = first; i < end; i++) {
        byte b = source.get(i);
        if (b != ' ') {
          if (!inWord && ((spacePrefix && !prepended) || mergeSpaces)) {
            normalized.write(' ');
            prepended = true;
          }
          inWord = true;
          normalized.write(b);
        } else {
          inWord = false;
          if (!mergeSpaces) {
            normalized.write(' ');
          }
        }
      }
      at += length;
    }
    return Tokenizer.withSpaces(normalized.toByteArray(), 0, normalized.size(), false);
  }

  /**
   * Length of what the text shares with the beginning of a user-defined token, in whole characters;
   * llama.cpp does not normalize that.
   */
  private int userDefinedPrefix(byte[] text, int at) {
    int low = 0;
    int high = userDefined.capacity() / Integer.BYTES;
    int shared = 0;
    // The tokens that share most stand around the text's place in the order.
    while (low < high) {
      int middle = (low + high) >>> 1;
      int id = Math.clamp(userDefined.getInt(middle * Integer.BYTES), 0, tables.size() - 1);
      int length = Math.min(tables.length(id), text.length - at);
      int same = 0;
      while (same < length && tables.textByte(tables.start(id) + same) == text[at + same]) {
        same++;
      }
      shared = Math.max(shared, same);
      boolean less =
          same < length
              ? (tables.textByte(tables.start(id) + same) & 0xFF) < (text[at + same] & 0xFF)
              : tables.length(id) <= text.length - at;
      if (less) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (shared > 0 && at + shared < text.length && (text[at + shared] & 0xC0) == 0x80) {
      shared--;
    }
    return shared;
  }

  private static int zero(ByteBuffer source, int from) {
    int end = from;
    while (end < source.capacity() && source.get(end) != 0) {
      end++;
    }
    return end;
  }

  /** {@code length << 32 | place of the replacement} of the longest entry here; 0 if none. */
  private long match(byte[] text, int at) {
    long best = 0;
    int node = nodes > 0 ? base(0) : -1;
    for (int i = at; i < text.length && text[i] != 0; i++) {
      int value = text[i] & 0xFF;
      node ^= value;
      if (node < 0 || node >= nodes) {
        break;
      }
      int entry = node(node);
      if ((entry & 0x800000FF) != value) {
        break;
      }
      node ^= base(node);
      if ((entry & 1 << 8) != 0) {
        if (node < 0 || node >= nodes) {
          break;
        }
        long replacement = Integer.BYTES * (nodes + 1L) + (node(node) & Integer.MAX_VALUE);
        if (map == null || replacement >= map.capacity()) {
          break;
        }
        best = (long) (i - at + 1) << 32 | replacement;
      }
    }
    return best;
  }

  private int node(int index) {
    return map == null ? 0 : map.getInt(Integer.BYTES * (index + 1));
  }

  private int base(int index) {
    int entry = node(index);
    return (entry >>> 10) << ((entry & 1 << 9) >>> 6);
  }
}
