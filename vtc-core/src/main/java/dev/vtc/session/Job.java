package dev.vtc.session;

import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;

/**
 * Tokens of one sequence that want to be computed. The engine takes them in chunks and calls back
 * after each step, on its own thread; a job is touched by no other thread while it is submitted.
 */
public abstract class Job {
  final SequencePages pages;
  private int[] pending = {};
  private int from;
  private int count;
  private int position;

  /**
   * A job without tokens.
   *
   * @param pages the sequence's pages; they belong to the caller
   */
  protected Job(SequencePages pages) {
    this.pages = pages;
  }

  /**
   * Sets what is to be computed next.
   *
   * @param tokens ids; not copied
   * @param first index of the first one to compute
   * @param number how many
   * @param at position of the first in its sequence
   */
  protected final void pend(int[] tokens, int first, int number, int at) {
    pending = tokens;
    from = first;
    count = number;
    position = at;
  }

  /** Tokens that are still to be computed; 0 when the job is done. */
  protected final int pending() {
    return count;
  }

  /** Position of the next token to be computed. */
  protected final int position() {
    return position;
  }

  /**
   * True when somebody wants this job to end before its tokens are computed; asked before each
   * step.
   */
  protected abstract boolean cancelled();

  /** True when the logits of every token are wanted, false when only those of the last one are. */
  protected abstract boolean wantsAll();

  /**
   * Some pending tokens have been computed. A generation samples here and pends the next token.
   *
   * @param executable has the logits
   * @param row the first of this job's rows of logits
   * @param rows how many logits there are: {@code computed} if all are wanted, 1 after the last
   *     pending token, else 0
   */
  protected abstract void computed(Executable executable, int row, int rows);

  /**
   * The job has left the engine: {@code failure} says why, null when all its tokens are computed or
   * it was cancelled.
   */
  protected abstract void ended(@org.jspecify.annotations.Nullable Throwable failure);

  final int[] tokens() {
    return pending;
  }

  final int from() {
    return from;
  }

  final void advance(int computed) {
    from += computed;
    count -= computed;
    position += computed;
  }
}
