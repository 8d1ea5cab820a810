package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Llama2cCheckpointTest {
  private static final int DIM = 8;
  private static final int HIDDEN = 20;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int VOCAB = 5;
  private static final int CONTEXT = 6;
  private static final int HEAD_SIZE = DIM / HEADS;
  private static final int KV_DIM = KV_HEADS * HEAD_SIZE;

  @TempDir Path folder;

  private static GgufBytes header(int... values) {
    GgufBytes b = new GgufBytes();
    for (int value : values) {
      b.u32(value);
    }
    return b;
  }

  /** Each element is its index in the file, so that a tensor's first element tells its place. */
  private static GgufBytes checkpoint(boolean shared) {
    GgufBytes b = header(DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, shared ? VOCAB : -VOCAB, CONTEXT);
    int layer = 2 * DIM + 2 * DIM * DIM + 2 * DIM * KV_DIM + 3 * DIM * HIDDEN;
    int floats = VOCAB * DIM + LAYERS * layer + DIM + CONTEXT * HEAD_SIZE;
    for (int i = 0; i < floats + (shared ? 0 : VOCAB * DIM); i++) {
      b.f32(i);
    }
    return b;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tensorsLieWhereRunCMapsThem(boolean shared) throws IOException {
    Path file = checkpoint(shared).write(folder.resolve("stories.bin"));
    try (ModelSource model = ModelSources.open(file)) {
      assertThat(model).isInstanceOf(Llama2cCheckpoint.class);
      Metadata m = model.metadata();
      assertThat(m.string("general.architecture")).isEqualTo("llama");
      assertThat(m.string("general.name")).isEqualTo("stories");
      assertThat(m.integer("llama.block_count")).isEqualTo(LAYERS);
      assertThat(m.integer("llama.embedding_length")).isEqualTo(DIM);
      assertThat(m.integer("llama.feed_forward_length")).isEqualTo(HIDDEN);
      assertThat(m.integer("llama.attention.head_count")).isEqualTo(HEADS);
      assertThat(m.integer("llama.attention.head_count_kv")).isEqualTo(KV_HEADS);
      assertThat(m.integer("llama.context_length")).isEqualTo(CONTEXT);
      assertThat(m.integer("llama.vocab_size")).isEqualTo(VOCAB);
      assertThat(m.integer("llama.rope.dimension_count")).isEqualTo(HEAD_SIZE);
      assertThat(m.number("llama.rope.freq_base")).isEqualTo(10_000);
      assertThat(m.number("llama.attention.layer_norm_rms_epsilon")).isEqualTo(1e-5);

      // The order of memory_map_weights in run.c, counted in floats.
      int at = 0;
      at = expect(model, at, "token_embd.weight", VOCAB, DIM);
      at = expectLayers(model, at, "attn_norm", 1, DIM);
      at = expectLayers(model, at, "attn_q", DIM, DIM);
      at = expectLayers(model, at, "attn_k", KV_DIM, DIM);
      at = expectLayers(model, at, "attn_v", KV_DIM, DIM);
      at = expectLayers(model, at, "attn_output", DIM, DIM);
      at = expectLayers(model, at, "ffn_norm", 1, DIM);
      at = expectLayers(model, at, "ffn_gate", HIDDEN, DIM);
      at = expectLayers(model, at, "ffn_down", DIM, HIDDEN);
      at = expectLayers(model, at, "ffn_up", HIDDEN, DIM);
      at = expect(model, at, "output_norm.weight", 1, DIM);
      if (shared) {
        assertThat(model.tensors()).doesNotContainKey("output.weight");
      } else {
        expect(model, at + CONTEXT * HEAD_SIZE, "output.weight", VOCAB, DIM);
      }
      assertThat(model.tensors()).hasSize(2 + 9 * LAYERS + (shared ? 0 : 1));
    }
  }

  private static int expectLayers(ModelSource model, int at, String name, int rows, int columns) {
    for (int layer = 0; layer < LAYERS; layer++) {
      at = expect(model, at, "blk." + layer + "." + name + ".weight", rows, columns);
    }
    return at;
  }

  private static int expect(ModelSource model, int at, String name, int rows, int columns) {
    Tensor tensor = model.tensor(name);
    assertThat(tensor.rows()).as(name).isEqualTo(rows);
    assertThat(tensor.columns()).as(name).isEqualTo(columns);
    assertThat(tensor.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).as(name).isEqualTo(at);
    assertThat(tensor.offset()).as(name).isEqualTo(28 + 4L * at);
    return at + rows * columns;
  }

  @Test
  void aFileOfAnyOtherSizeIsRefused() throws IOException {
    byte[] whole = checkpoint(true).bytes();
    Path file = folder.resolve("cut.bin");
    for (int length = 0; length <= whole.length + 5; length += length < 40 ? 1 : 41) {
      if (length != whole.length) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> Llama2cCheckpoint.open(file))
            .as("%d bytes", length)
            .isInstanceOf(FormatException.class)
            .hasMessageContaining("cut.bin");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,20,2,4,2,5,6",
    "8,-1,2,4,2,5,6",
    "8,20,1000000000,4,2,5,6",
    "8,20,2,3,1,5,6",
    "8,20,2,4,3,5,6",
    "8,20,2,4,0,5,6",
    "8,20,2,4,2,0,6",
    "8,20,2,4,2,-2147483648,6",
    "8,20,2,8,2,5,6",
    "8,20,2,4,2,5,2147483647"
  })
  void aSenselessHeaderIsRefused(int a, int b, int c, int d, int e, int f, int g) {
    Path file = header(a, b, c, d, e, f, g).raw(new byte[100]).write(folder.resolve("x.bin"));
    assertThatThrownBy(() -> Llama2cCheckpoint.open(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("makes no sense");
    assertThatThrownBy(() -> ModelSources.open(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("GGUF", "llama2.c");
  }

  @Test
  void laterVersionsAreRefused() {
    Path file = header(0x616b3432, 2).raw(new byte[300]).write(folder.resolve("v2.bin"));
    assertThatThrownBy(() -> ModelSources.open(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("version 2", "--version 0");
  }

  @Test
  void aTokenizerBesideTheCheckpointIsUsedIfItFits() throws IOException {
    Path file = checkpoint(true).write(folder.resolve("stories.bin"));
    GgufBytes tokenizer = new GgufBytes().u32(5);
    for (Map.Entry<String, Float> token :
        List.of(
            Map.entry("<unk>", 0f),
            Map.entry("\n<s>\n", 0f),
            Map.entry("\n</s>\n", 0f),
            Map.entry("<0x0A>", -1f),
            Map.entry(" the", -2.5f))) {
      tokenizer.f32(token.getValue()).u32(token.getKey().length()).ascii(token.getKey());
    }
    tokenizer.write(folder.resolve("tokenizer.bin"));
    try (ModelSource model = ModelSources.open(file)) {
      Metadata m = model.metadata();
      MetadataArray tokens = m.array("tokenizer.ggml.tokens");
      assertThat(tokens.string(1)).isEqualTo("<s>");
      assertThat(tokens.string(4)).isEqualTo("\u2581the");
      assertThat(m.array("tokenizer.ggml.scores").number(4)).isEqualTo(-2.5);
      assertThat(m.array("tokenizer.ggml.token_type").integer(0)).isEqualTo(2);
      assertThat(m.array("tokenizer.ggml.token_type").integer(2)).isEqualTo(3);
      assertThat(m.array("tokenizer.ggml.token_type").integer(3)).isEqualTo(6);
      assertThat(m.array("tokenizer.ggml.token_type").integer(4)).isEqualTo(1);
    }
    tokenizer.f32(0).u32(1).ascii("x").write(folder.resolve("tokenizer.bin"));
    try (ModelSource model = ModelSources.open(file)) {
      assertThat(model.metadata().has("tokenizer.ggml.tokens")).isFalse();
    }
  }
}
