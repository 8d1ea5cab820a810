package dev.vtc.text.template;

/**
 * What a rendering may still use. Every operation charges in proportion to the work it does, before
 * it does it, so a hostile template ends with an error after bounded time and memory.
 */
final class Budget {
  /**
   * Deepest nesting of evaluations, macro calls included; also of data. A frame needs about 1 KiB
   * of stack.
   */
  static final int MAX_DEPTH = 400;

  /** Characters that one step pays for. */
  private static final int CHARS_PER_STEP = 16;

  private final long maxText;
  private long steps;
  private int depth;

  /**
   * @param inputChars characters of the messages, tools and variables: a longer conversation may do
   *     more work
   */
  Budget(long inputChars) {
    this.steps = 10_000_000 + 4 * inputChars;
    this.maxText = 4_000_000 + 2 * inputChars;
  }

  void charge(long n) {
    steps -= n;
    if (steps < 0) {
      throw new Problem("the rendering takes too many steps; the template may be looping");
    }
  }

  /** Charges an operation over n characters. */
  void chargeChars(long n) {
    charge(1 + n / CHARS_PER_STEP);
  }

  /** Charges a search, whose worst case is the product of the lengths. */
  void chargeSearch(long text, long wanted) {
    chargeChars(text);
    if (wanted > CHARS_PER_STEP) {
      charge(Math.max(0, text - wanted) / 16 * (wanted / 16));
    }
  }

  /** Refuses a text of n characters if that is too long. */
  void checkText(long n) {
    if (n > maxText) {
      throw new Problem("the rendering makes a text of more than " + maxText + " characters");
    }
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new Problem("the template nests more than " + MAX_DEPTH + " evaluations");
    }
  }

  void leave() {
    depth--;
  }
}
