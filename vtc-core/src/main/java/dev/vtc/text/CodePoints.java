package dev.vtc.text;

import java.util.Arrays;

/**
 * Unicode general categories and UTF-8 decoding for the pre-tokenizers.
 *
 * <p>Categories are those of Unicode 15.1, whatever the JDK knows: vocabularies and the tokenizers
 * they were trained with are older than the newest Unicode, llama.cpp's tables (the behaviour that
 * GGUF files rely on) are 15.1, and the same text must give the same ids on every JDK. JDK 25 has
 * Unicode 16, which only adds characters; {@link #ADDED_LATER} takes those out again.
 */
final class CodePoints {
  /** Categories, one bit each: a set of them is a mask. */
  static final int UNASSIGNED = 1;

  static final int NUMBER = 1 << 1;
  static final int LETTER = 1 << 2;
  static final int SEPARATOR = 1 << 3;
  static final int MARK = 1 << 4;
  static final int PUNCTUATION = 1 << 5;
  static final int SYMBOL = 1 << 6;
  static final int OTHER = 1 << 7;

  /** Property White_Space; beside a category, not instead of one. */
  static final int SPACE = 1 << 8;

  // Kinds of letters and numbers, beside LETTER and NUMBER.
  static final int UPPER = 1 << 9;
  static final int LOWER = 1 << 10;
  static final int TITLE = 1 << 11;
  static final int MODIFIER = 1 << 12;
  static final int CASELESS = 1 << 13;
  static final int DECIMAL = 1 << 14;

  /** First and last code point of each run that Unicode 16 assigned; unassigned before. */
  private static final int[] ADDED_LATER = {
    0x00897, 0x00897, 0x01B4E, 0x01B4F, 0x01B7F, 0x01B7F, 0x01C89, 0x01C8A, 0x02427, 0x02429,
    0x031E4, 0x031E5, 0x0A7CB, 0x0A7CD, 0x0A7DA, 0x0A7DC, 0x105C0, 0x105F3, 0x10D40, 0x10D8F,
    0x10EC2, 0x10EFC, 0x11380, 0x113E2, 0x116D0, 0x116E3, 0x11BC0, 0x11BF9, 0x11F5A, 0x11F5A,
    0x13460, 0x143FA, 0x16100, 0x16139, 0x16D40, 0x16D79, 0x18CFF, 0x18CFF, 0x1CC00, 0x1CEB3,
    0x1E5D0, 0x1E5FF, 0x1F8B2, 0x1F8C1, 0x1FA89, 0x1FA8F, 0x1FABE, 0x1FABE, 0x1FAC6, 0x1FAC6,
    0x1FADC, 0x1FADF, 0x1FAE9, 0x1FAE9, 0x1FBCB, 0x1FBEF,
  };

  private static final short[] ASCII = new short[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = (short) compute(c);
    }
  }

  private CodePoints() {}

  /** Category bit of a code point, with {@link #SPACE} where it is white space. */
  static int flags(int codePoint) {
    return codePoint < 128 ? ASCII[codePoint] : compute(codePoint);
  }

  private static int compute(int codePoint) {
    int category =
        switch (Character.getType(codePoint)) {
          case Character.UPPERCASE_LETTER -> LETTER | UPPER;
          case Character.LOWERCASE_LETTER -> LETTER | LOWER;
          case Character.TITLECASE_LETTER -> LETTER | TITLE;
          case Character.MODIFIER_LETTER -> LETTER | MODIFIER;
          case Character.OTHER_LETTER -> LETTER | CASELESS;
          case Character.DECIMAL_DIGIT_NUMBER -> NUMBER | DECIMAL;
          case Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
          case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
              SEPARATOR;
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK ->
              MARK;
          case Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.CONNECTOR_PUNCTUATION,
              Character.OTHER_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION ->
              PUNCTUATION;
          case Character.MATH_SYMBOL,
              Character.CURRENCY_SYMBOL,
              Character.MODIFIER_SYMBOL,
              Character.OTHER_SYMBOL ->
              SYMBOL;
          case Character.UNASSIGNED -> UNASSIGNED;
          default -> OTHER;
        };
    if (codePoint >= ADDED_LATER[0] && category != UNASSIGNED && addedLater(codePoint)) {
      return UNASSIGNED;
    }
    return category | (isSpace(codePoint) ? SPACE : 0);
  }

  private static boolean addedLater(int codePoint) {
    // CJK, Hangul and most of the BMP, without a search.
    if ((codePoint > 0x31E5 && codePoint < 0xA7CB) || (codePoint > 0xA7DC && codePoint < 0x105C0)) {
      return false;
    }
    int at = Arrays.binarySearch(ADDED_LATER, codePoint);
    return at >= 0 || (~at & 1) == 1; // inside a run: the insertion point is its odd end
  }

  private static boolean isSpace(int c) {
    return switch (c) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F -> true;
      case 0x205F, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }

  /** Bytes of the UTF-8 sequence that begins with this byte; 1 for a byte that begins none. */
  static int length(byte lead) {
    return lead >= 0 || lead < (byte) 0xC0
        ? 1
        : lead < (byte) 0xE0 ? 2 : lead < (byte) 0xF0 ? 3 : 4;
  }

  /** The code point at {@code at} of valid UTF-8. */
  static int at(byte[] utf8, int at) {
    int b = utf8[at];
    if (b >= 0) {
      return b;
    }
    if (b < (byte) 0xE0) {
      return (b & 0x1F) << 6 | (utf8[at + 1] & 0x3F);
    }
    if (b < (byte) 0xF0) {
      return (b & 0x0F) << 12 | (utf8[at + 1] & 0x3F) << 6 | (utf8[at + 2] & 0x3F);
    }
    return (b & 0x07) << 18
        | (utf8[at + 1] & 0x3F) << 12
        | (utf8[at + 2] & 0x3F) << 6
        | (utf8[at + 3] & 0x3F);
  }

  /** Where the character before {@code at}, which is more than 0, begins. */
  static int before(byte[] utf8, int at) {
    int before = at - 1;
    while (before > 0 && (utf8[before] & 0xC0) == 0x80) {
      before--;
    }
    return before;
  }

  /** {@code \\w} of Unicode's regular expressions (UTS 18). */
  static boolean isWord(int codePoint) {
    int flags = flags(codePoint);
    return (flags & (LETTER | MARK | DECIMAL)) != 0
        || Character.getType(codePoint) == Character.CONNECTOR_PUNCTUATION
        || codePoint == 0x200C
        || codePoint == 0x200D
        || (flags != UNASSIGNED && Character.isAlphabetic(codePoint));
  }
}
