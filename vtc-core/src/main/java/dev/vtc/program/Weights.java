package dev.vtc.program;

import dev.vtc.tvl.PackedTensor;
import java.lang.foreign.MemorySegment;

/**
 * Where the weights of a program lie. The memory must outlive every executable that was compiled
 * with it.
 */
public interface Weights {
  /**
   * The packed matrix with this name, or {@code IllegalArgumentException}. The name {@code
   * NAME[FROM:TO]} stands for those rows of a fused matrix.
   */
  PackedTensor matrix(String name);

  /**
   * The f32 elements of a vector (norm weight, bias), 64-byte aligned, or {@code
   * IllegalArgumentException}.
   */
  MemorySegment vector(String name);
}
