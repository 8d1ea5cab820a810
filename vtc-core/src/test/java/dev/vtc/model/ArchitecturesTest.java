package dev.vtc.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The logits of tiny random models with F32 weights against llama.cpp's, which the files made by
 * make_architecture_goldens.py hold.
 */
class ArchitecturesTest {
  /** Of the largest logit. */
  private static final double TOLERANCE = 1e-3;

  @TempDir Path folder;

  private Path golden(String name) throws IOException {
    Path file = folder.resolve(name + ".gguf");
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(getClass().getResourceAsStream(name + ".gguf.gz"), name))) {
      Files.copy(in, file);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama-linear",
        "llama-factors",
        "qwen2",
        "qwen2-yarn",
        "qwen3",
        "gemma3",
        "gemma3-linear",
        "gemma2",
        "smollm3",
        "olmo2",
        "olmo2-sliding",
        "granite",
        "granite-no-rope",
        "phi3"
      })
  void logitsAreThoseOfLlamaCpp(String name) throws IOException {
    Path file = golden(name);
    int[] prompt;
    double[] expected;
    try (ModelSource source = ModelSources.open(file)) {
      MetadataArray ids = source.metadata().array("test.prompt");
      prompt = new int[ids.size()];
      for (int i = 0; i < prompt.length; i++) {
        prompt[i] = (int) ids.integer(i);
      }
      MetadataArray logits = source.metadata().array("test.logits");
      expected = new double[logits.size()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = logits.number(i);
      }
    }
    double largest = 0;
    for (double l : expected) {
      largest = Math.max(largest, Math.abs(l));
    }
    assertThat(expected.length).isGreaterThan(32);
    try (Rig.Loaded model = Rig.load(file, KvType.F32)) {
      for (Machine machine : Rig.machines("architecture " + name)) {
        try (Rig rig = new Rig(model, machine, 2, new Limits(64, 64, 1, 256))) {
          float[] actual = Replay.logits(rig, prompt, 9)[prompt.length - 1];
          double worst = 0;
          for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / largest);
          }
          System.out.printf("%s on %s: %.1e of the largest logit%n", name, machine.name(), worst);
          assertThat(worst).as(name + " on " + machine.name()).isLessThan(TOLERANCE);
        }
      }
    }
  }

  @Test
  void unknownArchitectureIsNamedWithTheKnownOnes() throws IOException {
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

  /** Builds the granite golden's program with other keys. */
  private void build(Map<String, Object> changes, String architecture) throws IOException {
    Path file = folder.resolve("granite.gguf");
    if (!Files.exists(file)) {
      golden("granite");
    }
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
