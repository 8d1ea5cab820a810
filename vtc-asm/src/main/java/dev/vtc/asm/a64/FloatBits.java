package dev.vtc.asm.a64;

/** The 8-bit immediates of {@code fmov}: ±n/16 · 2^r with n in 16..31 and r in -3..4. */
final class FloatBits {
  private FloatBits() {}

  /** The field a:b:c:d:e:f:g:h, or -1 if the value has no such form. */
  static int encode(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52 & 0x7ff) - 1023;
    if ((bits & (1L << 48) - 1) != 0 || exponent < -3 || exponent > 4) {
      return -1;
    }
    // b is the inverted top bit of the exponent, cd its low two bits.
    int b = exponent <= 0 ? 1 : 0;
    int cd = exponent + 1023 & 3;
    return (int) (bits >>> 63) << 7 | b << 6 | cd << 4 | (int) (bits >>> 48 & 15);
  }
}
