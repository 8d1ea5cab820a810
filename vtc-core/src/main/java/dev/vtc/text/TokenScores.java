package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The scores of a vocabulary, {@code tokenizer.ggml.scores}: f32 as llama.cpp has them, f64 where
 * they come from a {@code tokenizer.json}. A token that was only added there, and is none of the
 * model's, has minus infinity. Used once, while tables are built.
 */
final class TokenScores {
  private static final String KEY = "tokenizer.ggml.scores";

  /** SentencePiece: so much less than the least score an unknown character has. */
  private static final double PENALTY = 10;

  private final @Nullable MetadataArray scores;
  private final int size;
  private final boolean wide;

  /**
   * @param size number of tokens
   * @param wide whether scores keep all their bits
   * @throws IllegalArgumentException if there are scores, but too few
   */
  TokenScores(Metadata metadata, int size, boolean wide) {
    this.scores = metadata.has(KEY) ? metadata.array(KEY) : null;
    this.size = size;
    this.wide = wide;
    if (scores != null && scores.size() < size) {
      throw new IllegalArgumentException(
          KEY + " has " + scores.size() + " entries for " + size + " tokens.");
    }
  }

  private double score(int id) {
    double score = scores == null ? 0 : scores.number(id);
    double rounded = wide ? score : (float) score;
    return Double.isNaN(rounded) ? Double.NEGATIVE_INFINITY : rounded;
  }

  /** Whether the token is one of the model's, not only added. */
  boolean has(int id) {
    return score(id) > Double.NEGATIVE_INFINITY;
  }

  /** All scores, little-endian. */
  ByteBuffer table() {
    int width = wide ? Double.BYTES : Float.BYTES;
    ByteBuffer table = ByteBuffer.allocate(size * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int id = 0; id < size; id++) {
      if (wide) {
        table.putDouble(id * width, score(id));
      } else {
        table.putFloat(id * width, (float) score(id));
      }
    }
    return table;
  }

  /**
   * The score of an unknown character: less than that of any token.
   *
   * @param normal tokens that count, where scores are f32
   */
  double unknown(IntPredicate normal) {
    double least = Float.MAX_VALUE;
    for (int id = 0; id < size; id++) {
      if (wide ? has(id) : normal.test(id)) {
        least = Math.min(least, score(id));
      }
    }
    return wide ? least - PENALTY : (float) least - (float) PENALTY;
  }
}
