package dev.vtc.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the authors of a Hugging Face folder advise to generate: {@code generation_config.json}, with
 * GGUF's keys {@code general.sampling.*}, and the tokens that end a generation, for which GGUF has
 * no key of its own: {@code tokenizer.ggml.eos_token_ids}.
 *
 * <p>Source: {@code GenerationConfig} of transformers. Without the file it takes the end tokens
 * from {@code config.json}.
 */
final class HfGeneration {
  /** GGUF's names for members that are numbers. */
  private static final Map<String, String> SAMPLING =
      Map.of(
          "temperature", "temp",
          "top_k", "top_k",
          "top_p", "top_p",
          "min_p", "min_p",
          "repetition_penalty", "penalty_repeat");

  private HfGeneration() {}

  /** What the folder says; members that make no sense are passed over, since they are advice. */
  static Map<String, Object> metadata(Path folder, HfConfig config) throws IOException {
    Map<String, Object> generation =
        Json.optional(folder.resolve("generation_config.json"), HfConfig.MAX_BYTES);
    Map<String, Object> m = new LinkedHashMap<>();
    SAMPLING.forEach((from, to) -> {
      if (generation.get(from) instanceof Number n) {
        m.put("general.sampling." + to, n instanceof Long ? n : (Object) n.doubleValue());
      }
    });
    if (m.containsKey("general.sampling.penalty_repeat")) {
      m.put("general.sampling.penalty_last_n", -1L); // transformers looks at all tokens
    }
    if (Boolean.FALSE.equals(generation.get("do_sample"))) {
      m.put("general.sampling.temp", 0.0); // the best token always
    }
    List<Long> ends = ids(generation.get("eos_token_id"));
    if (ends.isEmpty()) {
      ends = ids(config.values().get("eos_token_id"));
    }
    if (!ends.isEmpty()) {
      m.put("tokenizer.ggml.eos_token_ids", MetadataArray.of(ends));
    }
    return m;
  }

  /** A number, or a list of such. */
  private static List<Long> ids(@Nullable Object value) {
    List<Long> ids = new ArrayList<>();
    for (Object id : value instanceof List<?> list ? list : List.of(value == null ? "" : value)) {
      if (id instanceof Long n && n >= 0 && n <= Integer.MAX_VALUE) {
        ids.add(n);
      }
    }
    return ids;
  }
}
