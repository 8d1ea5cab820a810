package dev.vtc.text.template;

import java.util.Arrays;

/** Puts texts together and keeps where each part came from. Charges its budget. */
final class TextBuilder {
  private final Budget budget;
  private final StringBuilder chars = new StringBuilder();
  private boolean firstFromTemplate = true;
  private boolean lastFromTemplate = true;
  private int[] cuts = {};
  private int cutCount;

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  TextBuilder append(String part, boolean fromTemplate) {
    return append(part, 0, part.length(), fromTemplate);
  }

  /** Appends text that the interpreter writes itself, such as a number. */
  TextBuilder append(String part) {
    return append(part, true);
  }

  TextBuilder append(Text part) {
    return append(part, 0, part.chars.length());
  }

  /** Appends the characters in [from, to), in UTF-16 code units. */
  TextBuilder append(Text part, int from, int to) {
    if (from < to) {
      for (int run = part.runAt(from), last = part.runAt(to - 1); run <= last; run++) {
        append(
            part.chars,
            Math.max(from, part.runStart(run)),
            Math.min(to, part.runEnd(run)),
            part.runFromTemplate(run));
      }
    }
    return this;
  }

  private TextBuilder append(String part, int from, int to, boolean fromTemplate) {
    if (from >= to) {
      return this;
    }
    budget.chargeChars(to - from);
    budget.checkText((long) chars.length() + to - from);
    if (chars.isEmpty()) {
      firstFromTemplate = fromTemplate;
    } else if (lastFromTemplate != fromTemplate) {
      if (cutCount == cuts.length) {
        cuts = Arrays.copyOf(cuts, Math.max(4, 2 * cutCount));
      }
      cuts[cutCount++] = chars.length();
    }
    lastFromTemplate = fromTemplate;
    chars.append(part, from, to);
    return this;
  }

  int length() {
    return chars.length();
  }

  Text toText() {
    return new Text(chars.toString(), firstFromTemplate, Arrays.copyOf(cuts, cutCount));
  }
}
