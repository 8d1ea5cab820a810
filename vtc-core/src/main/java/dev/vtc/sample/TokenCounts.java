package dev.vtc.sample;

/**
 * How often each token occurs among the last tokens of a sequence. Adding is O(1); nothing is
 * allocated after construction. Not thread-safe.
 */
final class TokenCounts {
  private final int[] counts; // (vocabularySize)
  private final int[]
      seen; // (vocabularySize), the first seenCount: tokens with a count > 0, in no order
  private final int[] placeInSeen; // (vocabularySize), valid where counts > 0
  private final int[] window; // ring of the last tokens; empty: no token is ever forgotten
  private int seenCount;
  private int windowCount;
  private int windowNext;

  /**
   * @param lastN length of the window in tokens, or −1 to count all
   */
  TokenCounts(int vocabularySize, int lastN) {
    counts = new int[vocabularySize];
    seen = new int[vocabularySize];
    placeInSeen = new int[vocabularySize];
    window = new int[Math.max(0, lastN)];
  }

  void add(int id) {
    if (window.length > 0) {
      if (windowCount == window.length) {
        remove(window[windowNext]);
      } else {
        windowCount++;
      }
      window[windowNext] = id;
      windowNext = windowNext + 1 == window.length ? 0 : windowNext + 1;
    }
    if (counts[id]++ == 0) {
      placeInSeen[id] = seenCount;
      seen[seenCount++] = id;
    }
  }

  private void remove(int id) {
    if (--counts[id] == 0) {
      int last = seen[--seenCount];
      seen[placeInSeen[id]] = last;
      placeInSeen[last] = placeInSeen[id];
    }
  }

  void clear() {
    for (int i = 0; i < seenCount; i++) {
      counts[seen[i]] = 0;
    }
    seenCount = 0;
    windowCount = 0;
    windowNext = 0;
  }

  int count(int id) {
    return counts[id];
  }

  /** Number of distinct tokens. */
  int seenCount() {
    return seenCount;
  }

  /** The i-th distinct token, in no particular order. */
  int seen(int i) {
    return seen[i];
  }
}
