package dev.vtc.model;

import dev.vtc.program.Rope;
import org.jspecify.annotations.Nullable;

/**
 * How a layer attends.
 *
 * @param rope null for a layer without position embedding
 * @param scale factor of the scores
 * @param window only the last {@code window} positions count; 0 for all
 * @param softcap bound of the scores; 0 for none
 */
record Attention(@Nullable Rope rope, float scale, int window, float softcap) {
  /** Attention to all positions, without bounds. */
  static Attention full(@Nullable Rope rope, float scale) {
    return new Attention(rope, scale, 0, 0);
  }
}
