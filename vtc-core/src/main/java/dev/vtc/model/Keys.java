package dev.vtc.model;

import dev.vtc.format.Metadata;

/**
 * An architecture's own keys ({@code ARCH.*}), checked for sense: an {@code
 * IllegalArgumentException} names one that has none.
 */
record Keys(ModelConfig config, Metadata metadata) {
  private static final double MAX_FACTOR = 1e9;

  String name(String key) {
    return config.architecture() + "." + key;
  }

  boolean has(String key) {
    return metadata.has(name(key));
  }

  /** A factor or bound: greater than 0. Zero means what the key's absence means. */
  double positive(String key, double otherwise) {
    double value = metadata.number(name(key), otherwise);
    if (value == 0) {
      return otherwise;
    }
    if (!(value > 0 && value < MAX_FACTOR)) {
      throw new IllegalArgumentException(
          "The metadata key " + name(key) + " is " + value + ", which makes no sense.");
    }
    return value;
  }

  /** A whole number from 1 to {@code max} that must be there. */
  int bounded(String key, int max) {
    return ModelConfig.bounded(metadata, name(key), max);
  }

  /** The factor of attention scores: the key's, or else 1 / sqrt(dims). */
  float attentionScale(int dims) {
    return (float) positive("attention.scale", 1 / Math.sqrt(dims));
  }

  /** As {@link #attentionScale(int)}, with the size of a head. */
  float attentionScale() {
    return attentionScale(config.headDim());
  }
}
