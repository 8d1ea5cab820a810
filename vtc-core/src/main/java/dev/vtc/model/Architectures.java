package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import java.util.Map;
import java.util.TreeMap;

/** The architectures this engine knows, by GGUF's names. */
public final class Architectures {
  private static final Map<String, Architecture> KNOWN =
      new TreeMap<>(Map.of("llama", new Llama()));

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
