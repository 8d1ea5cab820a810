package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rotation frequencies as a model's file asks for them. */
final class RopeScaling {
  private static final String FACTORS = "rope_freqs.weight";

  private RopeScaling() {}

  /**
   * base^(-2i/dims) of pair i, divided by the file's factor of that pair (Llama 3.1) and by its
   * linear scaling factor.
   */
  static Rope rope(ModelConfig config, Metadata metadata, ModelWeights weights, Rope.Style style) {
    int pairs = config.ropeDims() / 2;
    double[] frequencies = new double[pairs];
    String prefix = config.architecture() + ".rope.scaling.";
    String type = metadata.string(prefix + "type", "none");
    double factor =
        switch (type) {
          case "none", "" -> 1;
          case "linear" -> metadata.number(prefix + "factor");
          default ->
              throw new IllegalArgumentException(
                  "The rope scaling "
                      + type
                      + " is not supported; supported are none and linear, and the factors of Llama"
                      + " 3.");
        };
    if (!(factor > 0)) {
      throw new IllegalArgumentException(
          "The metadata key " + prefix + "factor is " + factor + ".");
    }
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = StrictMath.pow(config.ropeBase(), -2.0 * i / config.ropeDims()) / factor;
    }
    if (weights.has(FACTORS)) {
      MemorySegment factors = weights.vector(FACTORS);
      if (factors.byteSize() != 4L * pairs) {
        throw new IllegalArgumentException(
            FACTORS + " has " + factors.byteSize() / 4 + " factors instead of " + pairs + ".");
      }
      for (int i = 0; i < pairs; i++) {
        frequencies[i] /= factors.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      }
    }
    return new Rope(style, frequencies, 1);
  }
}
