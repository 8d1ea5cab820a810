package dev.vtc;

import dev.vtc.machine.Executable;
import dev.vtc.sample.Candidates;
import dev.vtc.sample.Sampler;
import dev.vtc.sample.StopMatcher;
import dev.vtc.session.Job;
import dev.vtc.text.IncrementalDetokenizer;
import dev.vtc.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An answer while it is made: tokens to iterate over as they come. The engine does not wait for
 * whoever reads them.
 *
 * <p>Safe for use by several threads: one iterates, any may {@link #cancel}. Closing cancels.
 */
public final class Generation implements Iterable<Token>, AutoCloseable {
  private final Worker worker;
  private final Queue<Token> queue = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final long start = System.nanoTime();
  private final int promptTokens;
  private final int reused;
  private volatile boolean cancelled;
  private boolean ended;

  /**
   * For those who wait for the end alone: woken once, not for each token. On two cores a thread
   * that wakes for each token takes a core from the team that computes the next one.
   */
  private final CountDownLatch end = new CountDownLatch(1);

  private @Nullable FinishReason reason;
  private @Nullable Throwable failure;
  private int generated;
  private long firstNanos;
  private long lastNanos;

  Generation(Session session, GenerationOptions options, int promptTokens, int reused) {
    this.promptTokens = promptTokens;
    this.reused = reused;
    worker = new Worker(session, options);
  }

  Job job() {
    return worker;
  }

  /** The engine's side: chooses a token after each step. On the engine's thread only. */
  private final class Worker extends Job {
    private final Session session;
    private final GenerationOptions options;
    private final Sampler sampler;
    private final Candidates candidates;
    private final StopMatcher stops;
    private final @Nullable IncrementalDetokenizer detokenizer;

    Worker(Session session, GenerationOptions options) {
      super(session.pages());
      this.session = session;
      this.options = options;
      int vocabulary = session.model().program().vocabulary();
      sampler = new Sampler(options.sampling(), vocabulary);
      boolean bestOnly =
          options.sampling().isGreedy()
              && options.sampling().topLogprobs() <= 0
              && !options.sampling().hasPenalties()
              && options.sampling().logitBias().isEmpty();
      candidates = new Candidates(vocabulary, bestOnly ? 1 : Candidates.DEFAULT_TOP);
      stops = new StopMatcher(options.stop());
      Tokenizer tokenizer = session.model().tokenizer().orElse(null);
      detokenizer = tokenizer == null ? null : tokenizer.detokenizer(false, false);
      for (int i = 0; i < promptTokens; i++) {
        sampler.accept(session.history()[i]);
      }
      pend(session.history(), reused, promptTokens - reused, reused);
    }

    @Override
    protected boolean cancelled() {
      return cancelled;
    }

    @Override
    protected boolean wantsAll() {
      return false;
    }

    @Override
    protected void computed(Executable executable, int row, int rows) {
      session.computed(position());
      if (rows == 0) {
        return;
      }
      candidates.selectFrom(executable.logits(row), executable.tileMax(row));
      int id = sampler.sample(candidates);
      sampler.accept(id);
      lastNanos = System.nanoTime();
      if (generated == 0) {
        firstNanos = lastNanos;
      }
      generated++;
      if (!options.ignoreEnd() && session.model().endsWith(id)) {
        finish(FinishReason.END);
        return;
      }
      String piece = detokenizer == null ? "" : stops.feed(detokenizer.accept(id));
      offer(id, piece);
      int next = position();
      if (stops.stopped()) {
        finish(FinishReason.STOP);
      } else if (generated >= options.maxTokens()) {
        finish(FinishReason.LENGTH);
      } else if (next >= session.model().context()) {
        finish(FinishReason.CONTEXT);
      } else {
        session.history()[next] = id;
        pend(session.history(), next, 1, next);
      }
    }

    private void offer(int id, String piece) {
      boolean logprobs = options.sampling().topLogprobs() >= 0;
      Token token =
          new Token(
              id,
              piece,
              logprobs ? sampler.chosenLogprob() : Double.NaN,
              options.sampling().topLogprobs() > 0
                  ? List.copyOf(sampler.topLogprobs())
                  : List.of());
      synchronized (queue) {
        queue.add(token);
        text.append(piece);
        queue.notifyAll();
      }
    }

    private void finish(FinishReason why) {
      if (!stops.stopped()) {
        String rest =
            (detokenizer == null ? "" : stops.feed(detokenizer.finish())) + stops.finish();
        if (!rest.isEmpty()) {
          synchronized (queue) {
            queue.add(new Token(-1, rest, Double.NaN, List.of()));
            text.append(rest);
          }
        }
      }
      synchronized (queue) {
        reason = why;
      }
    }

    @Override
    protected void ended(@Nullable Throwable why) {
      session.released();
      synchronized (queue) {
        failure = why;
        if (reason == null && why == null) {
          finish(FinishReason.CANCELLED);
        }
        ended = true;
        queue.notifyAll();
      }
      end.countDown();
    }
  }

  /**
   * The tokens in order. They can be read once: a second iterator goes on where the first one is.
   */
  @Override
  public Iterator<Token> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        synchronized (queue) {
          while (queue.isEmpty() && !ended) {
            waitForQueue();
          }
          rethrow();
          return !queue.isEmpty();
        }
      }

      @Override
      public Token next() {
        synchronized (queue) {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return queue.remove();
        }
      }
    };
  }

  private void waitForQueue() {
    try {
      queue.wait();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private IllegalStateException interrupted(InterruptedException e) {
    cancel();
    Thread.currentThread().interrupt();
    return new IllegalStateException(
        "Interrupted while a token was awaited; the generation is cancelled.", e);
  }

  private void rethrow() {
    if (queue.isEmpty() && failure != null) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  /** Ends the generation before its next step. What was generated so far stays. */
  public void cancel() {
    cancelled = true;
  }

  /** Waits for the end, and returns the whole text. */
  public String await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    synchronized (queue) {
      if (failure != null) {
        throw new IllegalStateException(failure.getMessage(), failure);
      }
      return text.toString();
    }
  }

  /** The text so far. */
  public String text() {
    synchronized (queue) {
      return text.toString();
    }
  }

  /** Why it ended; null while it runs or if it failed. */
  public @Nullable FinishReason finishReason() {
    synchronized (queue) {
      return ended ? reason : null;
    }
  }

  /** What it took so far. */
  public GenerationStats stats() {
    synchronized (queue) {
      return new GenerationStats(
          promptTokens,
          reused,
          generated,
          generated == 0 ? 0 : firstNanos - start,
          generated == 0 ? 0 : lastNanos - firstNanos);
    }
  }

  /** Cancels and waits until the engine has let go of it. */
  @Override
  public void close() {
    cancel();
    boolean interrupted = false;
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
