package dev.vtc.text;

import java.util.ArrayList;
import java.util.List;

/** A set of characters in a {@link WordPattern}: categories, ranges, and combinations of sets. */
final class CharacterSet {
  /** Tests characters. */
  private interface Member {
    boolean test(int codePoint);
  }

  private final Member member;

  // Bits of the ASCII characters, so that most tests are one shift.
  private final long low;
  private final long high;

  private CharacterSet(Member member) {
    this.member = member;
    long low = 0;
    long high = 0;
    for (int c = 0; c < 64; c++) {
      low |= member.test(c) ? 1L << c : 0;
      high |= member.test(c + 64) ? 1L << c : 0;
    }
    this.low = low;
    this.high = high;
  }

  static CharacterSet category(int flags) {
    return new CharacterSet(c -> (CodePoints.flags(c) & flags) != 0);
  }

  static CharacterSet range(int first, int last) {
    return new CharacterSet(c -> c >= first && c <= last);
  }

  static CharacterSet union(List<CharacterSet> sets) {
    CharacterSet[] all = new ArrayList<>(sets).toArray(CharacterSet[]::new);
    if (all.length == 1) {
      return all[0];
    }
    return new CharacterSet(c -> {
      for (CharacterSet set : all) {
        if (set.contains(c)) {
          return true;
        }
      }
      return false;
    });
  }

  CharacterSet and(CharacterSet other) {
    return new CharacterSet(c -> contains(c) && other.contains(c));
  }

  CharacterSet not() {
    return new CharacterSet(c -> !contains(c));
  }

  boolean contains(int codePoint) {
    return codePoint < 64
        ? (low >>> codePoint & 1) != 0
        : codePoint < 128 ? (high >>> codePoint & 1) != 0 : member.test(codePoint);
  }
}
