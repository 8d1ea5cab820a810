package dev.vtc.program;

import java.lang.foreign.MemorySegment;

/**
 * The KV cache pages of one sequence, in order of position: page i holds positions 256·i … 256·i +
 * 255.
 */
public interface PageTable {
  /** Number of pages. */
  int size();

  /** Page i, {@code KvLayout.pageBytes()} bytes, 64-byte aligned. */
  MemorySegment page(int i);
}
