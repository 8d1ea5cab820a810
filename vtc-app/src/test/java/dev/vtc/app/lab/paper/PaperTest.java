package dev.vtc.app.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.app.Samples;
import dev.vtc.app.lab.Table;
import dev.vtc.app.lab.layout.Variant;
import dev.vtc.format.Llama2cCheckpoint;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperTest {
  @TempDir Path folder;

  @Test
  void aSyntheticCheckpointIsWhatItsShapeSays() throws Exception {
    SyntheticCheckpoint shape = new SyntheticCheckpoint(64, 172, 3, 4, 300, 128);
    Path a = folder.resolve("a.bin");
    shape.write(a, 7);
    try (ModelSource source = ModelSources.open(a)) {
      assertThat(source).isInstanceOf(Llama2cCheckpoint.class);
      Tensor up = Objects.requireNonNull(source.tensors().get("blk.2.ffn_up.weight"));
      assertThat(up.rows()).isEqualTo(172);
      assertThat(up.columns()).isEqualTo(64);
      long matrices =
          source.tensors().values().stream()
              .filter(t -> t.rows() > 1)
              .mapToLong(t -> t.data().byteSize())
              .sum();
      assertThat(shape.weightBytes()).isEqualTo(matrices);
    }
    Path b = folder.resolve("b.bin");
    shape.write(b, 7);
    assertThat(b).hasSameBinaryContentAs(a);
    shape.write(b, 8);
    assertThat(Files.mismatch(a, b)).isNotNegative();
  }

  /** 12·(4·768² + 3·768·2048) + 32000·768 weights of 4 bytes. */
  @Test
  void thePapersModelReads438MegabytesAToken() {
    assertThat(SyntheticCheckpoint.STORIES_110M.weightBytes()).isEqualTo(438_042_624L);
  }

  @Test
  void theComparisonTakesTheComputerOut() {
    PaperReport report = new PaperReport("a model", 100_000_000);
    report.decoded(new Samples(50, 40, 60), new double[] {0.02}, new Samples(10e9));
    report.products(Variant.ROW_SCALAR, new Samples(0.5));
    Table t = report.comparison();
    List<List<@Nullable Object>> rows = t.rows();
    assertThat(rows).hasSize(5);
    // 61.3 · 0.438042624 GB = 26.85 GB/s, of 200
    assertRow(rows.get(0), "VTC, NEON", 61.3, 1e3 / 61.3, 26.852, 200, 13.426);
    assertRow(rows.get(2), "scalar", 24, 41.667, 10.513, 200, 5.257);
    assertRow(rows.get(3), "VTC, whole decoding", 50, 20, 5, 10, 50);
    assertRow(rows.get(4), "row-major scalar, products only", 2, 500, 0.2, 10, 2);
  }

  private static void assertRow(List<@Nullable Object> row, String what, double... numbers) {
    assertThat(row.get(0)).isEqualTo(what);
    for (int i = 0; i < numbers.length; i++) {
      // What is expected is written with three decimals.
      assertThat((Double) row.get(i + 2)).isCloseTo(numbers[i], Offset.offset(5.1e-4));
    }
  }
}
