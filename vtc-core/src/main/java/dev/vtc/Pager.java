package dev.vtc;

import dev.vtc.session.Threads;
import dev.vtc.tvl.PackedModel;
import dev.vtc.tvl.Pages;
import java.io.IOException;

/**
 * Brings the weights in before the first step asks for them and, unless the user has chosen how,
 * sees to huge pages where the mapping did not bring them. Works on a thread of its own beside
 * everything else; must be closed before the model it works on.
 */
final class Pager implements AutoCloseable {
  private final Thread thread;
  private volatile boolean closing;

  Pager(PackedModel packed, Pages wanted) {
    thread = Thread.ofPlatform().daemon().name("vtc-pages").start(() -> work(packed, wanted));
  }

  private void work(PackedModel packed, Pages wanted) {
    packed.prefault(() -> !closing);
    try {
      if (wanted == Pages.AUTO && !closing) {
        packed.improvePages();
      }
    } catch (IOException e) {
      System.getLogger(Pager.class.getName())
          .log(System.Logger.Level.DEBUG, "Weights stay in small pages: " + e.getMessage());
    }
  }

  /** Waits until there is nothing more to be done. */
  void await() {
    Threads.awaitEnd(thread);
  }

  @Override
  public void close() {
    closing = true;
    await();
  }
}
