package dev.vtc.machine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run steps together. The caller of {@link #run} is thread 0; the others wait between
 * steps, first spinning briefly, then yielding, and parked before a millisecond has passed.
 *
 * <p>One {@code run} at a time; several callers wait for each other. The threads are daemons and
 * end with {@link #close}.
 */
public final class ThreadTeam implements AutoCloseable {
  /** What every thread of the team does in a step. */
  public interface Task {
    /**
     * One thread's share of the step.
     *
     * @param thread 0 … threads - 1
     */
    void run(int thread);
  }

  // Between two decode steps lie some ten microseconds of sampling: a worker that spins through
  // them starts at once, while one that
  // is parked needs 50 µs to wake. More spinning than this only steals time from others on an
  // oversubscribed machine.
  private static final long SPIN_NANOS = 20_000;
  private static final long YIELD_NANOS = 800_000;

  private final Thread[] workers;
  private volatile int epoch;
  private volatile boolean closed;
  private @Nullable Task task;
  private final java.util.concurrent.atomic.AtomicInteger running =
      new java.util.concurrent.atomic.AtomicInteger();
  private volatile @Nullable Throwable failure;

  /**
   * Starts the threads.
   *
   * @param threads number of threads, the caller of {@link #run} included; at least 1
   */
  public ThreadTeam(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException(
          "A team of " + threads + " threads: 1 to 1024 are possible.");
    }
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int thread = i + 1;
      workers[i] = Thread.ofPlatform().daemon().name("vtc-" + thread).unstarted(() -> work(thread));
    }
    for (Thread worker : workers) {
      worker.start();
    }
  }

  /** Number of threads, the caller's included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs a task on every thread of the team; returns when all have finished. A failure of any
   * thread is thrown here, after all have finished: a task must not wait for a thread that may have
   * failed.
   */
  @SuppressWarnings("ThreadPriorityCheck") // yielding is what keeps an oversubscribed machine going
  public synchronized void run(Task task) {
    if (closed) {
      throw new IllegalStateException("This thread team is closed.");
    }
    this.task = task;
    running.set(workers.length);
    epoch++; // publishes task
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    try {
      task.run(0);
    } catch (Throwable t) { // whatever it is, the others must come to their end first
      failure = t;
    }
    long start = System.nanoTime();
    while (running.get() > 0) {
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    Throwable failed = failure;
    if (failed != null) {
      failure = null;
      switch (failed) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failed);
      }
    }
  }

  private void work(int thread) {
    int seen = 0;
    while (true) {
      seen = await(seen);
      if (closed) {
        return;
      }
      Task now = task;
      try {
        if (now != null) {
          now.run(thread);
        }
      } catch (Throwable t) { // reported by run
        failure = t;
      }
      running.decrementAndGet();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck")
  private int await(int seen) {
    long start = System.nanoTime();
    while (epoch == seen && !closed) {
      long waited = System.nanoTime() - start;
      if (waited < SPIN_NANOS) {
        Thread.onSpinWait();
      } else if (waited < YIELD_NANOS) {
        Thread.yield();
      } else {
        LockSupport.park(this);
      }
    }
    return seen + 1;
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }
}
