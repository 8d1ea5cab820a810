package dev.vtc.kv;

import dev.vtc.program.KvLayout;
import dev.vtc.program.PageTable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The pages of one sequence. Not safe for use by several threads at a time. */
public final class SequencePages implements PageTable, AutoCloseable {
  private final PagePool pool;
  private final List<MemorySegment> pages = new ArrayList<>();

  /** A sequence without positions. */
  public SequencePages(PagePool pool) {
    this.pool = pool;
  }

  @Override
  public int size() {
    return pages.size();
  }

  @Override
  public MemorySegment page(int i) {
    return pages.get(i);
  }

  /**
   * Makes room for positions 0 … positions - 1; an {@code IllegalStateException} when the pool is
   * exhausted.
   */
  public void reserve(int positions) {
    while (pages.size() * KvLayout.PAGE_POSITIONS < positions) {
      pages.add(pool.take());
    }
  }

  /** Gives back all pages that positions 0 … positions - 1 do not need. */
  public void truncate(int positions) {
    while ((pages.size() - 1) * KvLayout.PAGE_POSITIONS >= positions && !pages.isEmpty()) {
      pool.give(pages.removeLast());
    }
  }

  @Override
  public void close() {
    truncate(0);
  }
}
