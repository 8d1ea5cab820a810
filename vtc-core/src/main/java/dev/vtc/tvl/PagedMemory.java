package dev.vtc.tvl;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed memory in pages of a wanted size, to measure what pages cost. What was got is to be asked
 * with {@link #hugeBytes} once the memory has been written: the system may have no huge page left,
 * and a system without them cannot be told.
 *
 * <p>Owns the memory. To be closed by one thread when no other uses it.
 */
public final class PagedMemory implements AutoCloseable {
  private final Mapping mapping;

  /**
   * Allocates, at a multiple of 2 MiB.
   *
   * @param bytes at least 1
   * @param huge whether pages of 2 MiB are wanted, or the usual ones only
   * @throws IOException where there is no room
   */
  public PagedMemory(long bytes, boolean huge) throws IOException {
    mapping = Mapping.anonymous(bytes, huge);
  }

  /** All of it. */
  public MemorySegment bytes() {
    return mapping.bytes();
  }

  /** Bytes that lie in pages of 2 MiB at this moment, or -1 where the system does not say. */
  public long hugeBytes() {
    return mapping.hugeBytes();
  }

  @Override
  public void close() {
    mapping.close();
  }
}
