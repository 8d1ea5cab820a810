package dev.vtc.app;

import dev.vtc.format.GgufWriter;
import dev.vtc.format.MetadataArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Models of a few kilobytes with random weights: they say nothing sensible, but always the same.
 */
public final class TinyModels {
  private static final int WIDTH = 64;
  private static final int HIDDEN = 172;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = WIDTH / HEADS;
  private static final int CONTEXT = 100_000;

  /** Tokens at the beginning of the vocabulary that are control tokens. */
  private static final int CONTROLS = 3;

  private static final String CHATML =
      """
      {% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] \
      + '<|im_end|>' + '\\n'}}{% endfor %}\
      {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}\
      """;

  private TinyModels() {}

  /** A weight matrix or vector, under both names. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Weight(String gguf, String hf, int rows, int columns, float[] values) {}

  private static List<String> tokens() {
    List<String> tokens = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
    for (int b = 0; b < 256; b++) {
      tokens.add(new String(Character.toChars(byteLetter(b))));
    }
    tokens.add("th");
    return tokens;
  }

  /** Random matrices, vectors of ones. */
  private static List<Weight> weights(int vocabulary) {
    Random random = new Random(7);
    List<Weight> all = new ArrayList<>();
    all.add(matrix("token_embd", "embed_tokens", vocabulary, WIDTH, random));
    for (int l = 0; l < LAYERS; l++) {
      String p = "blk." + l + ".";
      String h = "layers." + l + ".";
      int kv = KV_HEADS * HEAD_DIM;
      all.add(vector(p + "attn_norm", h + "input_layernorm"));
      all.add(matrix(p + "attn_q", h + "self_attn.q_proj", WIDTH, WIDTH, random));
      all.add(matrix(p + "attn_k", h + "self_attn.k_proj", kv, WIDTH, random));
      all.add(matrix(p + "attn_v", h + "self_attn.v_proj", kv, WIDTH, random));
      all.add(matrix(p + "attn_output", h + "self_attn.o_proj", WIDTH, WIDTH, random));
      all.add(vector(p + "ffn_norm", h + "post_attention_layernorm"));
      all.add(matrix(p + "ffn_gate", h + "mlp.gate_proj", HIDDEN, WIDTH, random));
      all.add(matrix(p + "ffn_up", h + "mlp.up_proj", HIDDEN, WIDTH, random));
      all.add(matrix(p + "ffn_down", h + "mlp.down_proj", WIDTH, HIDDEN, random));
    }
    all.add(vector("output_norm", "norm"));
    return all;
  }

  /** A GGUF model with a byte-level tokenizer: every byte is a token, and three control tokens. */
  public static Path gguf(Path file) throws IOException {
    List<String> tokens = tokens();
    List<Long> types = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      types.add(id < CONTROLS ? 3L : 1L);
    }
    GgufWriter w =
        new GgufWriter()
            .put("general.architecture", "llama")
            .put("general.name", "Tiny")
            .put("llama.block_count", (long) LAYERS)
            .put("llama.embedding_length", (long) WIDTH)
            .put("llama.feed_forward_length", (long) HIDDEN)
            .put("llama.attention.head_count", (long) HEADS)
            .put("llama.attention.head_count_kv", (long) KV_HEADS)
            .put("llama.attention.layer_norm_rms_epsilon", 1e-5)
            .put("llama.context_length", (long) CONTEXT)
            .put("llama.rope.dimension_count", (long) HEAD_DIM)
            .put("tokenizer.ggml.model", "gpt2")
            .put("tokenizer.ggml.pre", "smollm")
            .put("tokenizer.ggml.tokens", MetadataArray.of(tokens))
            .put("tokenizer.ggml.token_type", MetadataArray.of(types))
            .put("tokenizer.ggml.merges", MetadataArray.of(List.of("t h")))
            .put("tokenizer.ggml.bos_token_id", 1L)
            .put("tokenizer.ggml.eos_token_id", 2L)
            .put("tokenizer.chat_template", CHATML);
    for (Weight t : weights(tokens.size())) {
      long columns = t.columns;
      List<Long> shape = t.rows == 1 ? List.of(columns) : List.of(columns, (long) t.rows);
      w.tensor(t.gguf + ".weight", shape, 0, MemorySegment.ofArray(little(t.values).array()));
    }
    w.write(file);
    return file;
  }

  /**
   * The model of {@link #gguf} as a Hugging Face folder.
   *
   * @param generation its {@code generation_config.json}
   */
  static Path safetensors(Path folder, String generation) throws IOException {
    List<String> tokens = tokens();
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    List<Object> added = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (id < CONTROLS) {
        added.add(Map.of("id", id, "content", tokens.get(id), "special", true));
      } else {
        vocabulary.put(tokens.get(id), id);
      }
    }
    Map<String, Object> digits = Map.of("type", "Digits", "individual_digits", true);
    Map<String, Object> bytes = Map.of("type", "ByteLevel", "add_prefix_space", false);
    Map<String, Object> config =
        Map.of(
            "architectures",
            List.of("LlamaForCausalLM"),
            "num_hidden_layers",
            LAYERS,
            "hidden_size",
            WIDTH,
            "intermediate_size",
            HIDDEN,
            "num_attention_heads",
            HEADS,
            "num_key_value_heads",
            KV_HEADS,
            "max_position_embeddings",
            CONTEXT,
            "vocab_size",
            tokens.size(),
            "tie_word_embeddings",
            true);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), json(config));
    Files.writeString(folder.resolve("generation_config.json"), generation);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        json(
            Map.of(
                "added_tokens",
                added,
                "pre_tokenizer",
                Map.of("type", "Sequence", "pretokenizers", List.of(digits, bytes)),
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of("t h")))));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        json(
            Map.of(
                "bos_token", tokens.get(1), "eos_token", tokens.get(2), "chat_template", CHATML)));
    weights(folder.resolve("model.safetensors"), weights(tokens.size()));
    return folder;
  }

  private static void weights(Path file, List<Weight> all) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Weight t : all) {
      int from = data.size();
      data.writeBytes(little(turned(t)).array());
      header.put(
          "model." + t.hf + ".weight",
          Map.of(
              "dtype",
              "F32",
              "shape",
              t.rows == 1 ? List.of(t.columns) : List.of(t.rows, t.columns),
              "data_offsets",
              List.of(from, data.size())));
    }
    byte[] json = json(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer b =
        ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, b.putLong(json.length).put(json).put(data.toByteArray()).array());
  }

  private static String json(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Json.line(out, value);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** In each head of q and k the first rows of the pairs that RoPE turns come before the second. */
  private static float[] turned(Weight t) {
    if (!t.hf.matches(".*[qk]_proj")) {
      return t.values;
    }
    float[] turned = new float[t.values.length];
    for (int row = 0; row < t.rows; row++) {
      int pair = row % HEAD_DIM / 2;
      int to = row - row % HEAD_DIM + pair + (row % 2) * HEAD_DIM / 2;
      System.arraycopy(t.values, row * t.columns, turned, to * t.columns, t.columns);
    }
    return turned;
  }

  /** A llama2.c checkpoint (legacy header, shared classifier); it has no tokenizer. */
  static Path llama2c(Path file) throws IOException {
    int vocabulary = 512;
    int context = 64;
    int kvWidth = KV_HEADS * HEAD_DIM;
    int floats =
        vocabulary * WIDTH
            + LAYERS * (2 * WIDTH + 2 * WIDTH * WIDTH + 2 * kvWidth * WIDTH + 3 * HIDDEN * WIDTH)
            + WIDTH
            + context * HEAD_DIM; // two tables of cosines and sines that nobody reads
    ByteBuffer b = ByteBuffer.allocate(28 + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : new int[] {WIDTH, HIDDEN, LAYERS, HEADS, KV_HEADS, vocabulary, context}) {
      b.putInt(v);
    }
    Random random = new Random(8);
    while (b.hasRemaining()) {
      b.putFloat((float) random.nextGaussian() * 0.2f);
    }
    Files.write(file, b.array());
    return file;
  }

  private static Weight matrix(String gguf, String hf, int rows, int columns, Random random) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.2f;
    }
    return new Weight(gguf, hf, rows, columns, values);
  }

  private static Weight vector(String gguf, String hf) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return new Weight(gguf, hf, 1, WIDTH, ones);
  }

  private static ByteBuffer little(float[] values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return b;
  }

  /**
   * GPT-2's letter for a byte: printable ones stand for themselves, the others for U+0100 on, in
   * order.
   */
  private static int byteLetter(int b) {
    int others = 0;
    for (int i = 0; i <= b; i++) {
      boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
      if (i == b) {
        return printable ? b : 0x100 + others;
      }
      others += printable ? 0 : 1;
    }
    throw new IllegalArgumentException("No byte: " + b);
  }
}
