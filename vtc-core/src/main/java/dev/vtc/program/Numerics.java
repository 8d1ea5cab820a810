package dev.vtc.program;

/**
 * The parts of docs/numerics.md that are formulas of one number: every machine computes these, from
 * these constants.
 */
public final class Numerics {
  /** The version of docs/numerics.md: logits are equal exactly where versions are. */
  public static final int VERSION = 2;

  /** Sums of a dense product that do not wait for each other: rule 5's even and odd columns. */
  public static final int DENSE_CHAINS = 2;

  /**
   * Activations whose largest magnitude in a block of 32 is below this are quantized to zero:
   * 2^-100.
   */
  public static final float QUANTIZE_FLOOR = 0x1p-100f;

  // exp(x) = 2^n · e^r, n = rint(x · log2 e), r = x - n · ln 2 in two steps, e^r = 1 + r + r² ·
  // q(r) with q of degree 4 fitted
  // for the least relative error over |r| <= ln 2 / 2 (0.05 · 2^-24 before rounding of the
  // coefficients).
  public static final float LOG2_E = 0x1.715476p+0f;
  public static final float LN2_HIGH = 0x1.62e43p-1f;
  public static final float LN2_LOW = -0x1.05c61p-29f;
  public static final float EXP_C2 = 0x1.fffffcp-2f;
  public static final float EXP_C3 = 0x1.555492p-3f;
  public static final float EXP_C4 = 0x1.5558f2p-5f;
  public static final float EXP_C5 = 0x1.1239f2p-7f;
  public static final float EXP_C6 = 0x1.6a2416p-10f;

  /**
   * 1.5 · 2^23: adding it rounds a small number to an integer, which then stands in the low bits.
   */
  public static final float ROUNDER = 0x1.8p23f;

  /** The smallest argument with a normal result; below it exp is 0. */
  public static final float EXP_MIN = -0x1.5d589ep6f;

  /** The largest argument with a finite result; above it exp is infinite. */
  public static final float EXP_MAX = 0x1.62e42ep6f;

  /** sqrt(2 / pi) and 0.044715 of the tanh form of gelu, and -2, in f32. */
  public static final float GELU_SQRT_2_OVER_PI = 0.7978846f;

  public static final float GELU_CUBIC = 0.044715f;

  private Numerics() {}

  /** Rule 6: e to the x; exp(0) = 1, NaN stays NaN. At most 1 ulp from the true value. */
  public static float exp(float x) {
    if (x < EXP_MIN) {
      return 0;
    }
    if (x > EXP_MAX) {
      return Float.POSITIVE_INFINITY;
    }
    if (Float.isNaN(x)) {
      return x;
    }
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float q = EXP_C6;
    q = Math.fma(q, r, EXP_C5);
    q = Math.fma(q, r, EXP_C4);
    q = Math.fma(q, r, EXP_C3);
    q = Math.fma(q, r, EXP_C2);
    q = Math.fma(q, r, 1.0f);
    float p = Math.fma(q, r, 1.0f);
    // The low bits of shifted are n: adding them to p's exponent multiplies by 2^n.
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  /** Rule 6: x / (1 + exp(-x)). */
  public static float silu(float x) {
    return x / (1.0f + exp(-x));
  }

  /** Rule 6: tanh(x) = 1 - 2 / (exp(2x) + 1). */
  public static float tanh(float x) {
    return 1.0f - 2.0f / (exp(2.0f * x) + 1.0f);
  }

  /**
   * Rule 6: gelu in its tanh form, x · (1 - 1 / (exp(2u) + 1)) with u = sqrt(2/pi) · (x + 0.044715
   * x³).
   */
  public static float gelu(float x) {
    float u = GELU_SQRT_2_OVER_PI * Math.fma(GELU_CUBIC * x, x * x, x);
    return x * (1.0f - 1.0f / (exp(2.0f * u) + 1.0f));
  }

  /** Rule 1's last step: s[0] = the sum of 16 lanes, folded by 8, 4, 2, 1. Overwrites s. */
  public static float fold16(float[] s) {
    for (int width = 8; width >= 1; width >>= 1) {
      for (int j = 0; j < width; j++) {
        s[j] += s[j + width];
      }
    }
    return s[0];
  }
}
