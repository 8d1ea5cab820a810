package dev.vtc.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.machine.Limits;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hugging Face folders store experts one by one; the logits are those of a GGUF file with the same
 * weights in one tensor.
 */
class ExpertsOneByOneTest {
  private static final Map<String, TinyArchitecture> MODELS = TinyArchitecture.all();

  @TempDir Path folder;

  /** A tensor of a safetensors file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(String name, List<Long> shape, byte[] data) {}

  private static TinyArchitecture model(String name) {
    return Objects.requireNonNull(MODELS.get(name), name);
  }

  private static float[][] logits(Path file, TinyArchitecture model) {
    try (Rig.Loaded loaded = Rig.load(file, KvType.F16, model.context());
        Rig rig =
            new Rig(loaded, Machines.all().getFirst(), 2, new Limits(64, 64, 1, model.context()))) {
      return Replay.logits(rig, model.ids(), 64);
    }
  }

  private void agrees(String name, String config, List<String[]> names, boolean turned)
      throws IOException {
    TinyArchitecture model = model(name);
    Path gguf = model.write(folder.resolve(name + ".gguf"), DType.F32);
    Path hf = Files.createDirectories(folder.resolve(name));
    try (ModelSource source = ModelSources.open(gguf)) {
      write(hf, source, config, names, turned ? 16 : 0, -1);
    }
    assertThat(logits(hf, model)).isDeepEqualTo(logits(gguf, model));
  }

  private static void write(
      Path hf, ModelSource source, String config, List<String[]> names, int head, int left)
      throws IOException {
    List<Stored> stored = new ArrayList<>();
    for (Tensor t : source.tensors().values()) {
      String name = t.name();
      for (String[] replaced : names) {
        name = name.replaceAll(replaced[0], replaced[1]);
      }
      int experts = name.contains("*") ? 4 : 1;
      if (source.metadata().has("qwen3moe.expert_count") && experts > 1) {
        experts = 8;
      }
      boolean turns = head > 0 && (t.name().contains("attn_q.") || t.name().contains("attn_k."));
      long rows = t.rows() / experts;
      for (int e = 0; e < experts; e++) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (long r = 0; r < rows; r++) {
          // Row 2i + p of a head is row i + p · head / 2 of the folder's.
          long h = r % Math.max(1, head);
          long row = turns ? r - h + h % (head / 2) * 2 + h / (head / 2) : r;
          data.writeBytes(t.row(e * rows + row).toArray(ValueLayout.JAVA_BYTE));
        }
        List<Long> shape = t.rows() == 1 ? List.of(t.columns()) : List.of(rows, t.columns());
        if (e != left || experts == 1) {
          stored.add(new Stored(name.replace("*", "" + e), shape, data.toByteArray()));
        }
      }
    }
    Files.writeString(hf.resolve("config.json"), config);
    Files.write(hf.resolve("model.safetensors"), safetensors(stored));
  }

  private static byte[] safetensors(List<Stored> stored) {
    StringBuilder header = new StringBuilder("{");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Stored s : stored) {
      int at = data.size();
      data.writeBytes(s.data);
      header.append(header.length() > 1 ? "," : "");
      header.append("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,".formatted(s.name, s.shape));
      header.append("\"data_offsets\":[%d,%d]}".formatted(at, data.size()));
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    out.writeBytes(json);
    out.writeBytes(data.toByteArray());
    return out.toByteArray();
  }

  private static final List<String[]> NAMES =
      List.of(
          new String[] {"^token_embd", "model.embed_tokens"},
          new String[] {"^output_norm", "model.norm"},
          new String[] {"^output", "lm_head"},
          new String[] {"^blk", "model.layers"},
          new String[] {"attn_norm", "input_layernorm"},
          new String[] {"ffn_norm", "post_attention_layernorm"},
          new String[] {"attn_output", "self_attn.o_proj"},
          new String[] {"attn_([qk])_norm", "self_attn.$1_norm"},
          new String[] {"attn_([qkv])\\.", "self_attn.$1_proj."});

  private static List<String[]> names(String[]... more) {
    List<String[]> all = new ArrayList<>(NAMES);
    all.addAll(List.of(more));
    return all;
  }

  private static final List<String[]> QWEN =
      names(
          new String[] {"ffn_gate_inp", "mlp.gate"},
          new String[] {"ffn_(gate|up|down)_exps", "mlp.experts.*.$1_proj"});

  private static final String QWEN_CONFIG =
      """
      {"architectures":["Qwen3MoeForCausalLM"],"num_hidden_layers":2,"hidden_size":48,
      "intermediate_size":48,"moe_intermediate_size":48,"num_experts":8,"num_experts_per_tok":3,
      "num_attention_heads":4,"num_key_value_heads":2,"head_dim":24,"vocab_size":61,
      "max_position_embeddings":256,"rms_norm_eps":1e-5,"rope_theta":10000.0,
      "norm_topk_prob":true}\
      """;

  @Test
  void qwen3Moe() throws IOException {
    agrees("qwen3moe", QWEN_CONFIG, QWEN, false);
  }

  @Test
  void mixtral() throws IOException {
    String config =
        """
        {"architectures":["MixtralForCausalLM"],"num_hidden_layers":2,"hidden_size":48,
        "intermediate_size":48,"num_local_experts":4,"num_experts_per_tok":2,
        "num_attention_heads":3,"num_key_value_heads":1,"vocab_size":61,
        "max_position_embeddings":256,"rms_norm_eps":1e-5,"rope_theta":10000.0}\
        """;
    List<String[]> names =
        names(
            new String[] {"ffn_gate_inp", "block_sparse_moe.gate"},
            new String[] {"ffn_gate_exps", "block_sparse_moe.experts.*.w1"},
            new String[] {"ffn_down_exps", "block_sparse_moe.experts.*.w2"},
            new String[] {"ffn_up_exps", "block_sparse_moe.experts.*.w3"});
    agrees("llama-experts", config, names, true);
  }

  @Test
  void ministral3() throws IOException {
    String config =
        """
        {"architectures":["Ministral3ForCausalLM"],"num_hidden_layers":2,"hidden_size":48,
        "intermediate_size":33,"num_attention_heads":3,"num_key_value_heads":1,"vocab_size":61,
        "max_position_embeddings":256,"rms_norm_eps":1e-5,"rope_parameters":{"rope_type":"yarn",
        "rope_theta":10000.0,"factor":16.0,"original_max_position_embeddings":32,"beta_fast":4.0,
        "beta_slow":1.0,"mscale":1.0,"mscale_all_dim":1.0,"llama_4_scaling_beta":0.1}}\
        """;
    List<String[]> names = names(new String[] {"ffn_(gate|up|down)", "mlp.$1_proj"});
    agrees("mistral3", config, names, true);
  }

  @Test
  void aMissingExpertIsNoticed() throws IOException {
    Path hf = Files.createDirectories(folder.resolve("missing"));
    Path gguf = model("qwen3moe").write(folder.resolve("m.gguf"), DType.F32);
    try (ModelSource source = ModelSources.open(gguf)) {
      write(hf, source, QWEN_CONFIG, QWEN, 0, 5);
    }
    try (ModelSource source = ModelSources.open(hf)) {
      assertThatThrownBy(() -> Architectures.check(source))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ffn_");
    }
  }

  @Test
  void layersWithoutExpertsAreRefused() throws IOException {
    Path hf = Files.createDirectories(folder.resolve("mixed"));
    Path gguf = model("qwen3moe").write(folder.resolve("m.gguf"), DType.F32);
    try (ModelSource source = ModelSources.open(gguf)) {
      String config = QWEN_CONFIG.replace("\"norm", "\"mlp_only_layers\":[1],\"norm");
      write(hf, source, config, QWEN, 0, -1);
    }
    assertThatThrownBy(() -> ModelSources.open(hf))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mlp_only_layers");
  }
}
