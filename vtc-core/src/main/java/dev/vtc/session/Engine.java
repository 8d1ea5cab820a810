package dev.vtc.session;

import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Step;
import dev.vtc.sample.NonFiniteLogitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs: every step carries one token of each sequence that decodes and fills up with chunks of
 * prompts, so a long prompt does not hold up the others for longer than a chunk takes. One thread
 * of its own drives the steps; it is parked while there are no jobs.
 *
 * <p>Owns the thread, not the executable.
 */
public final class Engine implements AutoCloseable {
  private final Executable executable;
  private final @Nullable FirstNonFinite firstNonFinite;
  private final Limits limits;
  private final int chunk;
  private final Step step;
  private final List<Job> inbox = new ArrayList<>();
  private final List<Job> active = new ArrayList<>();
  private final List<Job> planned = new ArrayList<>();
  private final int[] plannedTokens;
  private final int[] plannedRows;
  private final Thread thread;
  private boolean closed;
  private final AtomicLong steps = new AtomicLong();

  /**
   * Starts the engine's thread.
   *
   * @param chunk tokens of a prompt that one step takes at the most
   * @param firstNonFinite names the instruction where a logit is not finite; null leaves that out
   */
  public Engine(
      Executable executable, Limits limits, int chunk, @Nullable FirstNonFinite firstNonFinite) {
    this.executable = executable;
    this.firstNonFinite = firstNonFinite;
    this.limits = limits;
    this.chunk = Math.clamp(chunk, 1, limits.tokens());
    step = new Step(limits);
    plannedTokens = new int[limits.runs()];
    plannedRows = new int[limits.runs()];
    thread = Thread.ofPlatform().daemon().name("vtc-engine").unstarted(this::loop);
    thread.start();
  }

  /** Takes a job with pending tokens; {@link Job#ended} is called when it is done. */
  public void submit(Job job) {
    synchronized (inbox) {
      if (closed) {
        throw new IllegalStateException("The model is closed.");
      }
      inbox.add(job);
      inbox.notifyAll();
    }
  }

  /** Steps run so far. */
  public long steps() {
    return steps.get();
  }

  private void loop() {
    while (true) {
      synchronized (inbox) {
        while (inbox.isEmpty() && active.isEmpty() && !closed) {
          try {
            inbox.wait();
          } catch (InterruptedException ignored) {
            // Nobody but close ends this thread.
          }
        }
        active.addAll(inbox);
        inbox.clear();
        if (closed) {
          end(active, new IllegalStateException("The model was closed."));
          return;
        }
      }
      removeCancelled();
      plan();
      if (!planned.isEmpty()) {
        runStep();
      }
    }
  }

  private void removeCancelled() {
    for (int i = active.size() - 1; i >= 0; i--) {
      Job job = active.get(i);
      if (job.cancelled()) {
        active.remove(i);
        job.ended(null);
      }
    }
  }

  private void plan() {
    step.clear();
    planned.clear();
    plan(true);
    plan(false);
  }

  /**
   * Adds the jobs that have one token pending, or those that have more, as far as the step has
   * room.
   */
  private void plan(boolean single) {
    for (int i = 0; i < active.size() && planned.size() < limits.runs(); i++) {
      Job job = active.get(i);
      if ((job.pending() == 1) != single) {
        continue;
      }
      int n = Math.min(Math.min(job.pending(), chunk), limits.tokens() - step.tokens());
      int wantedRoom = limits.wanted() - step.wanted();
      if (job.wantsAll()) {
        n = Math.min(n, wantedRoom);
      } else if (n == job.pending() && wantedRoom == 0) {
        n--;
      }
      if (n <= 0) {
        continue;
      }
      int wantedFrom = job.wantsAll() ? 0 : n == job.pending() ? n - 1 : n;
      try {
        job.pages.reserve(job.position(), job.position() + n);
        step.add(job.tokens(), job.from(), n, job.position(), job.pages, wantedFrom);
      } catch (IllegalStateException | IllegalArgumentException e) {
        active.remove(i--);
        job.ended(e);
        continue;
      }
      plannedTokens[planned.size()] = n;
      plannedRows[planned.size()] = n - wantedFrom;
      planned.add(job);
    }
  }

  private void runStep() {
    try {
      executable.run(step);
      steps.incrementAndGet();
    } catch (RuntimeException | Error e) {
      active.removeAll(planned);
      end(planned, e);
      return;
    }
    int row = 0;
    for (int i = 0; i < planned.size(); i++) {
      Job job = planned.get(i);
      Throwable failure = null;
      try {
        job.advance(plannedTokens[i]);
        job.computed(executable, row, plannedRows[i]);
      } catch (NonFiniteLogitException e) {
        failure = named(e);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      row += plannedRows[i];
      if (failure != null || job.pending() == 0) {
        active.remove(job);
        job.ended(failure);
      }
    }
  }

  /** The failure with the instruction that caused it. */
  private RuntimeException named(NonFiniteLogitException e) {
    try {
      String instruction = firstNonFinite == null ? null : firstNonFinite.instruction(step);
      return instruction == null
          ? e
          : new IllegalStateException(
              e.getMessage()
                  + " The first number of this step that is not finite comes from instruction "
                  + instruction
                  + " (vtc inspect --program lists them).",
              e);
    } catch (RuntimeException failed) {
      e.addSuppressed(failed);
      return e;
    }
  }

  private static void end(List<Job> jobs, @Nullable Throwable failure) {
    for (Job job : jobs) {
      job.ended(failure);
    }
    jobs.clear();
  }

  /** Ends all jobs and the thread; returns when it has ended. */
  @Override
  public void close() {
    synchronized (inbox) {
      closed = true;
      inbox.notifyAll();
    }
    Threads.awaitEnd(thread);
  }
}
