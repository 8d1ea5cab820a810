package dev.vtc.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C (or a kill) end a piece of work in an orderly way: the work is told to stop, and the
 * process ends once it has, with the exit code of the signal.
 *
 * <p>Uses a shutdown hook, which is all that Java offers without internal classes: the JVM waits
 * for the hook, and the hook for the work.
 */
public final class Interrupt implements AutoCloseable {
  private static final long GRACE_SECONDS = 5;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean happened;

  /**
   * Begins to watch.
   *
   * @param stop tells the work to stop; called on another thread
   */
  public Interrupt(Runnable stop) {
    this(stop, GRACE_SECONDS);
  }

  /**
   * Begins to watch.
   *
   * @param stop tells the work to stop; called on another thread
   * @param graceSeconds how long the work may take to come to its end
   */
  public Interrupt(Runnable stop, long graceSeconds) {
    hook =
        new Thread(() -> {
          happened = true;
          stop.run();
          try {
            if (!done.await(graceSeconds, TimeUnit.SECONDS)) {
              return; // it does not stop: end without it
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean happened() {
    return happened;
  }

  /** The work has ended and everything is printed. */
  @Override
  public void close() {
    done.countDown();
    if (!happened) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending just now.
      }
    }
  }
}
