package dev.vtc.asm.a64;

/**
 * One instruction: its mnemonic and the bits that are the same in every use of it. The type of a
 * row is its operand format, so that a row cannot reach a foreign encode method. Masks hold the
 * bits of the {@link Arrangement}s that an instruction takes.
 */
sealed interface Row {
  String name();

  int bits();

  /** add, sub and their flag-setting forms; bits of the shifted-register form. */
  record AddSub(String name, int bits) implements Row {
    boolean setsFlags() {
      return (bits & 1 << 29) != 0;
    }
  }

  /** Logical operations; bits of the shifted-register form. */
  record Logical(String name, int bits) implements Row {
    boolean setsFlags() {
      return (bits & 3 << 29) == 3 << 29;
    }

    boolean negates() {
      return (bits & 1 << 21) != 0;
    }
  }

  /** One source. */
  record Data1(String name, int bits) implements Row {}

  /** Two sources. */
  record Data2(String name, int bits) implements Row {}

  /** Three sources of one width. */
  record Data3(String name, int bits) implements Row {}

  /** 64-bit result of two 32-bit sources and a 64-bit addend. */
  record Widening(String name, int bits) implements Row {}

  /** Upper half of a 64 by 64 bit product. */
  record MultiplyHigh(String name, int bits) implements Row {}

  record BitField(String name, int bits) implements Row {}

  record MoveWide(String name, int bits) implements Row {}

  record Select(String name, int bits) implements Row {}

  record Compare(String name, int bits) implements Row {}

  /** A load or store of one register; {@code log2Size} of the access in bytes. */
  record Access(String name, int bits, int log2Size) implements Row {}

  /** A load or store of two registers; {@code log2Size} of each in bytes. */
  record Pair(String name, int bits, int log2Size) implements Row {
    boolean loads() {
      return (bits & 1 << 22) != 0;
    }

    boolean writesBackNever() {
      return name.charAt(2) == 'n';
    }
  }

  record LoadLiteral(String name, int bits) implements Row {}

  /** Acquire, release and exclusive accesses without a status register. */
  record Ordered(String name, int bits) implements Row {}

  /** Exclusive stores: a status register. */
  record StoreExclusive(String name, int bits) implements Row {}

  /** FEAT_LSE: read, modify, write. */
  record Atomic(String name, int bits) implements Row {}

  record Fence(String name, int bits) implements Row {}

  /** No operand. */
  record Fixed(String name, int bits) implements Row {}

  /** A 16-bit immediate. */
  record Trap(String name, int bits) implements Row {}

  /** A cache operation by address. */
  record Cache(String name, int bits) implements Row {}

  /** mrs and msr. */
  record SystemAccess(String name, int bits) implements Row {}

  record PageAddress(String name, int bits) implements Row {}

  /** To a label, without a register. */
  record Jump(String name, int bits) implements Row {}

  /** To a label, under a condition on the flags. */
  record ConditionalJump(String name, int bits) implements Row {}

  /** To a label, if a register is (not) zero. */
  record CompareJump(String name, int bits) implements Row {}

  /** To a label, if a bit is (not) set. */
  record TestJump(String name, int bits) implements Row {}

  /** To the address in a register. */
  record RegisterJump(String name, int bits) implements Row {}

  /** Three vectors of one arrangement. */
  record Same3(String name, int bits, int mask, boolean floating) implements Row {}

  /** Two vectors of one arrangement. */
  record Same2(String name, int bits, int mask, boolean floating) implements Row {}

  /** Two vectors of one arrangement, compared with zero. */
  record Zero(String name, int bits, int mask, boolean floating) implements Row {}

  /** Result lanes twice as wide as those of both sources; {@code q}: sources in the upper half. */
  record Long3(String name, int bits, int mask, int q) implements Row {}

  /** Result and first source have lanes twice as wide as those of the second source. */
  record Wide3(String name, int bits, int mask, int q) implements Row {}

  /** Neighbours are added into lanes twice as wide. */
  record PairLong(String name, int bits) implements Row {}

  /** Lanes become twice as wide. */
  record Long2(String name, int bits, int mask, int q, boolean floating) implements Row {}

  /** Lanes become half as wide; {@code q}: into the upper half. */
  record Narrow2(String name, int bits, int mask, int q, boolean floating) implements Row {}

  /** Two vectors and one lane of a third. */
  record Element(String name, int bits, int mask, boolean floating) implements Row {}

  /** As {@link Element}, the result lanes twice as wide. */
  record ElementLong(String name, int bits, int q) implements Row {}

  /** A scalar, a scalar and a lane. */
  record ElementScalar(String name, int bits) implements Row {}

  /** Dot products of groups of 4 bytes. */
  record Dot(String name, int bits) implements Row {}

  /** Dot products with one group of 4 bytes. */
  record DotElement(String name, int bits) implements Row {}

  /** 2x8 by 8x2 matrix products of bytes. */
  record MatrixMultiply(String name, int bits) implements Row {}

  record ShiftLeft(String name, int bits) implements Row {}

  record ShiftRight(String name, int bits) implements Row {}

  record ShiftLong(String name, int bits, int q) implements Row {}

  record ShiftNarrow(String name, int bits, int q) implements Row {}

  /** All lanes to one scalar of their size; {@code widen} 1: of twice their size. */
  record Across(String name, int bits, int mask, int widen) implements Row {}

  /** The two lanes of a vector to one scalar. */
  record PairScalar(String name, int bits, int mask) implements Row {}

  record Extract(String name, int bits) implements Row {}

  record Table(String name, int bits) implements Row {}

  record DuplicateLane(String name, int bits) implements Row {}

  record DuplicateScalar(String name, int bits) implements Row {}

  record DuplicateGeneral(String name, int bits) implements Row {}

  record InsertLane(String name, int bits) implements Row {}

  record InsertGeneral(String name, int bits) implements Row {}

  /** A lane to a general register, zero- or sign-extended. */
  record MoveLane(String name, int bits) implements Row {}

  /** movi, mvni, orr and bic with an immediate; {@code bits} with op and the low bit of cmode. */
  record ModifiedImmediate(String name, int bits) implements Row {}

  record FloatImmediate(String name, int bits) implements Row {}

  /** ld1 to st4: {@code registers} 0 for any number. */
  record Structure(String name, int bits, int registers) implements Row {}

  record Replicate(String name, int bits) implements Row {}

  record LaneAccess(String name, int bits) implements Row {}

  /** One scalar source of the result's size. */
  record Float1(String name, int bits) implements Row {}

  record Float2(String name, int bits) implements Row {}

  record Float3(String name, int bits) implements Row {}

  /** Scalars of different sizes. */
  record FloatConvert(String name, int bits) implements Row {}

  record FloatCompare(String name, int bits) implements Row {}

  record FloatSelect(String name, int bits) implements Row {}

  record FloatScalarImmediate(String name, int bits) implements Row {}

  /** Between a general register and a scalar of the same size, unchanged. */
  record FloatMoveGeneral(String name, int bits) implements Row {}

  record IntegerToFloat(String name, int bits) implements Row {}

  record FloatToInteger(String name, int bits) implements Row {}
}
