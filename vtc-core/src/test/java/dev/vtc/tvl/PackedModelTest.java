package dev.vtc.tvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackedModelTest {
  static PackedExtras extras() {
    SequencedMap<String, MemorySegment> blobs = new LinkedHashMap<>();
    blobs.put("tokens", MemorySegment.ofArray(new byte[] {1, 2, 3}));
    blobs.put("empty", MemorySegment.ofArray(new byte[0]));
    byte[] large = new byte[3_000_001];
    new Random(1).nextBytes(large);
    blobs.put("large", MemorySegment.ofArray(large));
    return new PackedExtras(
        blobs, Map.of("vtc.text", 1L, "general.flag", false), Set.of("tokenizer.ggml.tokens"));
  }

  /** Everything in the model is what the source and the extras hold. */
  static void check(PackedModel model, FakeSource source) {
    assertThat(model.metadata().string("general.architecture")).isEqualTo("llama");
    assertThat(model.metadata().integer("vtc.text")).isEqualTo(1);
    assertThat(model.metadata().bool("general.flag")).isFalse();
    assertThat(model.metadata().number("llama.rope.freq_base")).isEqualTo(10000.25);
    assertThat(model.metadata().array("llama.heads").integer(1)).isEqualTo(2);
    assertThat(model.metadata().has("tokenizer.ggml.tokens")).isFalse();
    extras()
        .blobs()
        .forEach((name, blob) -> assertThat(model.blob(name).mismatch(blob)).isEqualTo(-1));
    assertThat(model.blobs()).containsExactly("tokens", "empty", "large");
    List<String> vectors = new ArrayList<>();
    for (Tensor tensor : source.tensors().values()) {
      if (tensor.type() == DType.I32) {
        assertThat(model.has(tensor.name())).isFalse();
        continue;
      }
      assertThat(model.has(tensor.name())).isTrue();
      if (tensor.rows() == 1) {
        vectors.add(tensor.name());
        float[] expected = new float[(int) tensor.columns()];
        Decoder.decodeRow(tensor, 0, expected, 0);
        MemorySegment vector = model.vector(tensor.name());
        assertThat(vector.address() % 64).isZero();
        assertThat(vector.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(expected);
      } else {
        PackedTensor packed = model.matrix(tensor.name());
        assertThat(packed.data().address() % 64).isZero();
        byte[] back = new byte[(int) tensor.data().byteSize()];
        new PackedMatrix(packed).unpack(0, (int) tensor.rows(), MemorySegment.ofArray(back));
        assertThat(back).as(tensor.name()).isEqualTo(TestTensors.bytes(tensor));
      }
    }
    assertThat(model.vectors()).containsExactlyElementsOf(vectors);
    assertThat(model.matrices())
        .startsWith(
            "token_embd.weight",
            "blk.0.attn_q.weight",
            "blk.0.attn_k.weight",
            "blk.0.attn_v.weight",
            "blk.0.ffn_down.weight",
            "blk.0.ffn_gate.weight",
            "blk.0.ffn_up.weight",
            "blk.1.attn_q.weight");
    assertThat(model.weights())
        .isEqualTo(
            source.tensors().values().stream()
                .filter(t -> t.type() != DType.I32)
                .mapToLong(Tensor::elements)
                .sum());

    // Gate and up lie panel by panel where they are alike, else one after the other.
    PackedTensor gate = model.matrix("blk.0.ffn_gate.weight");
    PackedTensor up = model.matrix("blk.0.ffn_up.weight");
    long panel = gate.format().panelBytes(96);
    assertThat(gate.panelStride()).isEqualTo(2 * panel);
    assertThat(up.data().address()).isEqualTo(gate.data().address() + panel);
    PackedTensor gate1 = model.matrix("blk.1.ffn_gate.weight");
    PackedTensor up1 = model.matrix("blk.1.ffn_up.weight");
    assertThat(gate1.panelStride()).isEqualTo(panel);
    assertThat(up1.data().address()).isGreaterThanOrEqualTo(gate1.data().address() + 3 * panel);
    assertThat(gate1.data().address() % 4096).isZero();
  }

  @Test
  void inMemoryHoldsEverything() throws Exception {
    for (int threads : new int[] {1, 3}) {
      FakeSource source = new FakeSource(Path.of("fake.gguf"), TestTensors.seeded("in memory"));
      List<Long> progress = new ArrayList<>();
      PackedModel model =
          PackedModel.inMemory(
              source,
              PackPlan.byNames(source.tensors()),
              extras(),
              threads,
              (done, total) -> {
                progress.add(done);
                assertThat(done).isLessThanOrEqualTo(total);
                if (done == total) {
                  progress.add(-1L);
                }
              });
      try (model) {
        check(model, source);
        assertThat(source.closed).isFalse();
      }
      assertThat(source.closed).isTrue();
      assertThat(progress.getLast()).isEqualTo(-1);
      assertThat(progress.subList(0, progress.size() - 1)).isSorted();
      assertThatThrownBy(() -> model.vector("output_norm.weight").get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aMissingNameIsNamed() throws Exception {
    FakeSource source = new FakeSource(Path.of("fake.gguf"), TestTensors.seeded("names"));
    try (PackedModel model =
        PackedModel.inMemory(
            source, PackPlan.byNames(source.tensors()), extras(), 1, PackProgress.SILENT)) {
      assertThatThrownBy(() -> model.matrix("output.weight"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("output.weight")
          .hasMessageContaining("fake.gguf");
      assertThatThrownBy(() -> model.matrix("output_norm.weight"))
          .hasMessageContaining("output_norm.weight");
      assertThatThrownBy(() -> model.vector("nope")).hasMessageContaining("nope");
      assertThatThrownBy(() -> model.blob("nope")).hasMessageContaining("nope");
    }
  }

  @Test
  void aFailureWhilePackingReachesTheCallerAndClosesTheSource() {
    FakeSource source = new FakeSource(Path.of("fake.gguf"), TestTensors.seeded("failure"));
    assertThatThrownBy(() ->
            PackedModel.inMemory(
                source,
                PackPlan.byNames(source.tensors()),
                extras(),
                3,
                (done, total) -> {
                  throw new IllegalStateException("stop");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");
    assertThat(source.closed).isTrue();
  }
}
