package dev.vtc.asm.a64;

/** The low 32 bits of a vector register, {@code s0..31}; taken from {@link V}. */
public final class S extends Fp {
  S(int index) {
    super(index, 2);
  }
}
