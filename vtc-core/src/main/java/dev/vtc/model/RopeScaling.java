package dev.vtc.model;

import dev.vtc.program.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/** Rotation frequencies as a model's file asks for them. */
final class RopeScaling {
  /** Divisors of the frequencies: Llama 3.1, and the two of LongRoPE (Phi 3). */
  private static final String FACTORS = "rope_freqs.weight";

  private static final String SHORT_FACTORS = "rope_factors_short.weight";

  private static final String LONG_FACTORS = "rope_factors_long.weight";

  private static final String SCALING = "rope.scaling.";

  private static final Set<String> SUPPORTED = Set.of("none", "", "linear", "yarn", "longrope");

  private RopeScaling() {}

  /**
   * base^(-2i/dims) of pair i, divided by the file's factor of that pair if it has any, then scaled
   * as {@code rope.scaling.type} says: not at all, linearly, or by YaRN. What comes out is what
   * llama.cpp computes.
   *
   * <p>LongRoPE has two sets of factors: the long ones are used when sequences may become longer
   * than the context the model was first trained for.
   *
   * @param context most positions of a sequence
   */
  static Rope rope(Keys keys, ModelShapes weights, Rope.Style style, int context) {
    String type = keys.metadata().string(keys.name(SCALING + "type"), "linear");
    if (!SUPPORTED.contains(type)) {
      throw new IllegalArgumentException(
          "The rope scaling "
              + type
              + " is not supported; supported are none, linear, yarn and longrope, and the"
              + " factors of Llama 3.");
    }
    if (keys.metadata().number(keys.name(SCALING + "alpha"), 0) != 0) {
      throw new IllegalArgumentException(
          "Rope scaling by " + keys.name(SCALING + "alpha") + " is not supported.");
    }
    double factor = type.equals("none") ? 1 : factor(keys);
    double[] frequencies = unscaled(keys, keys.config().ropeBase());
    divide(frequencies, weights, factorsName(keys, weights, context));
    double extrapolated = share(keys, type.equals("yarn") ? 1 : 0);
    if (extrapolated == 0) {
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factor;
      }
    } else {
      yarn(keys, frequencies, factor, extrapolated);
    }
    double magnitude =
        extrapolated == 0
            ? keys.positive(SCALING + "yarn_attn_factor", 1)
            : yarnMagnitude(keys, factor);
    magnitude *= keys.positive(SCALING + "attn_factor", 1);
    return new Rope(style, frequencies, (float) magnitude);
  }

  /** How much of the unscaled frequencies YaRN mixes in; 0 for none of YaRN at all. */
  private static double share(Keys keys, double otherwise) {
    String key = SCALING + "yarn_ext_factor";
    double stated = keys.metadata().number(keys.name(key), -1);
    // A negative number means what the key's absence means.
    return stated < 0 ? otherwise : stated == 0 ? 0 : keys.positive(key, otherwise);
  }

  /** The tensor with the divisors of the frequencies, if there is one. */
  private static String factorsName(Keys keys, ModelShapes weights, int context) {
    if (weights.has(FACTORS) || !(weights.has(SHORT_FACTORS) || weights.has(LONG_FACTORS))) {
      return FACTORS;
    }
    String name = context > originalContext(keys) ? LONG_FACTORS : SHORT_FACTORS;
    if (!weights.has(name)) {
      throw new IllegalArgumentException(
          "The model has only one of " + SHORT_FACTORS + " and " + LONG_FACTORS + ".");
    }
    return name;
  }

  /** Positions that the model was trained for before its rope was scaled. */
  static double originalContext(Keys keys) {
    return keys.positive(SCALING + "original_context_length", keys.config().trainedContext());
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
   * @param share how much of the frequency is kept where it is kept: 1, or a model's own idea
   */
  private static void yarn(Keys keys, double[] frequencies, double factor, double share) {
    double low =
        Math.max(0, Math.floor(pairOf(keys, keys.positive(SCALING + "yarn_beta_fast", 32))));
    double high =
        Math.min(
            2.0 * frequencies.length - 1,
            Math.ceil(pairOf(keys, keys.positive(SCALING + "yarn_beta_slow", 1))));
    for (int i = 0; i < frequencies.length; i++) {
      double slow = Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
      double kept = (1 - slow) * share;
      frequencies[i] *= (1 - kept) / factor + kept;
    }
  }

  /**
   * The factor of cos and sin that the paper's section 3.3 advises, less what {@code
   * yarn_log_multiplier} (mscale_all_dim) takes back.
   */
  private static double yarnMagnitude(Keys keys, double factor) {
    double takenBack = keys.metadata().number(keys.name(SCALING + "yarn_log_multiplier"), 0);
    if (!(takenBack >= 0 && takenBack < 1e9)) {
      throw new IllegalArgumentException(
          "The metadata key "
              + keys.name(SCALING + "yarn_log_multiplier")
              + " is "
              + takenBack
              + ", which makes no sense.");
    }
    return magnitude(factor, 1) / magnitude(factor, takenBack);
  }

  private static double magnitude(double factor, double multiplier) {
    return 1 + 0.1 * multiplier * StrictMath.log(Math.max(factor, 1));
  }

  /** The (fractional) pair that turns so many times within the original context. */
  private static double pairOf(Keys keys, double turns) {
    ModelConfig config = keys.config();
    return config.ropeDims()
        * StrictMath.log(originalContext(keys) / (turns * 2 * Math.PI))
        / (2 * StrictMath.log(config.ropeBase()));
  }

  private static void divide(double[] frequencies, ModelShapes weights, String name) {
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
