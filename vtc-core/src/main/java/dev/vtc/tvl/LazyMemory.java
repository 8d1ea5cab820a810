package dev.vtc.tvl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed memory that takes room, and time, only where it is touched. An arena's own memory is
 * filled with zeros when it is allocated, and then resident: 20 of 180 MB for the buffers of a step
 * of 512 tokens of SmolLM2-135M (Zen 5, 2026-11-26), of which decoding touches a hundredth.
 */
public final class LazyMemory {
  /** Below this an arena's memory is as good, and wastes no page. */
  private static final long LEAST = 64 << 10;

  private LazyMemory() {}

  /** Bytes that this process may still take without harm, as the system says; 0 if it does not. */
  public static long availableBytes() {
    return Mapping.NATIVE ? LinuxMemory.availableBytes() : 0;
  }

  /**
   * Allocates.
   *
   * @param arena whose life the memory has
   * @param bytes at least 1
   * @return as long as asked for, at a multiple of 64 bytes
   */
  public static MemorySegment allocate(Arena arena, long bytes) {
    if (bytes >= LEAST && Mapping.NATIVE) {
      try {
        return LinuxMemory.anonymous(arena, bytes);
      } catch (IOException e) {
        // The arena may find room elsewhere, or says that there is none.
      }
    }
    return arena.allocate(bytes, TvlFormat.LINE_BYTES);
  }
}
