package dev.vtc.text;

import static dev.vtc.text.CodePoints.LETTER;
import static dev.vtc.text.CodePoints.MARK;
import static dev.vtc.text.CodePoints.NUMBER;
import static dev.vtc.text.CodePoints.SPACE;

/**
 * The word patterns of GPT-2 and of Llama 3 and their kin, by hand: they run over all text of most
 * models. Behaviour is llama.cpp's, which is the reference for GGUF files.
 */
final class WordScanners {
  /** No character: beyond the end of the piece. Has no category, not even "unassigned". */
  private static final int NOTHING = 0;

  /** For {@link DigitGroups}: only 0 … 9. */
  static final int ASCII_DIGITS = -1;

  private WordScanners() {}

  private static int flagsAt(byte[] utf8, int at, int end) {
    return at < end ? CodePoints.flags(CodePoints.at(utf8, at)) : NOTHING;
  }

  private static int after(byte[] utf8, int at) {
    return at + CodePoints.length(utf8[at]);
  }

  /** End of the run of characters of some of these categories, from {@code at} on. */
  private static int run(byte[] utf8, int at, int end, int categories) {
    while (at < end && (flagsAt(utf8, at, end) & categories) != 0) {
      at = after(utf8, at);
    }
    return at;
  }

  /** End of the run of characters of none of these categories. */
  private static int runOfOthers(byte[] utf8, int at, int end, int categories) {
    while (at < end && (flagsAt(utf8, at, end) & categories) == 0) {
      at = after(utf8, at);
    }
    return at;
  }

  /** Bytes of {@code 's 't 'm 'd 're 've 'll} at this place, or 0. */
  private static int contraction(byte[] utf8, int at, int end, boolean anyCase) {
    if (utf8[at] != '\'' || at + 1 >= end) {
      return 0;
    }
    int a = anyCase ? lower(utf8[at + 1]) : utf8[at + 1];
    if (a == 's' || a == 't' || a == 'm' || a == 'd') {
      return 2;
    }
    if (at + 2 >= end) {
      return 0;
    }
    int b = anyCase ? lower(utf8[at + 2]) : utf8[at + 2];
    return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  /** {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+} */
  static final class Gpt2 implements Splitter {
    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      int contraction = contraction(utf8, at, end, false);
      if (contraction > 0) {
        return at + contraction;
      }
      int first = at + (utf8[at] == ' ' ? 1 : 0);
      int flags = flagsAt(utf8, first, end);
      if ((flags & LETTER) != 0) {
        return run(utf8, first, end, LETTER);
      }
      if ((flags & NUMBER) != 0) {
        return run(utf8, first, end, NUMBER);
      }
      if (flags != NOTHING && (flags & SPACE) == 0) {
        return runOfOthers(utf8, first, end, SPACE | LETTER | NUMBER);
      }
      return spaces(utf8, at, end);
    }
  }

  /**
   * {@code \s+(?!\S)|\s+}: a run of white space, without its last character where a word follows,
   * for that belongs to the word.
   */
  private static int spaces(byte[] utf8, int at, int end) {
    int last = at;
    int stop = at;
    while (stop < end && (flagsAt(utf8, stop, end) & SPACE) != 0) {
      last = stop;
      stop = after(utf8, stop);
    }
    return stop < end && last > at ? last : Math.max(stop, after(utf8, at));
  }

  /**
   * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
   * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}, with the number of digits and what counts
   * as part of a word as parameters.
   */
  static final class Llama3 implements Splitter {
    private final int digits;
    private final int word;

    /**
     * @param digits most digits of one word
     * @param marks whether combining marks count as letters
     */
    Llama3(int digits, boolean marks) {
      this.digits = digits;
      this.word = marks ? LETTER | MARK : LETTER;
    }

    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      int contraction = contraction(utf8, at, end, true);
      if (contraction > 0) {
        return at + contraction;
      }
      byte c = utf8[at];
      int flags = flagsAt(utf8, at, end);
      int second = after(utf8, at);
      if ((flags & NUMBER) == 0 && c != '\r' && c != '\n') {
        if (((flags | flagsAt(utf8, second, end)) & word) != 0) {
          return run(utf8, second, end, word);
        }
      }
      if ((flags & NUMBER) != 0) {
        int stop = second;
        for (int i = 1; i < digits && (flagsAt(utf8, stop, end) & NUMBER) != 0; i++) {
          stop = after(utf8, stop);
        }
        return stop;
      }
      int first = at + (c == ' ' ? 1 : 0);
      int others = SPACE | word | NUMBER;
      int firstFlags = flagsAt(utf8, first, end);
      // A lone space at the end also comes here in llama.cpp, and stays a word by itself.
      if ((firstFlags & others) == 0) {
        int stop = runOfOthers(utf8, first, end, others);
        return newlines(utf8, stop, end);
      }
      int stop = at;
      int afterNewline = at;
      while (stop < end && (flagsAt(utf8, stop, end) & SPACE) != 0) {
        byte b = utf8[stop];
        stop = after(utf8, stop);
        if (b == '\r' || b == '\n') {
          afterNewline = stop;
        }
      }
      return afterNewline > at ? afterNewline : spaces(utf8, at, end);
    }
  }

  private static int newlines(byte[] utf8, int at, int end) {
    while (at < end && (utf8[at] == '\r' || utf8[at] == '\n')) {
      at++;
    }
    return at;
  }

  /** {@code [^\n]+|\n+}: lines, and runs of line ends. */
  static final class Lines implements Splitter {
    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      boolean newline = utf8[at] == '\n';
      int stop = at + 1;
      while (stop < end && (utf8[stop] == '\n') == newline) {
        stop++;
      }
      return stop;
    }
  }

  /** Runs of numbers, at most {@code most} to a word; what lies between stays as it is. */
  static final class Numbers implements Splitter {
    private final int most;

    Numbers(int most) {
      this.most = most;
    }

    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      if ((flagsAt(utf8, at, end) & NUMBER) == 0) {
        return runOfOthers(utf8, at, end, NUMBER);
      }
      int stop = at;
      for (int i = 0; i < most && (flagsAt(utf8, stop, end) & NUMBER) != 0; i++) {
        stop = after(utf8, stop);
      }
      return stop;
    }
  }

  /** Runs of digits in groups of three from their right end: 1234567 is 1, 234, 567. */
  static final class DigitGroups implements Splitter {
    private final int digits;
    private final boolean joined;

    /**
     * @param digits what counts as a digit: {@link CodePoints#NUMBER} or {@link #ASCII_DIGITS}
     * @param joined whether what lies before a run belongs to its first group, as llama.cpp has it
     */
    DigitGroups(int digits, boolean joined) {
      this.digits = digits;
      this.joined = joined;
    }

    private boolean digit(byte[] utf8, int at, int end) {
      return digits == ASCII_DIGITS
          ? at < end && utf8[at] >= '0' && utf8[at] <= '9'
          : (flagsAt(utf8, at, end) & digits) != 0;
    }

    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      int run = at;
      while (run < end && !digit(utf8, run, end)) {
        run = after(utf8, run);
      }
      if (run == end || (run > at && !joined)) {
        return run;
      }
      int before = run - 1;
      while (before > start && (utf8[before] & 0xC0) == 0x80) {
        before--;
      }
      int count = 0;
      int stop = run;
      if (run == start || !digit(utf8, before, end)) { // else the groups are aligned already
        for (; digit(utf8, stop, end); stop = after(utf8, stop)) {
          count++;
        }
      }
      stop = run;
      for (int i = count % 3 == 0 ? 3 : count % 3; i > 0; i--) {
        stop = after(utf8, stop);
      }
      return stop;
    }
  }

  /** {@code \s+$}: white space at the end of the piece is a word. */
  static final class TrailingSpaces implements Splitter {
    @Override
    public int next(byte[] utf8, int start, int at, int end) {
      int last = end;
      while (last > at) {
        int before = last - 1;
        while ((utf8[before] & 0xC0) == 0x80) {
          before--;
        }
        if ((flagsAt(utf8, before, end) & SPACE) == 0) {
          break;
        }
        last = before;
      }
      return last > at ? last : end;
    }
  }
}
