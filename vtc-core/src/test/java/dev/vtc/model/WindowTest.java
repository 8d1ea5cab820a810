package dev.vtc.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.format.MetadataArray;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Windows of the families to which llama.cpp gives none, so that it cannot say what is right.
 * Instead: since rope counts distances only, a model of one layer that sees the last w positions
 * must give the logits that it gives without a window to these w tokens alone.
 */
class WindowTest {
  private static final int LENGTH = 600;

  private static final Map<String, TinyArchitecture> MODELS = TinyArchitecture.all();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama, 1",
    "llama, 20",
    "llama, 257",
    "llama-experts, 20",
    "mistral3-half, 20",
    "qwen2, 20",
    "qwen3, 300",
    "qwen3moe, 20",
    "phi3, 20",
    "smollm3, 20"
  })
  void aWindowSeesTheLastPositionsOnly(String name, int window) {
    TinyArchitecture model = oneLayer(Objects.requireNonNull(MODELS.get(name)));
    int[] prompt = Replay.prompt(6, LENGTH, 61);
    int[] last = Arrays.copyOfRange(prompt, LENGTH - window, LENGTH);
    TinyArchitecture sliding = model.with(key(model, "sliding_window"), (long) window);
    sliding = sliding.with(key(model, "sliding_window_pattern"), pattern(true));
    List<Machine> machines = Rig.machines("window of " + name);
    float[] expected = logits(model, last, machines);
    float[] windowed = logits(sliding, prompt, machines);
    // As for F32 in ArchitecturesTest: angles are rounded at other positions.
    assertThat(difference(windowed, expected)).isLessThan(1e-3);
    assertThat(difference(logits(model, prompt, machines), expected)).isGreaterThan(1e-2);
  }

  /** As llama.cpp has it: a file of Phi 3 states its window, and no layer slides. */
  @Test
  void aWindowWithoutAPatternIsLeftOut() {
    TinyArchitecture model = Objects.requireNonNull(MODELS.get("phi3"));
    int[] prompt = Replay.prompt(6, 60, 61);
    List<Machine> machines = Rig.machines("window of phi3");
    assertThat(logits(model.with(key(model, "sliding_window"), 20L), prompt, machines))
        .isEqualTo(logits(model, prompt, machines));
  }

  @Test
  void onlyTheLayersOfThePatternSlide() {
    TinyArchitecture model = Objects.requireNonNull(MODELS.get("llama"));
    model = model.with(key(model, "sliding_window"), 20L);
    String pattern = key(model, "sliding_window_pattern");
    int[] prompt = Replay.prompt(6, 60, 61);
    List<Machine> machines = Rig.machines("pattern of llama");
    float[] none = logits(model.with(pattern, pattern(false, false)), prompt, machines);
    float[] first = logits(model.with(pattern, pattern(true, false)), prompt, machines);
    float[] second = logits(model.with(pattern, pattern(false, true)), prompt, machines);
    assertThat(none).isEqualTo(logits(model.with(pattern, null), prompt, machines));
    assertThat(difference(first, none)).isGreaterThan(1e-2);
    assertThat(difference(second, none)).isGreaterThan(1e-2);
    assertThat(difference(first, second)).isGreaterThan(1e-2);
  }

  private static MetadataArray pattern(Boolean... sliding) {
    return MetadataArray.of(List.of(sliding));
  }

  private static String key(TinyArchitecture model, String key) {
    return model.metadata().get("general.architecture") + ".attention." + key;
  }

  private static TinyArchitecture oneLayer(TinyArchitecture model) {
    TinyArchitecture one =
        model.with(model.metadata().get("general.architecture") + ".block_count", 1L);
    for (TinyArchitecture.Entry t : model.tensors()) {
      if (t.name().startsWith("blk.") && !t.name().startsWith("blk.0.")) {
        one = one.without(t.name());
      }
    }
    return one;
  }

  /** Of the last token; the same on all machines, to the last bit. */
  private float[] logits(TinyArchitecture model, int[] ids, List<Machine> machines) {
    Path file = model.write(folder.resolve("model.gguf"), DType.F32);
    float[] first = null;
    try (Rig.Loaded loaded = Rig.load(file, KvType.F32, LENGTH)) {
      for (Machine machine : machines) {
        try (Rig rig = new Rig(loaded, machine, 2, new Limits(64, 64, 1, LENGTH))) {
          float[] actual = Replay.logits(rig, ids, 19)[ids.length - 1];
          first = first == null ? actual : first;
          assertThat(actual).as(machine.name()).isEqualTo(first);
        }
      }
    }
    return Objects.requireNonNull(first);
  }

  /** Largest difference, as a part of the largest logit. */
  private static double difference(float[] actual, float[] expected) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return worst / largest;
  }
}
