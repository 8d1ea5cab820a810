package dev.vtc.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import dev.vtc.testing.TinyArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that cannot run are refused by name before their weights are read: {@link
 * Architectures#check} is given the tensors' shapes only.
 */
class BadModelTest {
  private static final Map<String, TinyArchitecture> MODELS = TinyArchitecture.all();

  @TempDir Path folder;

  private static TinyArchitecture model(String name) {
    return Objects.requireNonNull(MODELS.get(name), name);
  }

  private void check(TinyArchitecture model) throws IOException {
    Path file = model.write(folder.resolve("model.gguf"), DType.F32);
    try (ModelSource source = ModelSources.open(file)) {
      Architectures.check(source);
    }
  }

  private void refused(TinyArchitecture model, String... words) {
    assertThatThrownBy(() -> check(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageEndingWith(".");
  }

  @Test
  void soundModelsPass() throws IOException {
    for (TinyArchitecture model : MODELS.values()) {
      check(model);
    }
  }

  @Test
  void unknownArchitecture() {
    refused(
        model("llama").with("general.architecture", "mamba"),
        "mamba",
        "gemma2, gemma3, granite, llama, mistral3, olmo2, phi3, qwen2, qwen3, qwen3moe, smollm3");
  }

  /** Every tensor that a model cannot do without. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3", "olmo2", "phi3", "qwen3moe"})
  void missingTensor(String name) {
    List<String> optional = List.of("output.weight");
    for (TinyArchitecture.Entry t : model(name).tensors()) {
      if (!optional.contains(t.name())) {
        // A fused matrix may be absent, if its parts are there.
        String named =
            name.equals("phi3")
                ? t.name().replace("attn_qkv", "attn_q").replace("ffn_up", "ffn_gate")
                : t.name();
        refused(model(name).without(t.name()), named);
      }
    }
  }

  /** One row or column more than the configuration asks for, in every tensor. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3", "olmo2", "phi3", "qwen2", "qwen3moe"})
  void contradictingShape(String name) {
    TinyArchitecture model = model(name);
    for (TinyArchitecture.Entry t : model.tensors()) {
      for (int d = 0; d < t.dims().size(); d++) {
        // The embedding's rows are the vocabulary: every other number contradicts "output" only.
        if (t.name().equals("token_embd.weight") && d == 0 && !name.equals("olmo2")) {
          continue;
        }
        List<Long> dims = new ArrayList<>(t.dims());
        dims.set(d, dims.get(d) + 1);
        String wrong = t.name().equals("token_embd.weight") && d == 0 ? "output" : t.name();
        refused(
            model.with(
                new TinyArchitecture.Entry(t.name(), dims, t.kind(), t.exponent(), t.seed(), 1)),
            wrong.replace(".weight", "").replaceAll("\\.bias", ""));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama, block_count, 0",
    "llama, block_count, 1000000000",
    "llama, block_count, -1",
    "llama, embedding_length, 0",
    "llama, embedding_length, 49",
    "llama, embedding_length, 4000000000",
    "llama, feed_forward_length, 0",
    "llama, attention.head_count, 0",
    "llama, attention.head_count, 5",
    "llama, attention.head_count, 1000000",
    "llama, attention.head_count_kv, 0",
    "llama, attention.head_count_kv, 2",
    "llama, attention.head_count_kv, 4",
    "llama, context_length, 0",
    "llama, rope.dimension_count, 0",
    "llama, rope.dimension_count, 7",
    "llama, rope.dimension_count, 18",
    "llama, rope.freq_base, 0",
    "llama, attention.layer_norm_rms_epsilon, -1",
    "qwen3, attention.key_length, 0",
    "qwen3, attention.key_length, 1000000",
    "qwen3, attention.value_length, 32",
    "qwen3moe, expert_count, 0",
    "qwen3moe, expert_count, 9",
    "qwen3moe, expert_count, 1000000000",
    "qwen3moe, expert_used_count, 0",
    "qwen3moe, expert_used_count, 9",
    "qwen3moe, expert_used_count, -1",
    "qwen3moe, expert_feed_forward_length, 0",
    "qwen3moe, expert_feed_forward_length, 33",
    "qwen3moe, expert_weights_scale, -1",
    "qwen3moe, expert_group_count, 4",
    "llama-experts, expert_used_count, 5",
    "mistral3, attention.temperature_scale, -1",
    "mistral3, rope.scaling.yarn_log_multiplier, -1",
    "mistral3, rope.scaling.factor, -2",
    "mistral3, rope.scaling.yarn_beta_fast, -32",
    "mistral3, rope.scaling.alpha, 2",
    "mistral3, rope.dimension_count, 8",
    "gemma3, attention.sliding_window, -1",
    "gemma2, final_logit_softcapping, -30"
  })
  void configurationOutOfSense(String name, String key, long value) {
    TinyArchitecture model = model(name);
    String full = model.metadata().get("general.architecture") + "." + key;
    // What a number contradicts is named where the number alone makes sense.
    List<String> shapes =
        List.of(
            "expert_count=9",
            "expert_feed_forward_length=33",
            "attention.head_count=1000000",
            "attention.key_length=1000000",
            "attention.head_count=5",
            "embedding_length=49");
    String word = key.replaceFirst(".*\\.", "");
    if (shapes.contains(key + "=" + value)) {
      assertThatThrownBy(() -> check(model.with(full, value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching(
              "(?s).*(" + word + "|" + value + "|ffn_|heads|head sizes|token_embd).*");
    } else if (word.equals("freq_base") || word.equals("layer_norm_rms_epsilon")) {
      refused(model.with(full, (double) value), "makes no sense");
    } else if (word.equals("dimension_count") && name.equals("mistral3")) {
      refused(model.with(full, value), "attention.temperature_scale", "all dimensions of a head");
    } else {
      refused(model.with(full, value), word);
    }
  }

  /** A source with other metadata. */
  private record Changed(ModelSource source, Metadata metadata) implements ModelSource {
    @Override
    public Path path() {
      return source.path();
    }

    @Override
    public String formatName() {
      return source.formatName();
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      return source.tensors();
    }

    @Override
    public void close() {}
  }

  /** Whatever a number is replaced by: the model is still sound, or the error is a sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-experts", "qwen3moe", "mistral3", "gemma2", "gemma3", "phi3-long"})
  void anyNumberIsFineOrRefusedInASentence(String name) throws IOException {
    List<Object> values =
        List.of(
            0L,
            -1L,
            1L,
            3L,
            1L << 20,
            Integer.MAX_VALUE + 1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0.0,
            -1.0,
            1e-300,
            1e300,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            true,
            "x");
    int refused = 0;
    Path file = model(name).write(folder.resolve("model.gguf"), DType.F32);
    try (ModelSource source = ModelSources.open(file)) {
      for (String key : source.metadata().keys()) {
        for (Object value : values) {
          Map<String, Object> changed = new HashMap<>();
          source.metadata().keys().forEach(k -> changed.put(k, source.metadata().get(k)));
          changed.put(key, value);
          try {
            Architectures.check(new Changed(source, new Metadata(changed)));
          } catch (IllegalArgumentException e) {
            refused++;
            assertThat(e).as(key + " = " + value).hasMessageEndingWith(".");
            assertThat(e.getClass()).isEqualTo(IllegalArgumentException.class);
          }
        }
      }
    }
    System.out.println(name + ": " + refused + " changes refused");
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void missingKeysAreNamed() {
    for (String key :
        List.of("block_count", "embedding_length", "attention.head_count", "feed_forward_length")) {
      refused(model("llama").with("llama." + key, null), "llama." + key);
    }
    refused(model("qwen3moe").with("qwen3moe.expert_count", null), "qwen3moe.expert_count");
    refused(
        model("qwen3moe").with("qwen3moe.expert_used_count", null), "qwen3moe.expert_used_count");
  }

  /** Fewer blocks than the file has, or weights the architecture has no place for. */
  @Test
  void weightsWithoutAPlace() {
    refused(model("llama").with("llama.block_count", 1L), "blk.1.", "llama", "1 blocks");
    TinyArchitecture qwen = model("qwen3");
    refused(
        qwen.with("general.architecture", "llama").renamed("qwen3.", "llama."),
        "attn_q_norm",
        "llama");
  }

  @Test
  void wrongKindsOfValuesAreNamed() {
    refused(model("llama").with("llama.block_count", "two"), "llama.block_count", "a string");
    refused(model("llama").with("llama.rope.scaling.type", 3L), "llama.rope.scaling.type");
    refused(
        model("llama").with("llama.rope.scaling.type", "spiral"),
        "spiral",
        "none, linear, yarn and longrope");
  }

  @Test
  void oneSetOfLongRopeFactorsIsNotEnough() {
    refused(
        model("phi3-long").without("rope_factors_long.weight"),
        "rope_factors_long.weight",
        "rope_factors_short.weight");
    assertThat(model("phi3-long").tensor("rope_factors_short.weight").dims()).containsExactly(6L);
  }
}
