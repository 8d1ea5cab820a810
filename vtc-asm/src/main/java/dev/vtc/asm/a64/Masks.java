package dev.vtc.asm.a64;

/**
 * Sets of {@link Arrangement}s, a bit for each: those of bytes, half words, words, double words.
 */
final class Masks {
  static final int B = Arrangement.B8.mask | Arrangement.B16.mask;
  static final int H = Arrangement.H4.mask | Arrangement.H8.mask;
  static final int S = Arrangement.S2.mask | Arrangement.S4.mask;
  static final int D2 = Arrangement.D2.mask;
  static final int BH = B | H;
  static final int BHS = BH | S;
  static final int BHSD2 = BHS | D2;
  static final int SD2 = S | D2;
  static final int HS = H | S;

  private Masks() {}
}
