package dev.vtc.asm.a64;

/** The low 8 bits of a vector register, {@code b0..31}; taken from {@link V}. */
public final class B extends Fp {
  B(int index) {
    super(index, 0);
  }
}
