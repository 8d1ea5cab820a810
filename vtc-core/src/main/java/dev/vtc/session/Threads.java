package dev.vtc.session;

/** Waiting for threads. */
public final class Threads {
  private Threads() {}

  /**
   * Returns when the thread has ended, however often the waiting thread is interrupted meanwhile;
   * it is interrupted again then. Returns at once when the thread waits for itself.
   */
  public static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
