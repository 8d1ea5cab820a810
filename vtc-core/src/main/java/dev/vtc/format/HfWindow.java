package dev.vtc.format;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which layers of a Hugging Face model attend only to the last positions, as the configuration
 * classes of transformers decide it; only that no window is guessed where none is stated.
 *
 * <p>GGUF gets {@code attention.sliding_window}, and as {@code attention.sliding_window_pattern} a
 * truth value for each layer. The pattern says that the window is meant: llama.cpp writes none for
 * Phi 3, whose window it leaves out, and none for the families whose window it does not know.
 */
final class HfWindow {
  private static final String SIZE = "sliding_window";
  private static final String LAYER_TYPES = "layer_types";

  private static final long DEFAULT_FULL_BELOW = 28;

  private HfWindow() {}

  /** Puts the keys, if some layer slides. */
  static void put(Map<String, Object> metadata, String prefix, HfConfig config) {
    Long size = size(config);
    if (size == null) {
      return;
    }
    List<Boolean> sliding = sliding(config);
    if (sliding.contains(true)) {
      metadata.put(prefix + "attention.sliding_window", size);
      metadata.put(prefix + "attention.sliding_window_pattern", MetadataArray.of(sliding));
    }
  }

  private static @Nullable Long size(HfConfig config) {
    Long stated = config.optionalCount(SIZE);
    return switch (config.architecture()) {
      case LLAMA, GRANITE, OLMO2 -> null;
      case MISTRAL, MIXTRAL, MISTRAL3, PHI3 -> stated;
      case QWEN2, QWEN3, QWEN3MOE, SMOLLM3 ->
          Boolean.TRUE.equals(config.values().get("use_sliding_window")) ? stated : null;
      // Their layers are of two kinds in other ways, too.
      case GEMMA2, GEMMA3, OLMO3 -> (Long) config.count(SIZE);
    };
  }

  /** Layer by layer: as {@code layer_types} has it where the architecture reads that. */
  private static List<Boolean> sliding(HfConfig config) {
    int layers = Math.toIntExact(config.layers());
    IntPredicate otherwise =
        switch (config.architecture()) {
          case QWEN2, QWEN3 -> {
            long full =
                config.values().get("max_window_layers") instanceof Long n ? n : DEFAULT_FULL_BELOW;
            yield i -> i >= full;
          }
          case SMOLLM3 -> i -> !config.turns(i);
          case GEMMA2 -> i -> i % 2 == 0;
          case GEMMA3 -> {
            long period = config.count("sliding_window_pattern", 6);
            yield i -> (i + 1) % period != 0;
          }
          case OLMO3 -> i -> (i + 1) % 4 != 0;
          default -> i -> true;
        };
    boolean typed =
        switch (config.architecture()) {
          case QWEN2, QWEN3, SMOLLM3, GEMMA2, GEMMA3, OLMO3 ->
              config.values().get(LAYER_TYPES) != null;
          default -> false;
        };
    if (!typed) {
      return IntStream.range(0, layers).mapToObj(otherwise::test).toList();
    }
    if (!(config.values().get(LAYER_TYPES) instanceof List<?> types) || types.size() != layers) {
      throw new IllegalArgumentException(
          "the member "
              + LAYER_TYPES
              + " is no list with an entry for each of "
              + layers
              + " layers.");
    }
    return types.stream().map(HfWindow::slides).toList();
  }

  private static boolean slides(Object type) {
    return switch (String.valueOf(type)) {
      case "sliding_attention" -> true;
      case "full_attention" -> false;
      default ->
          throw new IllegalArgumentException(
              "the layer type "
                  + type
                  + " is not supported; supported are full_attention and sliding_attention.");
    };
  }
}
