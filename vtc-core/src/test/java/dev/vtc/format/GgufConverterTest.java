package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufConverterTest {
  private static final long SEED = 20260105;
  private static final int LAYERS = 16;

  @TempDir Path folder;

  private static MemorySegment floats(int n) {
    Random random = new Random(SEED);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    MemorySegment data = MemorySegment.ofArray(new byte[4 * n]);
    MemorySegment.copy(values, 0, data, Little.F32, 0, n);
    return data;
  }

  private Path model(boolean tied) throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .put("general.architecture", "llama")
            .put("llama.block_count", (long) LAYERS)
            .put("split.count", 1L)
            .tensor("token_embd.weight", List.of(256L, 5L), 0, floats(256 * 5))
            .tensor("output_norm.weight", List.of(256L), 0, floats(256))
            .tensor("odd.weight", List.of(96L, 3L), 0, floats(96 * 3))
            .tensor("ids", List.of(4L), 26, MemorySegment.ofArray(new byte[16]))
            .tensor("blk.0.ffn_gate_inp.weight", List.of(256L, 4L), 0, floats(1024))
            .tensor("blk.0.ffn_up_exps.weight", List.of(256L, 2L, 3L), 0, floats(256 * 6));
    if (!tied) {
      writer.tensor("output.weight", List.of(256L, 5L), 0, floats(256 * 5));
    }
    for (int i = 0; i < LAYERS; i++) {
      writer.tensor("blk." + i + ".attn_v.weight", List.of(256L, 2L), 0, floats(512));
    }
    Path file = folder.resolve("source.gguf");
    writer.write(file);
    return file;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"
      })
  void matricesGetTheirTypeAndTheQuantizersBytes(DType type) throws IOException {
    Path target = folder.resolve("target.gguf");
    List<Long> progress = new ArrayList<>();
    try (ModelSource source = ModelSources.open(model(false))) {
      GgufConverter.convert(source, type, target, (done, _) -> progress.add(done));
      try (GgufFile result = GgufFile.open(target)) {
        assertThat(result.metadata().has("split.count")).isFalse();
        assertThat(result.metadata().integer("llama.block_count")).isEqualTo(LAYERS);
        assertThat(result.tensor("token_embd.weight").type()).isEqualTo(type);
        assertThat(result.tensor("output_norm.weight").type()).isEqualTo(DType.F32);
        assertThat(result.tensor("ids").type()).isEqualTo(DType.I32);
        assertThat(result.tensor("blk.0.ffn_gate_inp.weight").type()).isEqualTo(DType.F32);
        assertThat(result.tensor("odd.weight").type())
            .isEqualTo(
                switch (type) {
                  case Q4_K -> DType.Q5_0;
                  case Q5_K -> DType.Q5_1;
                  case Q6_K -> DType.Q8_0;
                  default -> type;
                });
        assertThat(result.parts().getFirst().tensors().get(5).shape())
            .containsExactly(256L, 2L, 3L);
        for (Tensor tensor : result.tensors().values()) {
          if (tensor.type().isWeight()) {
            assertThat(
                    tensor.data().mismatch(quantized(source.tensor(tensor.name()), tensor.type())))
                .as(tensor.name())
                .isEqualTo(-1);
          }
        }
      }
    }
    assertThat(progress.getLast())
        .isEqualTo(256 * 5 * 2 + 256 + 96 * 3 + 4 + 1024 + 256 * 6 + LAYERS * 512L);
  }

  private static MemorySegment quantized(Tensor tensor, DType type) {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    Decoder.decode(tensor.type(), tensor.data(), 0, values, 0, values.length);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.rowBytes(values.length)]);
    Quantizer.quantize(type, values, 0, bytes, 0, values.length);
    return bytes;
  }

  /** As {@code llama-quantize} distributes types; the layers are those its use_more_bits names. */
  @Test
  void sensitiveTensorsGetMoreBits() throws IOException {
    Path target = folder.resolve("target.gguf");
    try (ModelSource source = ModelSources.open(model(true))) {
      GgufConverter.convert(source, DType.Q4_K, target, (_, _) -> {});
    }
    try (GgufFile result = GgufFile.open(target)) {
      assertThat(result.tensor("token_embd.weight").type()).isEqualTo(DType.Q6_K);
      List<Integer> more = new ArrayList<>();
      for (int i = 0; i < LAYERS; i++) {
        if (result.tensor("blk." + i + ".attn_v.weight").type() == DType.Q6_K) {
          more.add(i);
        }
      }
      assertThat(more).containsExactly(0, 1, 4, 7, 10, 13, 14, 15);
      assertThat(result.metadata().integer("general.file_type")).isEqualTo(15);
    }
  }

  @Test
  void aFolderOfSafetensorsBecomesTheSameFileAsByTheConverterOfLlamaCpp() throws Exception {
    Path golden = SafetensorsFolderTest.golden("llama");
    Path target = folder.resolve("target.gguf");
    try (ModelSource source = ModelSources.open(golden)) {
      GgufConverter.convert(source, DType.F16, target, (_, _) -> {});
    }
    try (ModelSource result = ModelSources.open(target);
        ModelSource expected = ModelSources.open(golden.resolve("expected.gguf"))) {
      assertThat(result.tensors()).hasSameSizeAs(expected.tensors());
      for (Tensor tensor : expected.tensors().values()) {
        Tensor actual = result.tensor(tensor.name());
        assertThat(actual.type()).as(tensor.name()).isEqualTo(tensor.type());
        if (!tensor.name().equals("rope_freqs.weight")) {
          assertThat(actual.data().mismatch(tensor.data())).as(tensor.name()).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void failuresLeaveNothingBehind() throws IOException {
    MemorySegment bad = floats(256 * 2);
    bad.set(Little.F32, 4 * 300, Float.NaN);
    Path file = folder.resolve("bad.gguf");
    new GgufWriter().tensor("w.weight", List.of(256L, 2L), 0, bad).write(file);
    Path target = folder.resolve("target.gguf");
    try (ModelSource source = ModelSources.open(file)) {
      assertThatThrownBy(() -> GgufConverter.convert(source, DType.Q8_0, target, (_, _) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("w.weight");
      assertThatThrownBy(() -> GgufConverter.convert(source, DType.IQ4_NL, target, (_, _) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("IQ4_NL");
    }
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }
}
