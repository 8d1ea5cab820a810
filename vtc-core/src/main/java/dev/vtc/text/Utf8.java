package dev.vtc.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Conversions that leave valid UTF-8, whatever they were given. */
final class Utf8 {
  private Utf8() {}

  /** UTF-8 of a string; each surrogate without its partner becomes U+FFFD. */
  static byte[] encode(String text) {
    int lone = loneSurrogate(text, 0);
    if (lone < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    char[] chars = text.toCharArray();
    for (; lone >= 0; lone = loneSurrogate(text, lone + 1)) {
      chars[lone] = '\uFFFD';
    }
    return new String(chars).getBytes(StandardCharsets.UTF_8);
  }

  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  /** The same array where it is valid UTF-8; else a copy with malformed parts as U+FFFD. */
  static byte[] valid(byte[] utf8) {
    boolean ascii = true;
    for (byte b : utf8) {
      if (b < 0) {
        ascii = false;
        break;
      }
    }
    if (ascii) {
      return utf8;
    }
    try {
      var _ =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(utf8));
      return utf8;
    } catch (CharacterCodingException e) {
      return new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * How many of the first {@code length} bytes can be decoded for good: all but an incomplete
   * sequence at the end (at most 3 bytes) that later bytes may still complete. An encoded surrogate
   * counts as a sequence, for Java replaces it as a whole.
   */
  static int complete(byte[] bytes, int length) {
    for (int back = 1; back <= Math.min(3, length); back++) {
      int b = bytes[length - back] & 0xFF;
      if (b < 0x80) {
        return length;
      }
      if (b >= 0xC0) {
        int need = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
        boolean possible = b >= 0xC2 && b <= 0xF4;
        if (possible && back > 1) {
          int second = bytes[length - back + 1] & 0xFF;
          possible =
              switch (b) {
                case 0xE0 -> second >= 0xA0;
                case 0xF0 -> second >= 0x90;
                case 0xF4 -> second < 0x90;
                default -> true;
              };
        }
        return possible && back < need ? length - back : length;
      }
    }
    return length;
  }
}
