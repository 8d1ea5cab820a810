package dev.vtc.tensor;

/**
 * Quantizing to the K types: super-blocks of 256 elements whose sub-blocks' scales are quantized
 * themselves.
 *
 * <p>A sub-block is fitted in two alternating steps, from about 20 trial scales: round to codes,
 * then solve for the scale (and minimum) that fit these codes best by weighted least squares.
 * Weights grow with the magnitude of an element, since large weights matter more. This is the
 * objective of ggml's {@code make_qkx2_quants} and {@code make_qx_quants}.
 */
final class KQuantizer {
  private static final int SUPER_BLOCK = 256;

  /** Rounds of the two steps from each trial scale. */
  private static final int REFINEMENTS = 2;

  private KQuantizer() {}

  static void q4k(float[] x, int at, byte[] b) {
    int[] codes = affineBlock(x, at, b, 15, -1, 21);
    for (int e = 0; e < SUPER_BLOCK; e++) {
      b[16 + 32 * (e >> 6) + (e & 31)] |= (byte) (codes[e] << (4 * ((e >> 5) & 1)));
    }
  }

  static void q5k(float[] x, int at, byte[] b) {
    int[] codes = affineBlock(x, at, b, 31, -0.5f, 16);
    for (int e = 0; e < SUPER_BLOCK; e++) {
      b[16 + (e & 31)] |= (byte) ((codes[e] >> 4) << (e >> 5));
      b[48 + 32 * (e >> 6) + (e & 31)] |= (byte) ((codes[e] & 15) << (4 * ((e >> 5) & 1)));
    }
  }

  /**
   * Fits the 8 sub-blocks of a Q4_K or Q5_K block, stores d, dmin, scales and mins to {@code b}.
   *
   * @param top largest code: 15 or 31
   * @param first added to {@code top} for the first trial scale; each further trial adds 0.1
   * @param trials number of trial scales
   * @return the 256 codes
   */
  private static int[] affineBlock(float[] x, int at, byte[] b, int top, float first, int trials) {
    AffineFit[] fits = new AffineFit[8];
    float largestScale = 0;
    float largestMin = 0;
    for (int sub = 0; sub < 8; sub++) {
      fits[sub] = AffineFit.of(x, at + 32 * sub, 32, top, first, trials);
      largestScale = Math.max(largestScale, fits[sub].scale);
      largestMin = Math.max(largestMin, fits[sub].min);
    }
    Quantizer.putF16(b, 0, largestScale / 63);
    Quantizer.putF16(b, 2, largestMin / 63);
    int[] codes = new int[SUPER_BLOCK];
    for (int sub = 0; sub < 8; sub++) {
      storeFit(x, at + 32 * sub, fits[sub], top, b, sub);
      AffineFit stored =
          new AffineFit(f16(b, 0) * Decoder.kScale(b, 4, sub), f16(b, 2) * Decoder.kMin(b, 4, sub));
      for (int e = 32 * sub; e < 32 * sub + 32; e++) {
        codes[e] = stored.code(x[at + e], stored.inverse(), top);
      }
    }
    return codes;
  }

  /**
   * Chooses the six-bit scale and min of sub-block {@code sub}. Rounding both moves them apart, so
   * that the best pair is often a neighbour of the rounded one.
   *
   * @param b the block, in which d and dmin are stored already
   */
  private static void storeFit(float[] x, int at, AffineFit fit, int top, byte[] b, int sub) {
    float d = f16(b, 0);
    float dmin = f16(b, 2);
    int scale = d == 0 ? 0 : sixBits(fit.scale / d);
    int min = dmin == 0 ? 0 : sixBits(fit.min / dmin);
    double mean = rootMeanSquare(x, at, 32);
    double best = Double.POSITIVE_INFINITY;
    int bestScale = 0;
    int bestMin = 0;
    for (int s = Math.max(scale - 1, 0); s <= Math.min(scale + 1, 63); s++) {
      for (int m = Math.max(min - 1, 0); m <= Math.min(min + 1, 63); m++) {
        double error = new AffineFit(d * s, dmin * m).error(x, at, 32, top, mean);
        if (error < best) {
          best = error;
          bestScale = s;
          bestMin = m;
        }
      }
    }
    putScaleAndMin(b, sub, bestScale, bestMin);
  }

  private static int sixBits(float value) {
    return Math.clamp(Math.round(value), 0, 63);
  }

  private static double rootMeanSquare(float[] x, int at, int n) {
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[at + i] * x[at + i];
    }
    return Math.sqrt(squares / n);
  }

  /** The inverse of {@link Decoder#kScale} and {@link Decoder#kMin}. */
  private static void putScaleAndMin(byte[] b, int sub, int scale, int min) {
    int at = 4;
    if (sub < 4) {
      b[at + sub] |= (byte) scale;
      b[at + 4 + sub] |= (byte) min;
    } else {
      b[at + 4 + sub] |= (byte) ((scale & 15) | ((min & 15) << 4));
      b[at + sub - 4] |= (byte) ((scale >> 4) << 6);
      b[at + sub] |= (byte) ((min >> 4) << 6);
    }
  }

  /** x ≈ scale·code − min, with scale and min ≥ 0. */
  private record AffineFit(float scale, float min) {
    static AffineFit of(float[] x, int at, int n, int top, float first, int trials) {
      float low = x[at];
      float high = x[at];
      for (int i = 0; i < n; i++) {
        low = Math.min(low, x[at + i]);
        high = Math.max(high, x[at + i]);
      }
      low = Math.min(low, 0);
      if (high <= low) {
        return new AffineFit(0, -low);
      }
      double mean = rootMeanSquare(x, at, n);
      AffineFit best = new AffineFit((high - low) / top, -low);
      double bestError = best.error(x, at, n, top, mean);
      for (int trial = 0; trial < trials; trial++) {
        AffineFit fit = new AffineFit((high - low) / (top + first + 0.1f * trial), -low);
        for (int round = 0; round < REFINEMENTS; round++) {
          fit = fit.leastSquares(x, at, n, top, mean);
          double error = fit.error(x, at, n, top, mean);
          if (error < bestError) {
            bestError = error;
            best = fit;
          }
        }
      }
      return best;
    }

    /** The scale and min that fit the codes of this fit best; this, if they do not tell. */
    private AffineFit leastSquares(float[] x, int at, int n, int top, double mean) {
      float inverse = inverse();
      double sumW = 0;
      double sumX = 0;
      double sumL = 0;
      double sumLl = 0;
      double sumXl = 0;
      for (int i = 0; i < n; i++) {
        double w = mean + Math.abs(x[at + i]);
        int code = code(x[at + i], inverse, top);
        sumW += w;
        sumX += w * x[at + i];
        sumL += w * code;
        sumLl += w * code * code;
        sumXl += w * x[at + i] * code;
      }
      double determinant = sumW * sumLl - sumL * sumL;
      if (determinant <= 0) {
        return this; // all codes are equal
      }
      double newScale = (sumW * sumXl - sumX * sumL) / determinant;
      double offset = (sumLl * sumX - sumL * sumXl) / determinant;
      if (offset > 0) { // min would be negative, which the format cannot hold
        offset = 0;
        newScale = sumXl / sumLl;
      }
      return newScale > 0 ? new AffineFit((float) newScale, (float) -offset) : this;
    }

    /** What values are multiplied by to get codes; 0 if all codes stand for the same. */
    float inverse() {
      return scale == 0 ? 0 : 1 / scale;
    }

    /** The code nearest to {@code value}. */
    int code(float value, float inverse, int top) {
      return Math.clamp((int) ((value + min) * inverse + 0.5f), 0, top);
    }

    /** Weighted squared error when each element takes its nearest code. */
    double error(float[] x, int at, int n, int top, double mean) {
      float inverse = inverse();
      float weight = (float) mean;
      float error = 0;
      for (int i = at; i < at + n; i++) {
        float difference = scale * code(x[i], inverse, top) - min - x[i];
        error += (weight + Math.abs(x[i])) * difference * difference;
      }
      return error;
    }
  }

  static void q6k(float[] x, int at, byte[] b) {
    float[] scales = new float[16];
    float extreme = 0;
    for (int sub = 0; sub < 16; sub++) {
      scales[sub] = symmetricScale(x, at + 16 * sub, 16, 32);
      if (Math.abs(scales[sub]) > Math.abs(extreme)) {
        extreme = scales[sub];
      }
    }
    // The scale of largest magnitude becomes −128, the int8 without a counterpart.
    Quantizer.putF16(b, 208, extreme / -128);
    float d = f16(b, 208);
    if (d == 0) {
      for (int e = 0; e < SUPER_BLOCK; e++) {
        putSixBits(b, e, 32);
      }
      return;
    }
    for (int sub = 0; sub < 16; sub++) {
      int scale = Math.clamp(Math.round(scales[sub] * (-128 / extreme)), -128, 127);
      b[192 + sub] = (byte) scale;
      float step = d * scale;
      for (int e = 16 * sub; e < 16 * sub + 16; e++) {
        int code = step == 0 ? 0 : Math.clamp(Math.round(x[at + e] / step), -32, 31);
        putSixBits(b, e, code + 32);
      }
    }
  }

  private static void putSixBits(byte[] b, int e, int code) {
    b[64 * (e >> 7) + (e & 63)] |= (byte) ((code & 15) << (4 * ((e >> 6) & 1)));
    b[128 + 32 * (e >> 7) + (e & 31)] |= (byte) ((code >> 4) << (2 * ((e >> 5) & 3)));
  }

  /** The scale of x ≈ scale·code, codes −half … half − 1, of least error weighted by x². */
  private static float symmetricScale(float[] x, int at, int n, int half) {
    float extreme = 0;
    for (int i = 0; i < n; i++) {
      if (Math.abs(x[at + i]) > Math.abs(extreme)) {
        extreme = x[at + i];
      }
    }
    if (Math.abs(extreme) < 1e-15f) {
      return 0; // such a block is all zero for any use, and its inverse would overflow
    }
    double best = -1;
    double bestScale = 0;
    for (int trial = -9; trial <= 9; trial++) {
      float inverse = -(half + 0.1f * trial) / extreme;
      double sumXl = 0;
      double sumLl = 0;
      for (int i = 0; i < n; i++) {
        double w = (double) x[at + i] * x[at + i];
        int code = Math.clamp(Math.round(x[at + i] * inverse), -half, half - 1);
        sumXl += w * x[at + i] * code;
        sumLl += w * code * code;
      }
      // The error is Σwx² − sumXl²/sumLl.
      if (sumLl > 0 && sumXl * sumXl / sumLl > best) {
        best = sumXl * sumXl / sumLl;
        bestScale = sumXl / sumLl;
      }
    }
    return (float) bestScale;
  }

  private static float f16(byte[] b, int at) {
    return Float.float16ToFloat((short) ((b[at] & 0xff) | (b[at + 1] << 8)));
  }
}
