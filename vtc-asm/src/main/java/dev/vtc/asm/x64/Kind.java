package dev.vtc.asm.x64;

/**
 * Operand kinds as small integers: those an operand has, and those a table row asks for relative to
 * the vector length of the instruction.
 */
final class Kind {
  /** No operand in this position. */
  static final int NONE = 0;

  static final int MEM = 1;
  static final int G32 = 2;
  static final int G64 = 3;
  static final int XMM = 4;
  static final int YMM = 5;
  static final int ZMM = 6;
  static final int MASK = 7;

  /** A vector register of the instruction's own length. */
  static final int V = 8;

  /** Half of it, at least an XMM. */
  static final int HALF = 9;

  /** A quarter or an eighth of it, which is an XMM for every length. */
  static final int PART = 10;

  private Kind() {}

  /** Returns the concrete kind for vector length {@code vl} (0: 128, 1: 256, 2: 512 bits). */
  static int resolve(int kind, int vl) {
    if (kind < V) {
      return kind;
    }
    if (kind == V) {
      return XMM + vl;
    }
    return kind == HALF && vl == 2 ? YMM : XMM;
  }

  static String name(int kind) {
    return switch (kind) {
      case MEM -> "a memory operand";
      case G32 -> "a 32-bit register";
      case G64 -> "a 64-bit register";
      case XMM -> "an XMM register";
      case YMM -> "a YMM register";
      case ZMM -> "a ZMM register";
      case MASK -> "a mask register";
      default -> "nothing";
    };
  }
}
