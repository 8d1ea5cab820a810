package dev.vtc.asm.a64;

/**
 * A general register, seen as {@link X} (64 bits) or {@link W} (32 bits).
 *
 * <p>The machine's field value 31 is either the zero register or the stack pointer, by instruction.
 * Here the two are distinct registers, and an instruction refuses the one that it cannot mean.
 */
public abstract sealed class Gp permits X, W {
  /** Index of the zero register. */
  static final int ZR = 31;

  /** Index of the stack pointer; encoded as 31. */
  static final int SP_INDEX = 32;

  /** 0..30, {@link #ZR} or {@link #SP_INDEX}. */
  final int index;

  Gp(int index) {
    this.index = index;
  }

  final boolean isSp() {
    return index == SP_INDEX;
  }

  final boolean isZr() {
    return index == ZR;
  }

  /** 1 for the 64-bit view, 0 for the 32-bit view: the field {@code sf}. */
  abstract int sf();

  final int bits() {
    return 32 << sf();
  }
}
