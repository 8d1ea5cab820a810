package dev.vtc.session;

import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A job that computes logits of given tokens and hands them to whoever asked. */
public final class Evaluation extends Job {
  /** Takes logits, on the engine's thread. */
  public interface Consumer {
    /**
     * Logits of one token.
     *
     * @param position the token's position; the logits are those of the token after it
     * @param logits f32, valid only during the call
     */
    void accept(int position, MemorySegment logits);
  }

  private final boolean all;
  private final Consumer consumer;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private volatile boolean cancelled;

  private Evaluation(
      SequencePages pages, int[] tokens, int position, boolean all, Consumer consumer) {
    super(pages);
    this.all = all;
    this.consumer = consumer;
    pend(tokens, 0, tokens.length, position);
  }

  /**
   * Computes tokens and waits for the end.
   *
   * @param position position of the first token; all before it are in the pages
   * @param all logits of every token, or only of the last
   * @throws InterruptedException when the waiting thread is interrupted: the evaluation is
   *     cancelled
   */
  public static void run(
      Engine engine,
      SequencePages pages,
      int[] tokens,
      int position,
      boolean all,
      Consumer consumer)
      throws InterruptedException {
    Evaluation job = new Evaluation(pages, tokens, position, all, consumer);
    engine.submit(job);
    try {
      job.done.get();
    } catch (InterruptedException e) {
      job.cancelled = true;
      job.done.join(); // the pages are the engine's until it lets go of the job
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  protected boolean cancelled() {
    return cancelled;
  }

  @Override
  protected boolean wantsAll() {
    return all;
  }

  @Override
  protected void computed(Executable executable, int row, int rows) {
    for (int i = 0; i < rows; i++) {
      consumer.accept(position() - rows + i, executable.logits(row + i));
    }
  }

  @Override
  protected void ended(@Nullable Throwable failure) {
    if (failure == null) {
      done.complete(true);
    } else {
      done.completeExceptionally(failure);
    }
  }
}
