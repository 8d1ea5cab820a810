package dev.vtc.asm.a64;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand; offsets in bytes. Made by {@link A64Assembler#mem}, {@code pre}, {@code post}.
 */
public final class Mem {
  enum Mode {
    /** {@code [base, #offset]}. */
    OFFSET,
    /** {@code [base, #offset]!}: base += offset, then access at base. */
    PRE,
    /** {@code [base], #offset}: access at base, then base += offset. */
    POST,
    /** {@code [base, index, extend #shift]}. */
    REGISTER,
    /** {@code [base], index}: access at base, then base += index; vector structures only. */
    POST_REGISTER
  }

  final Mode mode;
  final X base;
  final int offset;
  final @Nullable Gp index;

  /** {@code UXTX} stands for {@code lsl} here, as in the encoding. */
  final Extend extend;

  /** Left shift of the index; 0 if none is written. */
  final int shift;

  Mem(Mode mode, X base, int offset, @Nullable Gp index, Extend extend, int shift) {
    if (base.isZr()) {
      throw new IllegalArgumentException("xzr cannot be the base of a memory operand.");
    }
    this.mode = mode;
    this.base = base;
    this.offset = offset;
    this.index = index;
    this.extend = extend;
    this.shift = shift;
  }

  static Mem immediate(Mode mode, X base, int offset) {
    return new Mem(mode, base, offset, null, Extend.UXTX, 0);
  }

  static Mem register(Mode mode, X base, Gp index, Extend extend, int shift) {
    boolean wide = extend == Extend.UXTX || extend == Extend.SXTX;
    boolean narrow = extend == Extend.UXTW || extend == Extend.SXTW;
    if (index.isSp() || (wide ? index.sf() != 1 : !narrow || index.sf() != 0)) {
      throw new IllegalArgumentException(
          "[" + base + ", " + index + ", " + extend + "]: not an index that a memory operand has.");
    }
    return new Mem(mode, base, 0, index, extend, shift);
  }

  boolean writesBack() {
    return mode == Mode.PRE || mode == Mode.POST || mode == Mode.POST_REGISTER;
  }

  @Override
  public String toString() {
    return switch (mode) {
      case OFFSET -> offset == 0 ? "[" + base + "]" : "[" + base + ", #" + offset + "]";
      case PRE -> "[" + base + ", #" + offset + "]!";
      case POST -> "[" + base + "], #" + offset;
      case REGISTER ->
          extend == Extend.UXTX
              ? "[" + base + ", " + index + (shift == 0 ? "]" : ", lsl #" + shift + "]")
              : "[" + base + ", " + index + ", " + extend + (shift == 0 ? "]" : " #" + shift + "]");
      case POST_REGISTER -> "[" + base + "], " + index;
    };
  }
}
