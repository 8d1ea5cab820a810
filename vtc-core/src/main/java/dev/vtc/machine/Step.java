package dev.vtc.machine;

import dev.vtc.program.KvLayout;
import dev.vtc.program.PageTable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one step computes: tokens of one or several sequences, and which of them want logits. Filled
 * by the caller, used again for the next step: {@link #clear}, then {@link #add} for each sequence.
 * Decoding, a chunk of a prompt, a draft to verify and a batch are the same step with other
 * numbers. Nothing is allocated after construction. Not safe for use by several threads.
 */
public final class Step {
  private final Limits limits;
  private final int[] ids;
  private final int[] positions;
  private final int[] wanted;
  private final int[] runFirst;
  private final int[] runCount;
  private final @Nullable PageTable[] runPages;
  private int tokens;
  private int wantedCount;
  private int runs;

  /** A step of no tokens. */
  public Step(Limits limits) {
    this.limits = limits;
    ids = new int[limits.tokens()];
    positions = new int[limits.tokens()];
    wanted = new int[limits.wanted()];
    runFirst = new int[limits.runs()];
    runCount = new int[limits.runs()];
    runPages = new PageTable[limits.runs()];
  }

  /** Forgets all tokens. */
  public void clear() {
    tokens = 0;
    wantedCount = 0;
    runs = 0;
    Arrays.fill(runPages, null);
  }

  /**
   * Adds a run: consecutive tokens of one sequence. A sequence may have one run in a step.
   *
   * @param tokenIds the ids
   * @param from index of the first of them
   * @param count how many
   * @param position position of the first in its sequence; all earlier ones are in the pages
   *     already
   * @param pages the sequence's pages, enough for all positions of the run
   * @param wantedFrom index in the run of the first token whose logits are wanted; {@code count}
   *     for none
   */
  public void add(
      int[] tokenIds, int from, int count, int position, PageTable pages, int wantedFrom) {
    Objects.checkFromIndexSize(from, count, tokenIds.length);
    Objects.checkIndex(wantedFrom, count + 1);
    if (count < 1
        || tokens + count > limits.tokens()
        || runs + 1 > limits.runs()
        || wantedCount + count - wantedFrom > limits.wanted()
        || position < 0
        || position + count > limits.positions()
        || position + count > pages.size() * KvLayout.PAGE_POSITIONS) {
      throw new IllegalArgumentException(
          "A run of "
              + count
              + " tokens at position "
              + position
              + " with "
              + (count - wantedFrom)
              + " wanted and "
              + pages.size()
              + " pages does not fit a step of "
              + limits
              + " that has "
              + tokens
              + " tokens, "
              + wantedCount
              + " wanted.");
    }
    runFirst[runs] = tokens;
    runCount[runs] = count;
    runPages[runs] = pages;
    runs++;
    for (int i = 0; i < count; i++) {
      if (i >= wantedFrom) {
        wanted[wantedCount++] = tokens;
      }
      ids[tokens] = tokenIds[from + i];
      positions[tokens] = position + i;
      tokens++;
    }
  }

  public Limits limits() {
    return limits;
  }

  /** Number of tokens. */
  public int tokens() {
    return tokens;
  }

  /** Token id of token i. */
  public int id(int i) {
    return ids[i];
  }

  /** Position of token i in its sequence. */
  public int position(int i) {
    return positions[i];
  }

  /** Number of tokens whose logits are wanted. */
  public int wanted() {
    return wantedCount;
  }

  /** Index of the i-th token whose logits are wanted: its logits are row i. */
  public int wanted(int i) {
    return wanted[i];
  }

  /** Number of runs. */
  public int runs() {
    return runs;
  }

  /** Index of a run's first token. */
  public int runFirst(int run) {
    return runFirst[run];
  }

  /** Number of a run's tokens. */
  public int runCount(int run) {
    return runCount[run];
  }

  /** The pages of a run's sequence. */
  public PageTable runPages(int run) {
    return Objects.requireNonNull(runPages[run]);
  }
}
