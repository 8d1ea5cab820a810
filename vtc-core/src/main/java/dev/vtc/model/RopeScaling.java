package dev.vtc.model;

import dev.vtc.program.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rotation frequencies as a model's file asks for them. */
final class RopeScaling {
  /** Divisors of the frequencies: Llama 3.1, and the two of LongRoPE (Phi 3). */
  private static final String FACTORS = "rope_freqs.weight";

  private static final String SHORT_FACTORS = "rope_factors_short.weight";

  private static final String SCALING = "rope.scaling.";

  private RopeScaling() {}

  /**
   * base^(-2i/dims) of pair i, scaled as {@code rope.scaling.type} says: not at all, linearly, or
   * by YaRN; and divided by the file's factor of that pair, if it has any.
   *
   * <p>LongRoPE has two sets of factors. The short ones are used, which are meant for contexts up
   * to the original one: a program is built before the context is known.
   */
  static Rope rope(Keys keys, ModelWeights weights, Rope.Style style) {
    String type = keys.metadata().string(keys.name(SCALING + "type"), "linear");
    double[] frequencies = unscaled(keys, keys.config().ropeBase());
    double magnitude = keys.positive(SCALING + "attn_factor", 1);
    switch (type) {
      case "none", "", "longrope" -> {}
      case "linear" -> {
        double factor = factor(keys);
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] /= factor;
        }
      }
      case "yarn" -> magnitude *= yarn(keys, frequencies);
      default ->
          throw new IllegalArgumentException(
              "The rope scaling "
                  + type
                  + " is not supported; supported are none, linear, yarn and longrope, and the"
                  + " factors of Llama 3.");
    }
    divide(frequencies, weights, weights.has(SHORT_FACTORS) ? SHORT_FACTORS : FACTORS);
    return new Rope(style, frequencies, (float) magnitude);
  }

  /** The rotation of sliding layers: a base of their own, and no scaling. */
  static Rope sliding(Keys keys, double base, Rope.Style style) {
    return new Rope(style, unscaled(keys, keys.positive("rope.freq_base_swa", base)), 1);
  }

  private static double[] unscaled(Keys keys, double base) {
    int dims = keys.config().ropeDims();
    double[] frequencies = new double[dims / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = StrictMath.pow(base, -2.0 * i / dims);
    }
    return frequencies;
  }

  private static double factor(Keys keys) {
    return keys.positive(SCALING + "factor", keys.positive("rope.scale_linear", 1));
  }

  /**
   * YaRN (Peng et al. 2023, arXiv 2309.00071, section 3.2): pairs that turn more than betaFast
   * times within the original context keep their frequency, those that turn less than betaSlow
   * times are slowed down by the factor, and those between are mixed.
   *
   * @return the factor of cos and sin that the paper's section 3.3 advises
   */
  private static double yarn(Keys keys, double[] frequencies) {
    if (keys.positive(SCALING + "yarn_ext_factor", 1) != 1
        || keys.has(SCALING + "yarn_log_multiplier")) {
      throw new IllegalArgumentException(
          "YaRN with yarn_ext_factor or yarn_log_multiplier is not supported.");
    }
    double factor = factor(keys);
    double low =
        Math.max(0, Math.floor(pairOf(keys, keys.positive(SCALING + "yarn_beta_fast", 32))));
    double high =
        Math.min(
            2.0 * frequencies.length - 1,
            Math.ceil(pairOf(keys, keys.positive(SCALING + "yarn_beta_slow", 1))));
    for (int i = 0; i < frequencies.length; i++) {
      double slow = Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
      frequencies[i] *= slow / factor + (1 - slow);
    }
    return 1 + 0.1 * StrictMath.log(Math.max(factor, 1));
  }

  /** The (fractional) pair that turns so many times within the original context. */
  private static double pairOf(Keys keys, double turns) {
    ModelConfig config = keys.config();
    double original = keys.positive(SCALING + "original_context_length", config.trainedContext());
    return config.ropeDims()
        * StrictMath.log(original / (turns * 2 * Math.PI))
        / (2 * StrictMath.log(config.ropeBase()));
  }

  private static void divide(double[] frequencies, ModelWeights weights, String name) {
    if (!weights.has(name)) {
      return;
    }
    MemorySegment factors = weights.vector(name);
    if (factors.byteSize() != 4L * frequencies.length) {
      throw new IllegalArgumentException(
          name
              + " has "
              + factors.byteSize() / 4
              + " factors instead of "
              + frequencies.length
              + ".");
    }
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= factors.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
  }
}
