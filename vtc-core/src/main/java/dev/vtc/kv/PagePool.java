package dev.vtc.kv;

import dev.vtc.program.KvLayout;
import dev.vtc.tvl.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages of the KV cache, up to a fixed number of bytes. Pages that are given back are used again
 * before new ones are allocated. Owns the memory: {@link #close} ends the life of all pages. Safe
 * for use by several threads.
 */
public final class PagePool implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final KvLayout layout;
  private final int maxPages;
  private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
  private final List<MemorySegment> all = new ArrayList<>();

  /**
   * An empty pool.
   *
   * @param maxBytes the most that all pages together may take; at least one page is possible
   *     whatever it says
   */
  public PagePool(KvLayout layout, long maxBytes) {
    this.layout = layout;
    maxPages = Math.clamp(maxBytes / layout.pageBytes(), 1, Integer.MAX_VALUE);
  }

  public KvLayout layout() {
    return layout;
  }

  /**
   * A page nobody else has. Its content is what its last user left: positions that were not stored
   * are never read.
   *
   * @throws OutOfMemoryError never; {@link IllegalStateException} when all pages are taken
   */
  public synchronized MemorySegment take() {
    MemorySegment page = free.poll();
    if (page != null) {
      return page;
    }
    if (all.size() == maxPages) {
      throw new IllegalStateException(
          "The KV cache is full: all "
              + maxPages
              + " pages of "
              + layout.pageBytes()
              + " bytes are in use. Close sessions, use a smaller context, or allow more memory.");
    }
    MemorySegment fresh = LazyMemory.allocate(arena, layout.pageBytes());
    all.add(fresh);
    return fresh;
  }

  /** Gives a page back; its user must not touch it any more. */
  public synchronized void give(MemorySegment page) {
    free.push(page);
  }

  /** Bytes allocated so far. */
  public synchronized long allocatedBytes() {
    return all.size() * layout.pageBytes();
  }

  @Override
  public void close() {
    arena.close();
  }
}
