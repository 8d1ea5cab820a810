package dev.vtc.model;

import dev.vtc.format.MetadataArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Which layers attend only to the last positions.
 *
 * @param size positions such a layer sees, its own included; 0 when no layer slides
 * @param sliding layer by layer
 */
record SlidingWindow(int size, List<Boolean> sliding) {
  private static final String SIZE = "attention.sliding_window";
  private static final String PATTERN = "attention.sliding_window_pattern";

  /**
   * Reads {@code attention.sliding_window} and {@code attention.sliding_window_pattern}: a truth
   * value for each layer, or a period, of which the last layer sees everything.
   *
   * @param size the window where the file states none
   * @param period the period where the file states no pattern
   */
  static SlidingWindow read(Keys keys, int size, int period) {
    long window = keys.metadata().integer(keys.name(SIZE), size);
    if (window < 0 || window > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "The metadata key " + keys.name(SIZE) + " is " + window + ".");
    }
    int layers = keys.config().layers();
    List<Boolean> sliding = new ArrayList<>();
    if (keys.metadata().get(keys.name(PATTERN)) instanceof MetadataArray array) {
      if (array.size() < layers) {
        throw new IllegalArgumentException(
            keys.name(PATTERN) + " has " + array.size() + " values for " + layers + " layers.");
      }
      for (int i = 0; i < layers; i++) {
        sliding.add(
            array.kind() == MetadataArray.Kind.BOOLEAN ? array.bool(i) : array.integer(i) != 0);
      }
    } else {
      long n = keys.metadata().integer(keys.name(PATTERN), period);
      if (n < 0) {
        throw new IllegalArgumentException("The metadata key " + keys.name(PATTERN) + " is " + n);
      }
      for (int i = 0; i < layers; i++) {
        sliding.add(n == 0 || i % n < n - 1);
      }
    }
    return new SlidingWindow((int) window, sliding);
  }

  /**
   * The window of families that llama.cpp gives none, or whose window it leaves out (Phi 3): files
   * that llama.cpp's tools made state no pattern, and no layer slides, as there. A pattern comes
   * from a Hugging Face folder of a model that does slide (Mistral 7B v0.1, Phi 3 mini).
   */
  static SlidingWindow ifPatterned(Keys keys) {
    return keys.has(PATTERN) ? read(keys, 0, 0) : new SlidingWindow(0, List.of());
  }

  /** True when a layer attends only to the last {@link #size} positions. */
  boolean slides(int layer) {
    return size > 0 && sliding.get(layer);
  }

  /** The window of a layer; 0 for all positions. */
  int window(int layer) {
    return slides(layer) ? size : 0;
  }
}
