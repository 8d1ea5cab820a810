package dev.vtc.text;

import dev.vtc.text.TokenizerTables.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How model files write tokens: byte-level vocabularies in GPT-2's alphabet of 256 printable
 * characters, SentencePiece with U+2581 for a space and {@code <0x0A>} for a byte.
 */
final class TokenText {
  /** The byte of each character of GPT-2's alphabet, or -1. All are below U+0180. */
  private static final short[] BYTE_OF_CHARACTER = new short[0x180];

  /** The character of each byte. */
  private static final short[] CHARACTER_OF_BYTE = new short[256];

  static {
    Arrays.fill(BYTE_OF_CHARACTER, (short) -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
      int character = printable ? b : next++;
      BYTE_OF_CHARACTER[character] = (short) b;
      CHARACTER_OF_BYTE[b] = (short) character;
    }
  }

  private TokenText() {}

  /** The bytes that a text in GPT-2's alphabet stands for, or null if it is no such text. */
  static byte @Nullable [] byteLevel(byte[] text) {
    byte[] bytes = new byte[text.length];
    int n = 0;
    for (int i = 0; i < text.length; i++) {
      int c = text[i];
      if (c < 0) {
        // Two-byte sequences reach up to U+07FF.
        if (c < (byte) 0xC2 || c >= (byte) 0xE0 || i + 1 == text.length) {
          return null;
        }
        c = (c & 0x1F) << 6 | (text[++i] & 0x3F);
      }
      if (c >= BYTE_OF_CHARACTER.length || BYTE_OF_CHARACTER[c] < 0) {
        return null;
      }
      bytes[n++] = (byte) BYTE_OF_CHARACTER[c];
    }
    return Arrays.copyOf(bytes, n);
  }

  /** Puts the UTF-8 of a byte's letter in GPT-2's alphabet; gives where it ends. */
  static int putLetter(byte value, byte[] utf8, int at) {
    int c = CHARACTER_OF_BYTE[value & 0xFF];
    if (c < 0x80) {
      utf8[at] = (byte) c;
      return at + 1;
    }
    utf8[at] = (byte) (0xC0 | c >> 6);
    utf8[at + 1] = (byte) (0x80 | (c & 0x3F));
    return at + 2;
  }

  /** The bytes with U+2581 as a space, or null if they have a space already. */
  static byte @Nullable [] spaced(byte[] text) {
    byte[] bytes = new byte[text.length];
    int n = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == ' ') {
        return null;
      }
      if (isSpaceSign(text, i)) {
        bytes[n++] = ' ';
        i += 2;
      } else {
        bytes[n++] = text[i];
      }
    }
    return Arrays.copyOf(bytes, n);
  }

  /** Whether U+2581 is at this place. */
  static boolean isSpaceSign(byte[] text, int at) {
    return text[at] == (byte) 0xE2
        && at + 2 < text.length
        && text[at + 1] == (byte) 0x96
        && text[at + 2] == (byte) 0x81;
  }

  /** The value of {@code <0x0A>}, or -1. */
  static int byteToken(byte[] text) {
    if (text.length != 6 || text[0] != '<' || text[1] != '0' || text[2] != 'x' || text[5] != '>') {
      return -1;
    }
    int high = Character.digit(text[3], 16);
    int low = Character.digit(text[4], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  static int find(TokenizerTables tables, String token) {
    byte[] text = token.getBytes(StandardCharsets.UTF_8);
    int id = tables.findLiteral(text, 0, text.length);
    if (id < 0) {
      boolean bytes = tables.kind() == Kind.BYTE_BPE;
      byte[] meaning = bytes ? byteLevel(text) : spaced(text);
      id = meaning == null ? -1 : tables.find(meaning, 0, meaning.length);
      if (id < 0 || id >= tables.size()) {
        id = tables.find(text, 0, text.length);
      }
      int value = byteToken(text);
      if ((id < 0 || id >= tables.size()) && !bytes && value >= 0) {
        id = tables.ofByte((byte) value);
      }
    }
    return id < tables.size() ? id : -1;
  }
}
