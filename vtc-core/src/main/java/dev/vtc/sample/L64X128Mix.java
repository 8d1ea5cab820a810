package dev.vtc.sample;

/**
 * The pseudorandom generator of {@code java.util.random} named {@code L64X128MixRandom}: bit for
 * bit the same stream for the same seed, without the service lookup that {@code
 * RandomGeneratorFactory} does and without an object per call.
 *
 * <p>State: a 64-bit linear congruential generator (s, additive parameter a) and a 128-bit
 * xoroshiro (x0, x1). One step:
 *
 * <pre>
 *   output = lea64(s + x0)
 *   s      = 0xd1342543de82ef95 · s + a
 *   (x0, x1) = xoroshiro128 step with the rotations 24, 16, 37
 * </pre>
 *
 * <p>A 64-bit seed z gives, with z' = z ^ 0x6a09e667f3bcc909: a = murmur64(z') | 1, s = 1, x0 =
 * stafford13(z'), x1 = stafford13(z' + 0x9e3779b97f4a7c15).
 *
 * <p>Source: G. L. Steele and S. Vigna, "LXM: Better Splittable Pseudorandom Number Generators (and
 * Almost as Fast)", OOPSLA 2021, and the specification of {@link java.util.random}. Not
 * thread-safe.
 */
final class L64X128Mix {
  private static final long MULTIPLIER = 0xd1342543de82ef95L;
  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;
  private static final long SILVER_RATIO = 0x6a09e667f3bcc909L;

  private final long a;
  private long s = 1;
  private long x0;
  private long x1;

  L64X128Mix(long seed) {
    long z = seed ^ SILVER_RATIO;
    a = mix(z, 0xff51afd7ed558ccdL, 33, 0xc4ceb9fe1a85ec53L, 33, 33) | 1;
    x0 = stafford13(z);
    x1 = stafford13(z + GOLDEN_RATIO);
    if ((x0 | x1) == 0) { // xoroshiro stays at zero for ever
      x0 = stafford13(s + GOLDEN_RATIO);
      x1 = stafford13(s + (GOLDEN_RATIO << 1));
    }
  }

  long nextLong() {
    long output = mix(s + x0, 0xdaba0b6eb09322e3L, 32, 0xdaba0b6eb09322e3L, 32, 32);
    s = MULTIPLIER * s + a;
    long t = x1 ^ x0;
    x0 = Long.rotateLeft(x0, 24) ^ t ^ (t << 16);
    x1 = Long.rotateLeft(t, 37);
    return output;
  }

  /** A multiple of 2⁻⁵³ in [0, 1): the upper 53 bits of the next long. */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  private static long stafford13(long z) {
    return mix(z, 0xbf58476d1ce4e5b9L, 30, 0x94d049bb133111ebL, 27, 31);
  }

  private static long mix(long z, long m1, int shift1, long m2, int shift2, int shift3) {
    z = (z ^ (z >>> shift1)) * m1;
    z = (z ^ (z >>> shift2)) * m2;
    return z ^ (z >>> shift3);
  }
}
