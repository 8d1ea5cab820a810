package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.model.ProgramBuilder.QkNorm;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.program.Rope.Style;
import java.util.Map;
import java.util.TreeMap;

/** The architectures this engine knows, by GGUF's names. */
public final class Architectures {
  private static final Map<String, Architecture> KNOWN =
      new TreeMap<>(
          Map.of(
              "llama", new Plain(Style.ADJACENT, QkNorm.NONE),
              "qwen2", new Plain(Style.HALVES, QkNorm.NONE),
              "qwen3", new Plain(Style.HALVES, QkNorm.HEAD),
              "phi3", new Plain(Style.HALVES, QkNorm.NONE),
              "smollm3", new SmolLm3(),
              "granite", new Granite(),
              "olmo2", new Olmo2(),
              "gemma2", Gemma.GEMMA2,
              "gemma3", Gemma.GEMMA3));

  private Architectures() {}

  /**
   * The program of a model, whatever its architecture; an {@code IllegalArgumentException} names an
   * unknown one.
   */
  public static Program build(
      ModelConfig config, Metadata metadata, ModelWeights weights, KvType kvType) {
    Architecture architecture = KNOWN.get(config.architecture());
    if (architecture == null) {
      throw new IllegalArgumentException(
          "The architecture "
              + config.architecture()
              + " is not supported; supported are "
              + String.join(", ", KNOWN.keySet())
              + ".");
    }
    return architecture.build(config, metadata, weights, kvType);
  }
}
