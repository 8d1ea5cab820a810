package dev.vtc.program;

import java.lang.foreign.MemorySegment;

/**
 * The KV cache pages of one sequence, for each group of layers in order of position: page i holds
 * positions 256·i … 256·i + 255. Of a group with a window, pages that no token to come looks at may
 * be gone.
 */
public interface PageTable {
  /** Number of pages of each group, those that are gone included. */
  int size();

  /**
   * Page i of a group, {@code KvLayout.pageBytes(group)} bytes, 64-byte aligned; an {@code
   * IllegalStateException} when it is gone.
   */
  MemorySegment page(int group, int i);
}
