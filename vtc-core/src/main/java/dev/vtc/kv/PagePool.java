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
 * before new ones are allocated, and freed where pages of another group need their room. Owns the
 * memory: {@link #close} ends the life of all pages. Safe for use by several threads.
 */
public final class PagePool implements AutoCloseable {
  /** A page, which lives until it is freed, or the pool ends. */
  static final class Page {
    private final Arena arena = Arena.ofShared();
    private final int group;
    private final MemorySegment memory;

    private Page(int group, long bytes) {
      this.group = group;
      memory = LazyMemory.allocate(arena, bytes);
    }

    MemorySegment memory() {
      return memory;
    }
  }

  private final KvLayout layout;
  private final long maxBytes;
  private final List<ArrayDeque<Page>> free = new ArrayList<>();
  private final List<Page> all = new ArrayList<>();
  private long allocated;

  /**
   * An empty pool.
   *
   * @param maxBytes the most that all pages together may take; at least one page of each group is
   *     possible whatever it says
   */
  public PagePool(KvLayout layout, long maxBytes) {
    this.layout = layout;
    long least = 0;
    for (int g = 0; g < layout.groups(); g++) {
      free.add(new ArrayDeque<>());
      least += layout.pageBytes(g);
    }
    this.maxBytes = Math.max(maxBytes, least);
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
  synchronized Page take(int group) {
    Page page = free.get(group).poll();
    if (page != null) {
      return page;
    }
    long bytes = layout.pageBytes(group);
    for (int g = 0; g < free.size() && allocated + bytes > maxBytes; g++) {
      freeUntil(maxBytes - bytes, g);
    }
    if (allocated + bytes > maxBytes) {
      throw new IllegalStateException(
          "The KV cache is full: all of its "
              + maxBytes
              + " bytes are in use. Close sessions, use a smaller context, or allow more memory.");
    }
    Page fresh = new Page(group, bytes);
    all.add(fresh);
    allocated += bytes;
    return fresh;
  }

  /** Frees pages of a group that nobody has, until no more than so many bytes are left in all. */
  private void freeUntil(long bytes, int group) {
    while (allocated > bytes && !free.get(group).isEmpty()) {
      Page page = free.get(group).poll();
      all.remove(page);
      page.arena.close();
      allocated -= layout.pageBytes(group);
    }
  }

  /** Gives a page back; its user must not touch it any more. */
  synchronized void give(Page page) {
    free.get(page.group).push(page);
  }

  /** Bytes allocated so far. */
  public synchronized long allocatedBytes() {
    return allocated;
  }

  @Override
  public void close() {
    for (Page page : all) {
      page.arena.close();
    }
    all.clear();
  }
}
