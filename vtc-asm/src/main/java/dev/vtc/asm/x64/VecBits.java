package dev.vtc.asm.x64;

/** The fields of a {@link VecOp} row as named constants. */
final class VecBits {
  /** No such encoding. */
  static final int NONE = 0;

  // Mandatory prefix.
  static final int NP = 0;
  static final int P66 = 1 << 8;
  static final int PF3 = 2 << 8;
  static final int PF2 = 3 << 8;

  // Opcode map.
  static final int M0F = 1 << 10;
  static final int M0F38 = 2 << 10;
  static final int M0F3A = 3 << 10;

  /** The /digit in ModRM.reg. */
  static final int EXT_SHIFT = 12;

  // Vector lengths of an encoding; LIG: scalar, the length bits are ignored and written as 0.
  static final int L128 = 1;
  static final int L256 = 2;
  static final int L512 = 4;
  static final int LIG = 8;

  static final int W1 = 16;

  // Unit of an 8-bit displacement: a fraction of the vector (the shift) or a fixed size (its log2).
  static final int FULLM = 0;
  static final int HALFM = 1 << 8;
  static final int QUARTERM = 2 << 8;
  static final int EIGHTHM = 3 << 8;
  static final int FIXED = 1 << 11;
  static final int S1 = FIXED;
  static final int S2 = FIXED | 1 << 8;
  static final int S4 = FIXED | 2 << 8;
  static final int S8 = FIXED | 3 << 8;
  static final int S16 = FIXED | 4 << 8;
  static final int S32 = FIXED | 5 << 8;

  // The same with embedded broadcast of 4- or 8-byte elements.
  static final int BROADCAST4 = 1 << 14;
  static final int FULL4 = BROADCAST4;
  static final int FULL8 = 2 << 14;
  static final int HALF4 = HALFM | BROADCAST4;

  /** Takes no write mask. */
  static final int NO_MASK = 1 << 16;

  private VecBits() {}
}
