package dev.vtc.model;

import dev.vtc.program.Rope;
import org.jspecify.annotations.Nullable;

/**
 * How a layer attends.
 *
 * @param rope what turns keys; null for a layer without position embedding
 * @param queryRope what turns queries
 * @param scale factor of the scores
 * @param window only the last {@code window} positions count; 0 for all
 * @param softcap bound of the scores; 0 for none
 */
record Attention(
    @Nullable Rope rope, @Nullable Rope queryRope, float scale, int window, float softcap) {
  /** Queries and keys turned alike. */
  Attention(@Nullable Rope rope, float scale, int window, float softcap) {
    this(rope, rope, scale, window, softcap);
  }

  /** Attention to all positions, without bounds. */
  static Attention full(@Nullable Rope rope, float scale) {
    return new Attention(rope, scale, 0, 0);
  }
}
