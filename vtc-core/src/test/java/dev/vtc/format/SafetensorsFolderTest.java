package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders written by the Python package safetensors; see make_safetensors_goldens.py. */
class SafetensorsFolderTest {
  private static final long SEED = 20260104;

  @TempDir Path temporary;

  static Path golden(String name) throws URISyntaxException {
    Path config =
        Path.of(
            Objects.requireNonNull(
                    SafetensorsFolderTest.class.getResource("safetensors/" + name + "/config.json"))
                .toURI());
    return config.resolveSibling(".").normalize();
  }

  private Path copy(String name) throws IOException, URISyntaxException {
    Path folder = Files.createDirectory(temporary.resolve(name));
    try (Stream<Path> files = Files.list(golden(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    for (int row = 0; row < tensor.rows(); row++) {
      Decoder.decodeRow(tensor, row, values, row * (int) tensor.columns());
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3"})
  void tensorsEqualThoseOfTheConvertedFile(String name) throws Exception {
    try (ModelSource folder = ModelSources.open(golden(name));
        ModelSource expected = ModelSources.open(golden(name).resolve("expected.gguf"))) {
      assertThat(folder.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
      for (Tensor tensor : expected.tensors().values()) {
        Tensor actual = folder.tensor(tensor.name());
        assertThat(actual.rows()).as(tensor.name()).isEqualTo(tensor.rows());
        assertThat(actual.columns()).as(tensor.name()).isEqualTo(tensor.columns());
        if (tensor.name().equals("rope_freqs.weight")) {
          assertThat(values(actual)).containsExactly(values(tensor), offset());
        } else {
          assertThat(values(actual)).as(tensor.name()).isEqualTo(values(tensor));
        }
      }
    }
  }

  /** The reference computes frequencies in f32, VTC in f64: 24 bits, of which few are lost. */
  private static Offset<Float> offset() {
    return Offset.offset(1e-5f);
  }

  @Test
  void aLlamaFolderHasTheKeysOfGguf() throws Exception {
    try (ModelSource folder = ModelSources.open(golden("llama"))) {
      Metadata m = folder.metadata();
      assertThat(folder.formatName()).isEqualTo("safetensors");
      assertThat(m.string("general.architecture")).isEqualTo("llama");
      assertThat(m.string("general.name")).isEqualTo("llama");
      assertThat(m.integer("llama.block_count")).isEqualTo(2);
      assertThat(m.integer("llama.attention.head_count_kv")).isEqualTo(2);
      assertThat(m.integer("llama.attention.key_length")).isEqualTo(6);
      assertThat(m.integer("llama.rope.dimension_count")).isEqualTo(6);
      assertThat(m.number("llama.rope.freq_base")).isEqualTo(500_000);
      assertThat(m.number("llama.attention.layer_norm_rms_epsilon")).isEqualTo(1e-6);
      assertThat(m.string("tokenizer.ggml.model")).isEqualTo("gpt2");
      assertThat(m.string("tokenizer.ggml.pre")).isEqualTo("llama-bpe");
      assertThat(strings(m.array("tokenizer.ggml.tokens")).subList(0, 9))
          .containsExactly("a", "<s>", "</s>", "b", "ab", "<|eot|>", "<tool>", "abb", "[PAD8]");
      assertThat(m.array("tokenizer.ggml.tokens").size()).isEqualTo(20);
      MetadataArray types = m.array("tokenizer.ggml.token_type");
      assertThat(IntStream.range(0, 9).mapToLong(types::integer).boxed().toList())
          .containsExactly(1L, 3L, 3L, 1L, 1L, 3L, 4L, 1L, 5L);
      assertThat(strings(m.array("tokenizer.ggml.merges"))).containsExactly("a b", "ab b");
      assertThat(m.integer("tokenizer.ggml.bos_token_id")).isEqualTo(1);
      assertThat(m.integer("tokenizer.ggml.eos_token_id")).isEqualTo(2);
      assertThat(m.bool("tokenizer.ggml.add_bos_token")).isTrue();
      assertThat(m.bool("tokenizer.ggml.add_eos_token")).isFalse();
      assertThat(m.string("tokenizer.chat_template")).startsWith("{% for m");
      assertThat(m.number("general.sampling.temp")).isEqualTo(0.6);
      assertThat(m.integer("general.sampling.top_k")).isEqualTo(20);
      assertThat(m.array("tokenizer.ggml.eos_token_ids").integer(1)).isEqualTo(5);
    }
  }

  @Test
  void aGemmaFolderHasScoresInPlaceOfMerges() throws Exception {
    try (ModelSource folder = ModelSources.open(golden("gemma3"))) {
      Metadata m = folder.metadata();
      assertThat(m.string("tokenizer.ggml.model")).isEqualTo("llama");
      assertThat(m.bool("tokenizer.ggml.add_space_prefix")).isFalse();
      MetadataArray scores = m.array("tokenizer.ggml.scores");
      assertThat(scores.number(8)).isEqualTo(-0.0);
      assertThat(scores.number(9)).isEqualTo(-1);
      assertThat(scores.number(6)).isEqualTo(-3);
      assertThat(m.array("tokenizer.ggml.token_type").integer(3)).isEqualTo(2);
      assertThat(m.array("tokenizer.ggml.token_type").integer(4)).isEqualTo(6);
      assertThat(m.integer("gemma3.attention.sliding_window")).isEqualTo(512);
      assertThat(m.number("gemma3.rope.freq_base_swa")).isEqualTo(10_000);
      assertThat(m.integer("gemma3.attention.key_length")).isEqualTo(8);
    }
  }

  private static List<String> strings(MetadataArray array) {
    return IntStream.range(0, array.size()).mapToObj(array::string).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LlamaForCausalLM | MambaForCausalLM | MambaForCausalLM, which VTC does not read",
        "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 1000000000 | num_hidden_layers",
        "\"num_attention_heads\": 4 | \"num_attention_heads\": 0 | num_attention_heads is 0",
        "\"hidden_size\": 16 | \"hidden\": 16 | hidden_size is missing",
        "\"llama3\" | \"strange\" | rope type strange",
        "\"head_dim\": 6 | \"head_dim\": 7 | no heads of 7 rows",
        "{ | [ | JSON",
        "} | } x | JSON",
      })
  void aSenselessConfigIsRefused(String from, String to, String words) throws Exception {
    Path folder = copy("llama");
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("config.json", words);
  }

  @Test
  void aMissingShardAndAnIndexThatLeavesTheFolderAreRefused() throws Exception {
    Path folder = copy("gemma3");
    Path index = folder.resolve("model.safetensors.index.json");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("model-00002", "../model-00002"));
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("weight_map");
    Files.writeString(index, text);
    Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("model-00002-of-00002.safetensors", "missing");
  }

  @Test
  void everyTruncationOfTheWeightsIsRefused() throws Exception {
    Path folder = copy("llama");
    Path file = folder.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += length < 200 ? 1 : 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ModelSources.open(folder))
          .as("cut to %d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("model.safetensors");
    }
  }

  @Test
  void randomMutationsOfHeaderAndJsonGiveAnErrorOrAReadableModel() throws Exception {
    Path folder = copy("llama");
    Random random = new Random(SEED);
    int refused = 0;
    for (String name :
        new String[] {
          "model.safetensors",
          "config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "generation_config.json"
        }) {
      Path file = folder.resolve(name);
      byte[] sound = Files.readAllBytes(file);
      int range =
          name.endsWith(".json")
              ? sound.length
              : 8 + (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
      for (int round = 0; round < 150; round++) {
        byte[] mutated = sound.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          mutated[random.nextInt(range)] =
              random.nextBoolean()
                  ? (byte) random.nextInt()
                  : "0123456789[]{},:\"-e.".getBytes(StandardCharsets.UTF_8)[random.nextInt(20)];
        }
        Files.write(file, mutated);
        try (ModelSource model = ModelSources.open(folder)) {
          assertThat(GgufHostileTest.readAll(model)).isNotEqualTo(Long.MIN_VALUE);
        } catch (FormatException e) {
          assertThat(e).as("seed %d %s round %d", SEED, name, round).hasMessageContaining(".");
          refused++;
        }
      }
      Files.write(file, sound);
    }
    assertThat(refused).isGreaterThan(100);
  }
}
