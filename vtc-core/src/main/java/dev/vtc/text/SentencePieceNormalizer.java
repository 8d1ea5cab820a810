package dev.vtc.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What SentencePiece does to text before its unigram model, as llama.cpp does it by the metadata of
 * a GGUF file: the precompiled map, a space in front, runs of spaces as one.
 */
final class SentencePieceNormalizer {
  private final TokenizerTables tables;
  private final @Nullable Charsmap map;

  /** Ids of user-defined tokens, sorted by text. */
  private final ByteBuffer userDefined;

  private final boolean spacePrefix;
  private final boolean mergeSpaces;

  SentencePieceNormalizer(TokenizerTables tables) {
    this.tables = tables;
    map = Charsmap.of(tables.charsmap());
    userDefined = tables.userDefined();
    spacePrefix = tables.flag("add_space_prefix");
    mergeSpaces = tables.flag("merge_spaces");
  }

  /** The text as the model sees it, with spaces for U+2581. */
  byte[] normalize(byte[] text) {
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
        long entry = map.longest(text, at);
        length = Charsmap.length(entry);
        if (length > 0) {
          source = map.bytes();
          first = Charsmap.replacement(entry);
          end = map.end(first);
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
}
