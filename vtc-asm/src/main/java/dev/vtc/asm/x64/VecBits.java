package dev.vtc.asm.x64;

/**
 * The bits of a {@link VecOp} row, and their names.
 *
 * @param code opcode in bits 0 … 7, then mandatory prefix, opcode map and /digit
 * @param vex lengths and W of the VEX encoding, 0 if there is none
 * @param evex lengths, W, displacement unit, broadcast and masking of the EVEX encoding, 0 if none
 */
record VecBits(int code, int vex, int evex) {
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

  private static final int PP_SHIFT = 8;
  private static final int MAP_SHIFT = 10;
  private static final int SCALE_SHIFT = 8;
  private static final int BROADCAST_SHIFT = 14;

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

  /** The opcode. */
  int opcode() {
    return code & 0xFF;
  }

  /** The mandatory prefix as VEX and EVEX write it, 0 … 3. */
  int prefix() {
    return code >> PP_SHIFT & 3;
  }

  /** The opcode map, 1 … 3. */
  int map() {
    return code >> MAP_SHIFT & 3;
  }

  /** The /digit that stands in ModRM.reg. */
  int ext() {
    return code >> EXT_SHIFT & 7;
  }

  /** True if there is a VEX form of length {@code vl} (0: 128, 1: 256, 2: 512 bits). */
  boolean hasVex(int vl) {
    return (vex & (vl == 0 ? L128 | LIG : 1 << vl)) != 0;
  }

  /** True if there is an EVEX form of length {@code vl}. */
  boolean hasEvex(int vl) {
    return (evex & (vl == 0 ? L128 | LIG : 1 << vl)) != 0;
  }

  /** What VEX writes for length {@code vl}. */
  int vexLength(int vl) {
    return (vex & LIG) != 0 ? 0 : vl;
  }

  /** What EVEX writes for length {@code vl}. */
  int evexLength(int vl) {
    return (evex & LIG) != 0 ? 0 : vl;
  }

  /** W of the VEX encoding. */
  boolean vexW() {
    return (vex & W1) != 0;
  }

  /** W of the EVEX encoding. */
  boolean evexW() {
    return (evex & W1) != 0;
  }

  /** The length for rows without an operand that tells it: 1 for three-mask rows, else 0. */
  int fixedLength() {
    return (vex & 15) == L256 ? 1 : 0;
  }

  /** The size of the element an embedded broadcast reads: 4 or 8 bytes, 0 if there is none. */
  int broadcastBytes() {
    return (evex >> BROADCAST_SHIFT & 3) << 2;
  }

  /** How often a broadcast element is repeated for an instruction of this length. */
  int broadcastCount(int vectorBytes) {
    return (vectorBytes >> (evex >> SCALE_SHIFT & 7)) / broadcastBytes();
  }

  boolean maskable() {
    return (evex & NO_MASK) == 0;
  }

  /** log2 of the unit, in bytes, of an 8-bit displacement in EVEX. */
  int displacementShift(int vl, boolean broadcast) {
    if (broadcast) {
      return 1 + (evex >> BROADCAST_SHIFT & 3);
    }
    int n = evex >> SCALE_SHIFT & 7;
    return (evex & FIXED) != 0 ? n : 4 + vl - n;
  }
}
