package dev.vtc.text.template;

/** Classes of characters as Python defines them. */
final class Chars {
  private Chars() {}

  /** {@code str.isspace}. */
  static boolean isSpace(int c) {
    return c <= 0x20
        ? c == 0x20 || (c >= 9 && c <= 13) || (c >= 28 && c <= 31)
        : c >= 0x85
            && (c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000);
  }

  /** A character of an identifier: {@code \w}. */
  static boolean isWord(int c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  static boolean isBlank(String s, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isSpace(s.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static int skipSpace(String s, int from) {
    int i = from;
    while (i < s.length() && isSpace(s.charAt(i))) {
      i++;
    }
    return i;
  }
}
