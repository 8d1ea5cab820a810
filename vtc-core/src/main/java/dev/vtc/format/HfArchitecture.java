package dev.vtc.format;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The architectures of Hugging Face folders that are read: {@code architectures} of {@code
 * config.json} and the name GGUF has for it. What an architecture needs of keys and tensor names is
 * what llama.cpp's {@code convert_hf_to_gguf.py} writes.
 */
enum HfArchitecture {
  LLAMA("llama", true, "LlamaForCausalLM"),
  MISTRAL("llama", true, "MistralForCausalLM"),
  MIXTRAL("llama", true, "MixtralForCausalLM"),
  MISTRAL3("mistral3", true, "Ministral3ForCausalLM", "Mistral3ForConditionalGeneration"),
  SMOLLM3("smollm3", true, "SmolLM3ForCausalLM"),
  GRANITE("granite", true, "GraniteForCausalLM"),
  QWEN2("qwen2", false, "Qwen2ForCausalLM"),
  QWEN3("qwen3", false, "Qwen3ForCausalLM"),
  QWEN3MOE("qwen3moe", false, "Qwen3MoeForCausalLM"),
  GEMMA2("gemma2", false, "Gemma2ForCausalLM"),
  GEMMA3("gemma3", false, "Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"),
  PHI3("phi3", false, "Phi3ForCausalLM"),
  OLMO2("olmo2", false, "Olmo2ForCausalLM"),
  OLMO3("olmo2", false, "Olmo3ForCausalLM");

  final String gguf;

  /**
   * True if GGUF has the pairs that RoPE rotates side by side, where Hugging Face has them half a
   * head apart: rows of q and k then change places.
   */
  final boolean turnsHeads;

  /** Names in config.json, separated by commas. */
  private final String names;

  HfArchitecture(String gguf, boolean turnsHeads, String... names) {
    this.gguf = gguf;
    this.turnsHeads = turnsHeads;
    this.names = String.join(", ", names);
  }

  boolean isGemma() {
    return this == GEMMA2 || this == GEMMA3;
  }

  /** True where what a half of a block adds is normalized. */
  boolean normsAfter() {
    return isGemma() || this == OLMO2 || this == OLMO3;
  }

  static @Nullable HfArchitecture named(String name) {
    return Arrays.stream(values())
        .filter(a -> List.of(a.names.split(", ", -1)).contains(name))
        .findFirst()
        .orElse(null);
  }

  static String supported() {
    return Arrays.stream(values()).map(a -> a.names).collect(Collectors.joining(", "));
  }
}
