package dev.vtc.asm.a64;

/** The low 128 bits of a vector register, {@code q0..31}; taken from {@link V}. */
public final class Q extends Fp {
  Q(int index) {
    super(index, 4);
  }
}
