package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.GgufConverter;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.tensor.DType;
import dev.vtc.testing.BrokenWeight;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.tvl.PackedModel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantizing while packing gives the bytes of quantizing to a GGUF file and packing that. */
class QuantizeWhilePackingTest {
  private static final Map<String, TinyArchitecture> MODELS = TinyArchitecture.all();

  @TempDir Path folder;

  private ModelOptions options() {
    return ModelOptions.defaults()
        .withThreads(2)
        .withContext(64)
        .withCache(folder.resolve("cache"));
  }

  /** A hash of the logits at all positions. */
  private static String logits(Model model, int[] ids) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Session session = model.newSession()) {
      session.evaluate(
          ids, true, (_, logits) -> digest.update(logits.toArray(ValueLayout.JAVA_BYTE)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void assertSame(PackedModel actual, PackedModel expected) {
    assertThat(actual.matrices()).containsExactlyElementsOf(expected.matrices());
    for (String name : expected.matrices()) {
      assertThat(actual.matrix(name).format()).as(name).isEqualTo(expected.matrix(name).format());
      assertThat(actual.matrix(name).data().mismatch(expected.matrix(name).data()))
          .as(name)
          .isEqualTo(-1);
    }
    assertThat(actual.vectors()).containsExactlyElementsOf(expected.vectors());
    for (String name : expected.vectors()) {
      assertThat(actual.vector(name).mismatch(expected.vector(name))).as(name).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama-wide, F32, Q8_0",
    "llama-wide, F16, Q4_K",
    "llama-wide, Q8_0, Q4_1",
    "llama-odd-heads, F32, Q4_K",
    "llama, F32, Q8_0",
    "gemma3-wide, F32, Q4_0",
    "gemma3-wide, F16, Q8_0",
    "gemma3-wide, F32, Q6_K",
    "phi3-wide, F32, Q5_0",
    "phi3-wide, F16, Q5_K",
    "qwen3moe-wide, F32, Q8_0",
    "qwen3moe-wide, F16, Q4_0",
    "qwen3moe, F32, Q5_1",
  })
  void equalsTheModelThatWasQuantizedToAFile(String name, DType stored, DType type)
      throws Exception {
    TinyArchitecture tiny = Objects.requireNonNull(MODELS.get(name));
    Path file = tiny.write(folder.resolve("model.gguf"), stored);
    Path quantized = folder.resolve("quantized.gguf");
    try (ModelSource source = ModelSources.open(file)) {
      GgufConverter.convert(source, type, quantized, (_, _) -> {});
    }
    int[] ids = Arrays.copyOf(tiny.ids(), Math.min(tiny.ids().length, 40));
    try (Model plain = Model.open(file, options());
        Model expected = Model.open(quantized, options());
        Model actual = Model.open(file, options().withQuantize(type))) {
      assertSame(actual.packed(), expected.packed());
      assertThat(actual.quantized()).hasValue(type.name());
      assertThat(plain.quantized()).isEmpty();
      assertThat(actual.metadata().get("general.file_type"))
          .isEqualTo(expected.metadata().get("general.file_type"));
      String logits = logits(actual, ids);
      assertThat(logits).isEqualTo(logits(expected, ids)).isNotEqualTo(logits(plain, ids));
    }
  }

  @Test
  void eachTypeHasAPackedFileOfItsOwn() throws IOException {
    TinyArchitecture tiny = Objects.requireNonNull(MODELS.get("llama"));
    Path file = tiny.write(folder.resolve("model.gguf"), DType.F32);
    for (int round = 0; round < 2; round++) {
      List<Path> packed = new ArrayList<>();
      AtomicInteger packings = new AtomicInteger();
      for (DType type : new DType[] {null, DType.Q8_0, DType.Q4_0}) {
        ModelOptions options = options().withQuantize(type);
        try (Model model =
            Model.open(
                file,
                options.withProgress((done, total) -> {
                  if (done == total) {
                    packings.incrementAndGet();
                  }
                }))) {
          packed.add(model.path());
        }
      }
      assertThat(packed).doesNotHaveDuplicates();
      assertThat(packings.get()).isEqualTo(round == 0 ? 3 : 0);
      Path done = packed.getFirst();
      assertThatThrownBy(() -> Model.open(done, options().withQuantize(DType.Q8_0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("quantize its source");
    }
  }

  @Test
  void aWeightThatIsNoNumberAndATypeThatIsNoneAreRefused() throws IOException {
    TinyArchitecture tiny = Objects.requireNonNull(MODELS.get("llama"));
    Path file = tiny.write(folder.resolve("model.gguf"), DType.F32);
    Path broken = folder.resolve("broken.gguf");
    BrokenWeight.write(file, broken, "blk.0.ffn_up.weight", 100, Float.NaN);
    assertThatThrownBy(() -> Model.open(broken, options().withQuantize(DType.Q8_0)))
        .hasMessageContainingAll("blk.0.ffn_up.weight", "NaN");
    assertThatThrownBy(() -> options().withQuantize(DType.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F16");
  }
}
