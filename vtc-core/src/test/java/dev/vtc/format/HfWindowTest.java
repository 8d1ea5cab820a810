package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected is what the configuration classes of transformers 5.24 make of the same members: {@code
 * sliding_window} and {@code layer_types}, or the one kind of mask for all layers.
 */
class HfWindowTest {
  private static Map<String, Object> metadata(String architecture, String members)
      throws IOException {
    String json =
        """
        {"architectures": ["%s"], "hidden_size": 64, "intermediate_size": 96,
         "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 8,
         "vocab_size": 100, "max_position_embeddings": 1000, "num_experts": 4,
         "num_experts_per_tok": 2, "moe_intermediate_size": 32%s}
        """
            .formatted(architecture, members == null ? "" : ", " + members.replace('\'', '"'));
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return HfConfig.of(
            Json.parse(Path.of("c"), new ByteArrayInputStream(bytes), j -> Json.object(j)))
        .metadata();
  }

  /** The window, and S for each layer that slides; or "none". */
  private static String windows(Map<String, Object> metadata) {
    String p = metadata.get("general.architecture") + ".attention.";
    if (!(metadata.get(p + "sliding_window_pattern") instanceof MetadataArray pattern)) {
      assertThat(metadata).doesNotContainKey(p + "sliding_window");
      return "none";
    }
    return metadata.get(p + "sliding_window")
        + " "
        + IntStream.range(0, pattern.size())
            .mapToObj(i -> pattern.bool(i) ? "S" : "-")
            .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "()",
      value = {
        "MistralForCausalLM | 'sliding_window': 32 | 32 SSSSSSSS",
        "MistralForCausalLM | 'sliding_window': null | none",
        "MistralForCausalLM | () | none",
        "MixtralForCausalLM | 'sliding_window': 32 | 32 SSSSSSSS",
        "MixtralForCausalLM | () | none",
        "Ministral3ForCausalLM | 'sliding_window': 32 | 32 SSSSSSSS",
        "Ministral3ForCausalLM | 'sliding_window': null | none",
        "LlamaForCausalLM | 'sliding_window': 32 | none",
        "GraniteForCausalLM | 'sliding_window': 32 | none",
        "Olmo2ForCausalLM | 'sliding_window': 32 | none",
        "Phi3ForCausalLM | 'sliding_window': 32 | 32 SSSSSSSS",
        "Phi3ForCausalLM | 'sliding_window': null | none",
        "Qwen2ForCausalLM | 'sliding_window': 32 | none",
        "Qwen2ForCausalLM | 'sliding_window': 32, 'use_sliding_window': false | none",
        "Qwen2ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true | none",
        "Qwen2ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true,"
            + " 'max_window_layers': 5 | 32 -----SSS",
        "Qwen3ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true, 'max_window_layers':"
            + " 0 | 32 SSSSSSSS",
        "Qwen3ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true, 'layer_types':"
            + " ['full_attention', 'sliding_attention', 'full_attention', 'full_attention',"
            + " 'full_attention', 'full_attention', 'full_attention', 'sliding_attention']"
            + " | 32 -S-----S",
        "Qwen3MoeForCausalLM | 'sliding_window': 32, 'use_sliding_window': true | 32 SSSSSSSS",
        "Qwen3MoeForCausalLM | 'sliding_window': 32 | none",
        "SmolLM3ForCausalLM | 'sliding_window': 32 | none",
        "SmolLM3ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true | 32 ---S---S",
        "Gemma2ForCausalLM | 'sliding_window': 32 | 32 S-S-S-S-",
        "Gemma3ForCausalLM | 'sliding_window': 32 | 32 SSSSS-SS",
        "Gemma3ForCausalLM | 'sliding_window': 32, 'sliding_window_pattern': 2 | 32 S-S-S-S-",
        "Gemma3ForCausalLM | 'sliding_window': 32, 'sliding_window_pattern': 1 | none",
        "Gemma3ForCausalLM | 'sliding_window': 32, 'layer_types': ['full_attention',"
            + " 'sliding_attention', 'full_attention', 'full_attention', 'full_attention',"
            + " 'full_attention', 'full_attention', 'sliding_attention'] | 32 -S-----S",
        "Olmo3ForCausalLM | 'sliding_window': 32 | 32 SSS-SSS-",
      })
  void windowsAreThoseOfTransformers(String architecture, String members, String expected)
      throws IOException {
    assertThat(windows(metadata(architecture, members))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "MistralForCausalLM | 'sliding_window': 0 | sliding_window is 0",
        "MistralForCausalLM | 'sliding_window': 'all' | sliding_window is all",
        "Gemma3ForCausalLM | 'sliding_window': null | sliding_window is missing",
        "Gemma3ForCausalLM | 'sliding_window': 32, 'layer_types': ['full_attention'] | an entry for"
            + " each of 8 layers",
        "Qwen3ForCausalLM | 'sliding_window': 32, 'use_sliding_window': true, 'layer_types':"
            + " [1, 2, 3, 4, 5, 6, 7, 8]"
            + " | the layer type 1 is not supported",
        "Qwen2ForCausalLM | 'hidden_act': 'gelu' | the activation gelu is not supported by qwen2",
        "Gemma2ForCausalLM | 'sliding_window': 32, 'hidden_activation': 'silu' | the activation"
            + " silu is not supported",
        "SmolLM3ForCausalLM | 'no_rope_layer_interval': 3 | layers without rope other than every",
        "SmolLM3ForCausalLM | 'no_rope_layers': [1, 1, 0, 1, 1, 1, 1, 0] | layers without rope",
      })
  void whatCannotBeHonouredIsRefused(String architecture, String members, String words) {
    assertThatThrownBy(() -> metadata(architecture, members))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
