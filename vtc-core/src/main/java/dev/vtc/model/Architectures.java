package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import dev.vtc.model.Architecture.Use;
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
          Map.ofEntries(
              Map.entry("llama", new Plain(Style.ADJACENT, QkNorm.NONE)),
              Map.entry("mistral3", new Mistral3()),
              Map.entry("qwen2", new Plain(Style.HALVES, QkNorm.NONE)),
              Map.entry("qwen3", new Plain(Style.HALVES, QkNorm.HEAD)),
              Map.entry("qwen3moe", new Plain(Style.HALVES, QkNorm.HEAD, true)),
              Map.entry("phi3", new Plain(Style.HALVES, QkNorm.NONE)),
              Map.entry("smollm3", new SmolLm3()),
              Map.entry("granite", new Granite()),
              Map.entry("olmo2", new Olmo2()),
              Map.entry("gemma2", Gemma.GEMMA2),
              Map.entry("gemma3", Gemma.GEMMA3)));

  private Architectures() {}

  /**
   * The program of a model, whatever its architecture; an {@code IllegalArgumentException} says
   * what is missing or makes no sense.
   *
   * @param context most positions of a sequence
   */
  public static Program build(
      ModelConfig config, Metadata metadata, ModelShapes weights, KvType kvType, int context) {
    return named(config.architecture()).build(config, metadata, weights, new Use(kvType, context));
  }

  /**
   * Sees whether a program can be built of a model that is not packed yet, from its keys and the
   * shapes of its tensors; an {@code IllegalArgumentException} says why not. Reads no matrix.
   */
  public static void check(ModelSource source) {
    Metadata metadata = source.metadata();
    named(metadata.string("general.architecture"));
    SourceShapes shapes = new SourceShapes(source);
    int vocabulary = shapes.shape("token_embd.weight").rows();
    ModelConfig config = ModelConfig.read(metadata, vocabulary);
    build(config, metadata, shapes, KvType.F16, config.trainedContext());
    shapes.checkAllAsked(config.architecture(), config.layers());
  }

  /** An {@code IllegalArgumentException} names an unknown architecture, and those known. */
  static Architecture named(String name) {
    Architecture architecture = KNOWN.get(name);
    if (architecture == null) {
      throw new IllegalArgumentException(
          "The architecture "
              + name
              + " is not supported; supported are "
              + String.join(", ", KNOWN.keySet())
              + ".");
    }
    return architecture;
  }
}
