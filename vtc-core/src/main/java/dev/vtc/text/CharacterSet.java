package dev.vtc.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A set of characters in a {@link WordPattern}: categories, ranges, and combinations of sets. */
final class CharacterSet {
  private interface Member {
    boolean test(int codePoint);
  }

  private static final int[] NO_RANGES = {};
  private static final Member NONE = c -> false;

  /** {@code \S}. */
  static final CharacterSet NO_SPACE = category(CodePoints.SPACE).not();

  // What belongs to it: characters of these categories,
  private final int categories;

  /** those in ranges (first, last, first, last, … in order, with gaps between), */
  private final int[] ranges;

  /** and those that combinations of other sets have. */
  private final Member combined;

  // Bits of the ASCII characters, so that most tests are one shift.
  private final long low;
  private final long high;

  private CharacterSet(int categories, int[] ranges, Member combined) {
    this.categories = categories;
    this.ranges = ranges;
    this.combined = combined;
    long low = 0;
    long high = 0;
    for (int c = 0; c < 64; c++) {
      low |= test(c) ? 1L << c : 0;
      high |= test(c + 64) ? 1L << c : 0;
    }
    this.low = low;
    this.high = high;
  }

  static CharacterSet category(int flags) {
    return new CharacterSet(flags, NO_RANGES, NONE);
  }

  static CharacterSet range(int first, int last) {
    return new CharacterSet(0, new int[] {first, last}, NONE);
  }

  static CharacterSet union(List<CharacterSet> sets) {
    if (sets.size() == 1) {
      return sets.getFirst();
    }
    int categories = 0;
    List<int[]> all = new ArrayList<>();
    Set<Member> members = new LinkedHashSet<>();
    for (CharacterSet set : sets) {
      categories |= set.categories;
      for (int i = 0; i < set.ranges.length; i += 2) {
        all.add(new int[] {set.ranges[i], set.ranges[i + 1]});
      }
      if (set.combined != NONE) {
        members.add(set.combined);
      }
    }
    Member[] some = members.toArray(Member[]::new);
    Member combined = some.length == 0 ? NONE : c -> any(some, c);
    return new CharacterSet(categories, merged(all), combined);
  }

  private static boolean any(Member[] members, int codePoint) {
    for (Member member : members) {
      if (member.test(codePoint)) {
        return true;
      }
    }
    return false;
  }

  /** Ranges in order, those that touch or overlap as one. */
  private static int[] merged(List<int[]> all) {
    all.sort(Comparator.comparingInt(range -> range[0]));
    int[] merged = new int[2 * all.size()];
    int n = 0;
    for (int[] range : all) {
      if (n > 0 && range[0] <= merged[n - 1] + 1) {
        merged[n - 1] = Math.max(merged[n - 1], range[1]);
      } else {
        merged[n++] = range[0];
        merged[n++] = range[1];
      }
    }
    return Arrays.copyOf(merged, n);
  }

  CharacterSet and(CharacterSet other) {
    return new CharacterSet(0, NO_RANGES, c -> contains(c) && other.contains(c));
  }

  CharacterSet not() {
    return new CharacterSet(0, NO_RANGES, c -> !contains(c));
  }

  boolean contains(int codePoint) {
    return codePoint < 64
        ? (low >>> codePoint & 1) != 0
        : codePoint < 128 ? (high >>> codePoint & 1) != 0 : test(codePoint);
  }

  private boolean test(int codePoint) {
    return inRanges(codePoint)
        || (categories != 0 && (CodePoints.flags(codePoint) & categories) != 0)
        || combined.test(codePoint);
  }

  private boolean inRanges(int codePoint) {
    int at = ranges.length == 0 ? -1 : Arrays.binarySearch(ranges, codePoint);
    return at >= 0 || (at & 1) == 0; // inside a range: the insertion point is its odd end
  }
}
