package dev.vtc.text.template;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A string that knows, for each character, whether the template wrote it or whether it came from
 * data. Immutable; equality and hash look at the characters only.
 *
 * <p>Provenance is kept as the ascending offsets at which it changes; most strings have none.
 * Offsets are UTF-16 code units; what Python counts in code points converts with {@link #offset}.
 */
final class Text {
  private static final int[] EMPTY_CUTS = {};
  static final Text EMPTY = new Text("", true, EMPTY_CUTS);

  final String chars;
  private final boolean firstFromTemplate;
  private final int[] cuts; // ascending, each in (0, chars.length())

  /**
   * Jinja's Markup, which the filter {@code safe} makes: a string that is added to it is escaped
   * for HTML.
   */
  final boolean isMarkup;

  Text(String chars, boolean firstFromTemplate, int[] cuts) {
    this(chars, firstFromTemplate, cuts, false);
  }

  private Text(String chars, boolean firstFromTemplate, int[] cuts, boolean isMarkup) {
    this.chars = chars;
    this.firstFromTemplate = firstFromTemplate;
    this.cuts = cuts;
    this.isMarkup = isMarkup;
  }

  /** The same characters as Markup. */
  Text markup() {
    return isMarkup ? this : new Text(chars, firstFromTemplate, cuts, true);
  }

  /** The characters escaped for HTML, as Markup. */
  Text escaped(Budget budget) {
    return map(
            budget,
            s ->
                s.replace("&", "&amp;")
                    .replace(">", "&gt;")
                    .replace("<", "&lt;")
                    .replace("'", "&#39;")
                    .replace("\"", "&#34;"))
        .markup();
  }

  /** Python's {@code this + other}. */
  Text plus(Text other, Budget budget) {
    boolean markup = isMarkup || other.isMarkup;
    Text left = markup && !isMarkup ? escaped(budget) : this;
    Text right = markup && !other.isMarkup ? other.escaped(budget) : other;
    Text sum = new TextBuilder(budget).append(left).append(right).toText();
    return markup ? sum.markup() : sum;
  }

  static Text template(String chars) {
    return new Text(chars, true, EMPTY_CUTS);
  }

  static Text data(String chars) {
    return new Text(chars, false, EMPTY_CUTS);
  }

  boolean isEmpty() {
    return chars.isEmpty();
  }

  /** Number of runs of one provenance. */
  int runs() {
    return cuts.length + 1;
  }

  int runStart(int run) {
    return run == 0 ? 0 : cuts[run - 1];
  }

  int runEnd(int run) {
    return run == cuts.length ? chars.length() : cuts[run];
  }

  boolean runFromTemplate(int run) {
    return firstFromTemplate == ((run & 1) == 0);
  }

  /** The run that holds the character at an offset. */
  int runAt(int offset) {
    int found = Arrays.binarySearch(cuts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The characters in [from, to), in UTF-16 code units. */
  Text sub(int from, int to) {
    if (from >= to) {
      return EMPTY;
    }
    if (from == 0 && to == chars.length()) {
      return this;
    }
    int first = runAt(from);
    int last = runAt(to - 1);
    int[] inside = new int[last - first];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = cuts[first + i] - from;
    }
    return new Text(chars.substring(from, to), runFromTemplate(first), inside, isMarkup);
  }

  /** Each run changed by itself. */
  Text map(Budget budget, UnaryOperator<String> change) {
    if (cuts.length == 0) {
      return new Text(change.apply(chars), firstFromTemplate, EMPTY_CUTS, isMarkup);
    }
    TextBuilder out = new TextBuilder(budget);
    for (int run = 0; run < runs(); run++) {
      out.append(change.apply(chars.substring(runStart(run), runEnd(run))), runFromTemplate(run));
    }
    return isMarkup ? out.toText().markup() : out.toText();
  }

  /** Length in code points, as Python counts. */
  int length() {
    return chars.codePointCount(0, chars.length());
  }

  /** The UTF-16 offset of a code point. */
  int offset(int codePoints) {
    return chars.offsetByCodePoints(0, codePoints);
  }

  /** Whether a code point is one unit everywhere. */
  boolean isBmp() {
    return length() == chars.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text t && t.chars.equals(chars);
  }

  @Override
  public int hashCode() {
    return chars.hashCode();
  }

  @Override
  public String toString() {
    return chars;
  }
}
