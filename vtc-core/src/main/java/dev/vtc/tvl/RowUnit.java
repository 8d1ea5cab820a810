package dev.vtc.tvl;

import java.util.Arrays;

/**
 * One row's share of a unit (64 or 256 columns), between a stored block and the lines of a panel:
 * codes and scales as integers, in column order. Reused for unit after unit.
 */
final class RowUnit {
  /**
   * Unsigned codes, four columns to an int: column c is byte c % 4 (from the lowest) of {@code
   * codes[c / 4]}.
   */
  final int[] codes = new int[64];

  /** Bits of the 16-bit scale of each block of 32, or of the super-block in {@code d[0]}. */
  final int[] d = new int[2];

  /** Bits of the f16 minima that belong to {@link #d}. */
  final int[] m = new int[2];

  /** Scale of each sub-block, its low 8 bits; in K16_MIN scale | min &lt;&lt; 4. */
  final int[] s = new int[16];

  /** Minimum of each sub-block (K32_MIN). */
  final int[] n = new int[8];

  /** Sets everything to zero: for blocks that the row lacks. */
  void clear() {
    Arrays.fill(codes, 0);
    Arrays.fill(d, 0);
    Arrays.fill(m, 0);
    Arrays.fill(s, 0);
    Arrays.fill(n, 0);
  }
}
