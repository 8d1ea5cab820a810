package dev.vtc.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a streamed text at the first of some stop strings. Text that could still become
 * part of a stop string is held back until it is decided.
 *
 * <p>The result does not depend on how the text is cut into pieces: the stop string that is
 * complete first ends the text, and of several that are complete at the same character the longest.
 * The stop string itself is not emitted.
 *
 * <p>Each character costs one step of Knuth, Morris and Pratt's automaton for each stop string
 * ("Fast Pattern Matching in Strings", 1977), also for hostile text. Not thread-safe.
 */
public final class StopMatcher {
  private final List<String> stops;
  private final int[][] failure; // of each stop string: length of the longest border of each prefix
  private final int[]
      matched; // of each stop string: how many of its characters the end of the text matches
  private final StringBuilder held = new StringBuilder(); // not yet emitted
  private long emitted; // in UTF-16 code units
  private @Nullable String found;

  /**
   * @param stops none of them empty
   * @throws IllegalArgumentException if a stop string is empty
   */
  public StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
    this.matched = new int[stops.size()];
    this.failure = new int[stops.size()][];
    for (int s = 0; s < failure.length; s++) {
      if (stops.get(s).isEmpty()) {
        throw new IllegalArgumentException(
            "A stop string is empty, but must have at least one character.");
      }
      failure[s] = borders(stops.get(s));
    }
  }

  private static int[] borders(String pattern) {
    int[] border = new int[pattern.length()];
    int k = 0;
    for (int i = 1; i < border.length; i++) {
      while (k > 0 && pattern.charAt(i) != pattern.charAt(k)) {
        k = border[k - 1];
      }
      if (pattern.charAt(i) == pattern.charAt(k)) {
        k++;
      }
      border[i] = k;
    }
    return border;
  }

  /**
   * Takes the next piece of text.
   *
   * @return the text that is now certain to come before any stop string; empty once a stop string
   *     was found
   */
  public String feed(CharSequence piece) {
    if (found != null) {
      return "";
    }
    if (failure.length == 0) {
      emitted += piece.length();
      return piece.toString();
    }
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      held.append(c);
      int longest = -1;
      for (int s = 0; s < failure.length; s++) {
        if (advance(s, c) && (longest < 0 || stops.get(s).length() > stops.get(longest).length())) {
          longest = s;
        }
      }
      if (longest >= 0) {
        found = stops.get(longest);
        String text = take(held.length() - stops.get(longest).length());
        held.setLength(0);
        return text;
      }
    }
    int undecided = 0;
    for (int m : matched) {
      undecided = Math.max(undecided, m);
    }
    return take(held.length() - undecided);
  }

  /** One step of a stop string's automaton; whether it is complete. */
  private boolean advance(int s, char c) {
    String stop = stops.get(s);
    int m = matched[s];
    while (m > 0 && stop.charAt(m) != c) {
      m = failure[s][m - 1];
    }
    if (stop.charAt(m) == c) {
      m++;
    }
    matched[s] = m;
    return m == stop.length();
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    emitted += length;
    return text;
  }

  /** The generation is over: the text that was held back and is no stop string. */
  public String finish() {
    return take(held.length());
  }

  /** Whether a stop string was found. */
  public boolean stopped() {
    return found != null;
  }

  /** The stop string that ended the text, or null. */
  public @Nullable String stopString() {
    return found;
  }

  /** Length of the text emitted so far in UTF-16 code units; once stopped, where the text ends. */
  public long emittedLength() {
    return emitted;
  }
}
