package dev.vtc.asm.a64;

/** The low 16 bits of a vector register, {@code h0..31}; taken from {@link V}. */
public final class H extends Fp {
  H(int index) {
    super(index, 1);
  }
}
