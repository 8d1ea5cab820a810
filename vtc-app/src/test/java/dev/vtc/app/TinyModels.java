package dev.vtc.app;

import dev.vtc.format.GgufWriter;
import dev.vtc.format.MetadataArray;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Models of a few kilobytes with random weights: they say nothing sensible, but always the same.
 */
final class TinyModels {
  private static final int WIDTH = 64;
  private static final int HIDDEN = 172;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = WIDTH / HEADS;

  private static final String CHATML =
      """
      {% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] \
      + '<|im_end|>' + '\\n'}}{% endfor %}\
      {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}\
      """;

  private TinyModels() {}

  /** A GGUF model with a byte-level tokenizer: every byte is a token, and three control tokens. */
  static Path gguf(Path file) throws IOException {
    Random random = new Random(7);
    List<String> tokens = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
    List<Long> types = new ArrayList<>(List.of(3L, 3L, 3L));
    for (int b = 0; b < 256; b++) {
      tokens.add(new String(Character.toChars(byteLetter(b))));
      types.add(1L);
    }
    tokens.add("th");
    types.add(1L);
    int vocabulary = tokens.size();
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
            .put("llama.context_length", 100_000L)
            .put("llama.rope.dimension_count", (long) HEAD_DIM)
            .put("tokenizer.ggml.model", "gpt2")
            .put("tokenizer.ggml.pre", "smollm")
            .put("tokenizer.ggml.tokens", MetadataArray.of(tokens))
            .put("tokenizer.ggml.token_type", MetadataArray.of(types))
            .put("tokenizer.ggml.merges", MetadataArray.of(List.of("t h")))
            .put("tokenizer.ggml.bos_token_id", 1L)
            .put("tokenizer.ggml.eos_token_id", 2L)
            .put("tokenizer.chat_template", CHATML);
    matrix(w, "token_embd.weight", vocabulary, WIDTH, random);
    for (int l = 0; l < LAYERS; l++) {
      String p = "blk." + l + ".";
      vector(w, p + "attn_norm.weight", WIDTH);
      matrix(w, p + "attn_q.weight", WIDTH, WIDTH, random);
      matrix(w, p + "attn_k.weight", KV_HEADS * HEAD_DIM, WIDTH, random);
      matrix(w, p + "attn_v.weight", KV_HEADS * HEAD_DIM, WIDTH, random);
      matrix(w, p + "attn_output.weight", WIDTH, WIDTH, random);
      vector(w, p + "ffn_norm.weight", WIDTH);
      matrix(w, p + "ffn_gate.weight", HIDDEN, WIDTH, random);
      matrix(w, p + "ffn_up.weight", HIDDEN, WIDTH, random);
      matrix(w, p + "ffn_down.weight", WIDTH, HIDDEN, random);
    }
    vector(w, "output_norm.weight", WIDTH);
    w.write(file);
    return file;
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

  private static void matrix(GgufWriter w, String name, int rows, int columns, Random random) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.2f;
    }
    w.tensor(name, List.of((long) columns, (long) rows), 0, bytes(values));
  }

  private static void vector(GgufWriter w, String name, int n) {
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    w.tensor(name, List.of((long) n), 0, bytes(ones));
  }

  private static MemorySegment bytes(float[] values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return MemorySegment.ofArray(b.array());
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
