package dev.vtc.asm.a64;

/**
 * The low part of a vector register as a scalar: {@link B} (8 bits), {@link H} (16), {@link S}
 * (32), {@link D} (64) or {@link Q} (all 128).
 */
public abstract sealed class Fp permits B, H, S, D, Q {
  /** Register number, 0..31. */
  final int index;

  /** log2 of the size in bytes: 0 (b) to 4 (q). */
  final int log2Size;

  Fp(int index, int log2Size) {
    this.index = index;
    this.log2Size = log2Size;
  }

  /** The whole register. */
  public final V v() {
    return V.of(index);
  }

  @Override
  public final String toString() {
    return "bhsdq".charAt(log2Size) + Integer.toString(index);
  }
}
