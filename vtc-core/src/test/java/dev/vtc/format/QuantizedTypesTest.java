package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.DType;
import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each tensor gets the type that llama-quantize gives it; see make_quantized_types.py. */
class QuantizedTypesTest {
  private static final Map<String, Object> MODELS = models();

  @TempDir Path folder;

  private static Map<String, Object> models() {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                QuantizedTypesTest.class.getResourceAsStream("quantized-types.json.gz")))) {
      return TestJson.parseObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> names() {
    return MODELS.keySet().stream();
  }

  private static Map<String, List<Long>> shapes(String model) {
    return TestJson.get(TestJson.<Map<String, Object>>get(MODELS, model), "shapes");
  }

  /** A model of zeros. */
  private Path write(String name) throws IOException {
    Map<String, Object> model = TestJson.get(MODELS, name);
    String architecture = TestJson.get(model, "architecture");
    GgufWriter writer = new GgufWriter().put("general.architecture", architecture);
    TestJson.<Map<String, Object>>get(model, "keys")
        .forEach((key, value) -> writer.put(architecture + "." + key, value));
    shapes(name)
        .forEach((tensor, shape) -> {
          int elements = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
          writer.tensor(tensor, shape, 0, MemorySegment.ofArray(new byte[4 * elements]));
        });
    Path file = folder.resolve("model.gguf");
    writer.write(file);
    return file;
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachTensorGetsTheTypeThatLlamaQuantizeGivesIt(String name) throws IOException {
    Map<String, String> types =
        TestJson.get(TestJson.<Map<String, Object>>get(MODELS, name), "types");
    assertThat(types).hasSize(11);
    try (ModelSource source = ModelSources.open(write(name))) {
      types.forEach((type, expected) -> {
        QuantizedTypes choice = new QuantizedTypes(source, DType.valueOf(type));
        List<String> actual = new ArrayList<>();
        shapes(name)
            .forEach((tensor, shape) -> {
              long rows = shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
              actual.add(choice.of(tensor, shape.getFirst(), rows, DType.F32).name());
            });
        assertThat(actual).as(name + " to " + type).containsExactly(expected.split(" ", -1));
      });
    }
  }

  @Test
  void whatFellBackIsNamed() throws IOException {
    try (ModelSource source = ModelSources.open(write("rows of 48 and 172"))) {
      List<QuantizedTypes.Fallback> all =
          GgufConverter.convert(source, DType.Q4_K, folder.resolve("to.gguf"), (_, _) -> {});
      // Nine layers of seven matrices, embedding and output: no row is a multiple of 32.
      assertThat(all)
          .hasSize(65)
          .contains(
              new QuantizedTypes.Fallback("token_embd.weight", 48, DType.Q4_K, DType.F16),
              new QuantizedTypes.Fallback("output.weight", 48, DType.Q6_K, DType.F16),
              new QuantizedTypes.Fallback("blk.3.ffn_down.weight", 172, DType.Q6_K, DType.F16));
      assertThat(GgufConverter.convert(source, DType.F16, folder.resolve("f16"), (_, _) -> {}))
          .isEmpty();
    }
  }

  @Test
  void aTypeThatCannotBeWrittenIsRefused() throws IOException {
    try (ModelSource source = ModelSources.open(write("plain"))) {
      assertThatThrownBy(() -> new QuantizedTypes(source, DType.IQ4_XS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("IQ4_XS");
    }
    assertThat(QuantizedTypes.named("q4_k")).isEqualTo(DType.Q4_K);
    assertThat(QuantizedTypes.named("IQ4_XS")).isNull();
  }
}
