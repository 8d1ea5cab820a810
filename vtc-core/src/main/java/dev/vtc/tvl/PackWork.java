package dev.vtc.tvl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the pieces of a layout on a few threads, in ascending order of claiming. */
final class PackWork {
  private PackWork() {}

  /** What a thread does with a piece. */
  @FunctionalInterface
  interface Worker {
    void run(int index, PackedLayout.Piece piece) throws IOException;
  }

  /**
   * Returns when every piece was run, or with the first failure; no thread is left then.
   *
   * @param workers makes one worker for each thread, on that thread
   */
  static void run(
      List<PackedLayout.Piece> pieces,
      int threads,
      PackProgress progress,
      Supplier<? extends Worker> workers)
      throws IOException {
    long total = 0;
    for (PackedLayout.Piece piece : pieces) {
      total += piece.bytes();
    }
    Run run = new Run(pieces, total, progress, workers);
    List<Thread> team = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, pieces.size()); i++) {
      team.add(Thread.ofPlatform().daemon().name("vtc-pack-" + i).start(run));
    }
    run.run();
    boolean interrupted = false;
    for (Thread thread : team) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          run.fail(new InterruptedIOException("Packing was interrupted."));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (run.failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IOException(e);
    }
  }

  private static final class Run implements Runnable {
    final List<PackedLayout.Piece> pieces;
    final long total;
    final PackProgress progress;
    final Supplier<? extends Worker> workers;
    final AtomicInteger next = new AtomicInteger();
    volatile @Nullable Throwable failure;
    long done;

    Run(
        List<PackedLayout.Piece> pieces,
        long total,
        PackProgress progress,
        Supplier<? extends Worker> workers) {
      this.pieces = pieces;
      this.total = total;
      this.progress = progress;
      this.workers = workers;
    }

    @Override
    public void run() {
      try {
        Worker worker = workers.get();
        int index;
        while (failure == null && (index = next.getAndIncrement()) < pieces.size()) {
          PackedLayout.Piece piece = pieces.get(index);
          worker.run(index, piece);
          report(piece.bytes());
        }
      } catch (Throwable e) {
        fail(e);
      }
    }

    synchronized void fail(Throwable e) {
      if (failure == null) {
        failure = e;
      }
    }

    private synchronized void report(long bytes) {
      done += bytes;
      progress.update(done, total);
    }
  }
}
