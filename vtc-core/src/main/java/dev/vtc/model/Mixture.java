package dev.vtc.model;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts in place of each feed-forward: a router scores the experts, and each token
 * goes through the few that score best.
 *
 * @param count experts of a layer
 * @param used experts that each token goes to
 * @param width elements between an expert's gate/up and down
 * @param normalized whether the weights of a token's experts add up to {@code scale}
 * @param scale factor of what experts add
 */
record Mixture(int count, int used, int width, boolean normalized, float scale) {
  /** More than any model has; a router's scores must fit a thread's scratch. */
  private static final int MAX_EXPERTS = 1024;

  /**
   * The mixture that a file states by {@code expert_count} and its like.
   *
   * @param required whether an absent or senseless count is an error; else it means no experts
   * @return null for a model without experts
   */
  static @Nullable Mixture read(Keys keys, boolean required) {
    String countKey = "expert_count";
    if (!required && keys.metadata().integer(keys.name(countKey), 0) <= 1) {
      return null;
    }
    if (keys.metadata().integer(keys.name("expert_group_count"), 0) > 1) {
      throw new IllegalArgumentException(
          "Groups of experts (" + keys.name("expert_group_count") + ") are not supported.");
    }
    int count = keys.bounded(countKey, MAX_EXPERTS);
    int used = keys.bounded("expert_used_count", count);
    int ffn = keys.config().ffnWidth();
    int width =
        keys.has("expert_feed_forward_length")
            ? keys.bounded("expert_feed_forward_length", ModelConfig.MAX_WIDTH)
            : required ? ffn / used : ffn;
    boolean normalized = keys.metadata().bool(keys.name("expert_weights_norm"), true);
    float scale = (float) keys.positive("expert_weights_scale", 1);
    return new Mixture(count, used, width, normalized, scale);
  }
}
