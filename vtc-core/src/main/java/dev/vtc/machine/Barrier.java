package dev.vtc.machine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the threads of a team meet between two instructions of the portable machine. Spins briefly,
 * then yields: with more threads than free cores, spinning alone costs a factor of ten.
 */
public final class Barrier {
  private static final int SPINS = 2_000;

  private final int threads;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int phase;
  private volatile boolean broken;

  public Barrier(int threads) {
    this.threads = threads;
  }

  /**
   * Waits until all threads have called this; the last one runs {@code between} while the others
   * still wait.
   */
  @SuppressWarnings("ThreadPriorityCheck") // yielding is what keeps an oversubscribed machine going
  public void await(Runnable between) {
    int mine = phase;
    if (arrived.incrementAndGet() == threads) {
      arrived.set(0);
      between.run();
      phase = mine + 1;
      return;
    }
    int spins = 0;
    while (phase == mine) {
      if (broken) {
        throw new IllegalStateException("Another thread of the team failed.");
      }
      if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /** Releases all that wait, with an exception: called by a thread that will not arrive. */
  public void breakOff() {
    broken = true;
  }

  /** Makes the barrier whole again; no thread may be inside. */
  public void reset() {
    broken = false;
    arrived.set(0);
  }
}
