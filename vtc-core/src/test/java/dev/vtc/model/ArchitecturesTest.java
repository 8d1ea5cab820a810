package dev.vtc.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.Metadata;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TestJson;
import dev.vtc.testing.TinyArchitecture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The logits of tiny random models with F32 weights against llama.cpp's, which the files made by
 * make_architecture_goldens.py hold.
 */
class ArchitecturesTest {
  /**
   * Chosen between what the models need (1.45 for llama in F16; 0.35 for the worst in 8 bits) and
   * what a wrong scale of a single matrix does (see {@link #aWrongScaleOfOneMatrixIsNoticed}).
   */
  private static final double AMPLIFICATION = 1.5;

  @TempDir Path folder;

  private static final Map<String, TinyArchitecture> MODELS = TinyArchitecture.all();

  static Stream<Arguments> modelsAndTypes() {
    return MODELS.values().stream()
        .flatMap(m ->
            m.logits().keySet().stream().map(type -> Arguments.of(m.name(), DType.valueOf(type))));
  }

  @ParameterizedTest
  @MethodSource("modelsAndTypes")
  void logitsAreThoseOfLlamaCpp(String name, DType type) {
    TinyArchitecture model = Objects.requireNonNull(MODELS.get(name));
    double bound = bound(model, type);
    double worst = difference(model, type, Rig.machines("architecture " + name));
    System.out.printf(
        "%s in %s: off by %.1e of the root mean square, %.1e allowed%n", name, type, worst, bound);
    assertThat(worst).as(name + " in " + type).isLessThan(bound);
  }

  private static double[] expected(TinyArchitecture model, DType type) {
    return Objects.requireNonNull(model.logits().get(type.name())).stream()
        .mapToDouble(Number::doubleValue)
        .toArray();
  }

  /**
   * How far logits are from llama.cpp's at the most, in root mean squares of these; the same on all
   * machines, to the last bit.
   */
  private double difference(TinyArchitecture model, DType type, List<Machine> machines) {
    double[] expected = expected(model, type);
    int[] ids = model.ids();
    Path file = model.write(folder.resolve("model.gguf"), type);
    double worst = 0;
    float[] first = null;
    try (Rig.Loaded loaded = Rig.load(file, KvType.F32, model.context())) {
      for (Machine machine : machines) {
        try (Rig rig = new Rig(loaded, machine, 2, new Limits(64, 64, 1, model.context()))) {
          float[] actual = Replay.logits(rig, ids, 19)[ids.length - 1];
          first = first == null ? actual : first;
          assertThat(actual).as(machine.name()).isEqualTo(first);
          for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
          }
        }
      }
    }
    return worst / size(expected);
  }

  private static double size(double[] x) {
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    return Math.sqrt(squares / x.length);
  }

  /**
   * What {@link #difference} may be.
   *
   * <p>F32: 1e-3 of the largest logit, for sums in another order, exp and the angles of rope.
   *
   * <p>Otherwise both engines round what a product reads, each in its own way, and their errors are
   * independent. VTC (rule 3) and llama.cpp with Q8_0 and Q4_0 weights: 8 bits in blocks of 32;
   * llama.cpp with Q4_K weights: in blocks of 256; with F16 weights llama.cpp rounds to f16 and VTC
   * not at all. The steps of 8 bits are a/127 apart, where a is the largest of the block, some
   * sqrt(2 ln 2b) root mean squares for b numbers; rounding to steps of s gives errors of
   * s/sqrt(12) root mean square. So a product's relative error is e = sqrt(2 ln 2b) / (127
   * sqrt(12)), or 2^-10 / sqrt(12) in f16 (steps are 2^-10 of a power of two). Errors of P = 4 ·
   * layers + 1 products, one after the other, add up to e · sqrt(P); the largest of n logits'
   * errors is sqrt(2 ln 2n) times that. Products of two inexact factors (gate and up, scores) have
   * larger errors, and a residual stream smaller ones: {@link #AMPLIFICATION} says by how much
   * together.
   */
  private static double bound(TinyArchitecture model, DType type) {
    double[] logits = expected(model, type);
    if (type == DType.F32) {
      double largest = Arrays.stream(logits).map(Math::abs).max().orElseThrow();
      return 1e-3 * largest / size(logits);
    }
    double vtc = type == DType.F16 ? 0 : roundingTo8Bits(32);
    double llama =
        switch (type) {
          case F16 -> 0x1p-10 / Math.sqrt(12);
          case Q4_K -> roundingTo8Bits(256);
          default -> roundingTo8Bits(32);
        };
    String layersKey = TestJson.get(model.metadata(), "general.architecture") + ".block_count";
    double layers = TestJson.<Long>get(model.metadata(), layersKey).doubleValue();
    double all = Math.hypot(vtc, llama) * Math.sqrt(4 * layers + 1);
    return AMPLIFICATION * largestOf(logits.length) * all;
  }

  /** Of n normally distributed numbers, in root mean squares. */
  private static double largestOf(int n) {
    return Math.sqrt(2 * Math.log(2 * n));
  }

  private static double roundingTo8Bits(int block) {
    return largestOf(block) / (127 * Math.sqrt(12));
  }

  /** The bound can fail: a matrix whose scales are twice what they should be breaks it. */
  @ParameterizedTest
  @CsvSource({
    "llama-wide, blk.0.attn_v.weight",
    "llama-wide, blk.1.ffn_down.weight",
    "llama-wide, blk.0.attn_k.weight",
    "qwen3moe-wide, blk.1.ffn_up_exps.weight",
    "qwen3moe-wide, blk.0.ffn_gate_exps.weight",
    "gemma3-wide, output_norm.weight"
  })
  void aWrongScaleOfOneMatrixIsNoticed(String name, String tensor) {
    TinyArchitecture model = Objects.requireNonNull(MODELS.get(name));
    TinyArchitecture broken = model.with(model.tensor(tensor).broken());
    for (String type : model.logits().keySet()) {
      DType t = DType.valueOf(type);
      double off = difference(broken, t, List.of(Machines.portable()));
      System.out.printf("%s in %s with a wrong %s: off by %.1e%n", name, type, tensor, off);
      assertThat(off).as(name + " in " + type).isGreaterThan(bound(model, t));
    }
  }

  @Test
  void unknownArchitectureIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> build(Map.of("general.architecture", "mamba"), "mamba"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mamba")
        .hasMessageContaining(
            "gemma2, gemma3, granite, llama, mistral3, olmo2, phi3, qwen2, qwen3,"
                + " qwen3moe, smollm3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "granite.logit_scale",
        "granite.residual_scale",
        "granite.attention.scale",
        "granite.embedding_scale",
        "granite.rope.scaling.factor"
      })
  void factorsOutOfSenseAreNamed(String key) {
    for (double value : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> build(Map.of(key, value), "granite"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(key);
    }
  }

  @Test
  void unknownScalingIsNamed() {
    assertThatThrownBy(() -> build(Map.of("granite.rope.scaling.type", "spiral"), "granite"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spiral");
  }

  /** Builds the granite model's program with other keys. */
  private void build(Map<String, Object> changes, String architecture) {
    TinyArchitecture granite = Objects.requireNonNull(MODELS.get("granite"));
    Path file = granite.write(folder.resolve("granite.gguf"), DType.F32);
    try (Rig.Loaded model = Rig.load(file, KvType.F32)) {
      Metadata original = model.weights().packed().metadata();
      Map<String, Object> values = new HashMap<>();
      for (String key : original.keys()) {
        values.put(key.replaceFirst("^granite\\.", architecture + "."), original.get(key));
      }
      values.putAll(changes);
      Metadata changed = new Metadata(values);
      ModelConfig config = ModelConfig.read(changed, 61);
      Architectures.build(config, changed, model.weights(), KvType.F32, 256);
    }
  }
}
