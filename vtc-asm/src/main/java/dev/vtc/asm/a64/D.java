package dev.vtc.asm.a64;

/** The low 64 bits of a vector register, {@code d0..31}; taken from {@link V}. */
public final class D extends Fp {
  D(int index) {
    super(index, 3);
  }
}
