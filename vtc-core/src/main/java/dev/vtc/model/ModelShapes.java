package dev.vtc.model;

import dev.vtc.program.Matrix;
import java.lang.foreign.MemorySegment;

/** What a program is built from: which matrices and vectors a model has, and of which shape. */
public interface ModelShapes {
  /** True when there is a matrix or vector with this name. */
  boolean has(String name);

  /**
   * The shape of a matrix, or {@code IllegalArgumentException}. The name {@code NAME[FROM:TO]}
   * stands for those rows of a fused matrix.
   */
  Matrix shape(String name);

  /** The f32 elements of a vector, or {@code IllegalArgumentException}. */
  MemorySegment vector(String name);
}
