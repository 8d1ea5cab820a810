package dev.vtc.asm.x64;

/**
 * A register or a memory operand, optionally decorated with an EVEX write mask.
 *
 * <p>The subtypes are distinct so that most mistakes are type errors; what the types cannot tell (a
 * ZMM where a YMM belongs, a mask on an instruction that takes none) is checked in one place,
 * {@code Encoder}, with a sentence that names the instruction.
 */
public abstract sealed class Operand permits Reg, Mem {
  /** What this operand is: one of the constants of {@link Kind}. */
  final int kind;

  /** Write mask register 1..7, or 0 for none. */
  final int mask;

  /** True: masked-off lanes become zero ({@code {z}}); false: they keep their value. */
  final boolean zero;

  Operand(int kind, int mask, boolean zero) {
    this.kind = kind;
    this.mask = mask;
    this.zero = zero;
  }

  /** Returns the decoration as written in a listing, such as <code>{k1}{z}</code>. */
  final String decoration() {
    if (mask == 0) {
      return "";
    }
    return " {k" + mask + "}" + (zero ? " {z}" : "");
  }
}
