package dev.vtc.asm.a64;

/**
 * The immediates of logical instructions: an element of 2, 4, 8, 16, 32 or 64 bits, repeated, which
 * holds one run of ones, rotated (DDI 0487, DecodeBitMasks).
 */
final class BitmaskImmediate {
  private BitmaskImmediate() {}

  /** The 13-bit field N:immr:imms, or -1 if the value has no such form. */
  static int encode(long value) {
    if (value == 0 || value == -1) {
      return -1;
    }
    int size = 64;
    while (size > 2) {
      int half = size >> 1;
      if (((value ^ value >>> half) & (1L << half) - 1) != 0) {
        break;
      }
      size = half;
    }
    long all = -1L >>> (64 - size);
    long element = value & all;
    int ones = Long.bitCount(element);
    int start = Long.numberOfTrailingZeros(element); // where the run begins
    if (!isRun(element)) {
      long gap = ~element & all;
      if (!isRun(gap)) {
        return -1;
      }
      start = Long.numberOfTrailingZeros(gap) + size - ones;
    }
    int immr = -start & size - 1;
    int imms = (-(size << 1) & 0x3f) | (ones - 1);
    return (size == 64 ? 1 << 12 : 0) | immr << 6 | imms;
  }

  private static boolean isRun(long bits) {
    long bottom = bits >>> Long.numberOfTrailingZeros(bits);
    return (bottom & bottom + 1) == 0;
  }
}
