package dev.vtc.asm.a64;

import static java.util.Objects.requireNonNull;

/** The encode methods of the vector (NEON) instructions, one for each operand format. */
abstract class VectorEncoder extends MemoryEncoder {
  private static void allowed(Row row, int mask, Vec v) {
    if ((mask & v.arrangement.mask) == 0) {
      throw refuse(row, "the instruction does not have this arrangement", v);
    }
  }

  private static void same(Row row, Vec a, Vec b) {
    if (a.arrangement != b.arrangement) {
      throw refuse(row, "the arrangements differ", a, b);
    }
  }

  /** Requires that v's lanes are those of {@code size} (log2 bytes), filling q's width. */
  private static void expect(Row row, Vec v, int size, int q) {
    if (size > 3 || v.arrangement.size != size || v.arrangement.q != q) {
      throw refuse(row, "the arrangement does not fit the others", v);
    }
  }

  /** Fields Q and size of integer rows, or Q and sz of floating-point rows. */
  private static int shape(Arrangement a, boolean floating) {
    return a.q << 30 | (floating ? (a.size & 1) << 22 : a.size << 22);
  }

  // ---- lane-wise

  final void same3(Row.Same3 row, Vec d, Vec n, Vec m) {
    allowed(row, row.mask(), d);
    same(row, d, n);
    same(row, d, m);
    int bits = row.bits() | shape(d.arrangement, row.floating());
    put(row, bits | m.index << 16 | n.index << 5 | d.index, d, n, m);
  }

  final void same2(Row.Same2 row, Vec d, Vec n) {
    allowed(row, row.mask(), d);
    same(row, d, n);
    put(row, row.bits() | shape(d.arrangement, row.floating()) | n.index << 5 | d.index, d, n);
  }

  final void zero(Row.Zero row, Vec d, Vec n, double zero) {
    allowed(row, row.mask(), d);
    same(row, d, n);
    if (zero != 0 || 1 / zero < 0) {
      throw refuse(row, "the only immediate is 0", d, n, zero);
    }
    int bits = row.bits() | shape(d.arrangement, row.floating()) | n.index << 5 | d.index;
    word(bits);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, row.floating() ? "#0.0" : "#0");
    }
  }

  final void long3(Row.Long3 row, Vec d, Vec n, Vec m) {
    allowed(row, row.mask(), n);
    same(row, n, m);
    Arrangement a = n.arrangement;
    expect(row, n, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    int bits = row.bits() | a.q << 30 | a.size << 22;
    put(row, bits | m.index << 16 | n.index << 5 | d.index, d, n, m);
  }

  final void wide3(Row.Wide3 row, Vec d, Vec n, Vec m) {
    allowed(row, row.mask(), m);
    same(row, d, n);
    Arrangement a = m.arrangement;
    expect(row, m, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    int bits = row.bits() | a.q << 30 | a.size << 22;
    put(row, bits | m.index << 16 | n.index << 5 | d.index, d, n, m);
  }

  final void pairLong(Row.PairLong row, Vec d, Vec n) {
    Arrangement a = n.arrangement;
    expect(row, d, a.size + 1, a.q);
    put(row, row.bits() | a.q << 30 | a.size << 22 | n.index << 5 | d.index, d, n);
  }

  final void long2(Row.Long2 row, Vec d, Vec n) {
    allowed(row, row.mask(), n);
    Arrangement a = n.arrangement;
    expect(row, n, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    // fcvtl: sz says whether the result is double.
    int size = row.floating() ? a.size - 1 : a.size;
    put(row, row.bits() | a.q << 30 | size << 22 | n.index << 5 | d.index, d, n);
  }

  /** shll: the shift is the size of the source's lanes. */
  final void long2Shifted(Row.Long2 row, Vec d, Vec n, int shift) {
    if (shift != 8 << n.arrangement.size) {
      throw refuse(row, "the shift must be the size of the lanes", d, n, shift);
    }
    allowed(row, row.mask(), n);
    Arrangement a = n.arrangement;
    expect(row, n, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    put(row, row.bits() | a.q << 30 | a.size << 22 | n.index << 5 | d.index, d, n, shift);
  }

  final void narrow2(Row.Narrow2 row, Vec d, Vec n) {
    allowed(row, row.mask(), d);
    Arrangement a = d.arrangement;
    expect(row, d, a.size, row.q());
    expect(row, n, a.size + 1, 1);
    int size = row.floating() ? a.size - 1 : a.size;
    put(row, row.bits() | a.q << 30 | size << 22 | n.index << 5 | d.index, d, n);
  }

  // ---- by element

  /** Fields H, L, M and Rm of a lane of 2^size bytes; 16-bit lanes reach v0 to v15 only. */
  private static int laneOperand(Row row, Lane m, int size) {
    if (m.group || m.size != size) {
      throw refuse(row, "the lane does not fit the arrangement", m);
    }
    int lane = m.lane;
    return switch (size) {
      case 1 -> {
        if (m.index > 15) {
          throw refuse(row, "lanes of 16 bits can be taken from v0 to v15 only", m);
        }
        yield (lane >> 2) << 11 | (lane >> 1 & 1) << 21 | (lane & 1) << 20 | m.index << 16;
      }
      case 2 -> (lane >> 1) << 11 | (lane & 1) << 21 | m.index << 16;
      default -> lane << 11 | m.index << 16;
    };
  }

  final void element(Row.Element row, Vec d, Vec n, Lane m) {
    allowed(row, row.mask(), d);
    same(row, d, n);
    int bits = row.bits() | shape(d.arrangement, row.floating());
    int fields = laneOperand(row, m, d.arrangement.size) | n.index << 5 | d.index;
    put(row, bits | fields, d, n, m);
  }

  final void elementLong(Row.ElementLong row, Vec d, Vec n, Lane m) {
    Arrangement a = n.arrangement;
    allowed(row, Masks.H | Masks.S, n);
    expect(row, n, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    int fields = laneOperand(row, m, a.size) | n.index << 5 | d.index;
    put(row, row.bits() | a.q << 30 | a.size << 22 | fields, d, n, m);
  }

  final void elementScalar(Row.ElementScalar row, Fp d, Fp n, Lane m) {
    floatSize(row, d);
    sameSize(row, d, n);
    int fields = laneOperand(row, m, d.log2Size) | n.index << 5 | d.index;
    put(row, row.bits() | (d.log2Size & 1) << 22 | fields, d, n, m);
  }

  final void dot(Row.Dot row, Vec d, Vec n, Vec m) {
    allowed(row, Masks.S, d);
    same(row, n, m);
    expect(row, n, 0, d.arrangement.q);
    int fields = m.index << 16 | n.index << 5 | d.index;
    put(row, row.bits() | d.arrangement.q << 30 | fields, d, n, m);
  }

  final void dotElement(Row.DotElement row, Vec d, Vec n, Lane m) {
    allowed(row, Masks.S, d);
    expect(row, n, 0, d.arrangement.q);
    if (!m.group) {
      throw refuse(row, "the lane must be a group of 4 bytes", m);
    }
    int fields = (m.lane >> 1) << 11 | (m.lane & 1) << 21 | m.index << 16 | n.index << 5 | d.index;
    put(row, row.bits() | d.arrangement.q << 30 | fields, d, n, m);
  }

  final void matrixMultiply(Row.MatrixMultiply row, Vec d, Vec n, Vec m) {
    allowed(row, Arrangement.S4.mask, d);
    allowed(row, Arrangement.B16.mask, n);
    same(row, n, m);
    put(row, row.bits() | m.index << 16 | n.index << 5 | d.index, d, n, m);
  }

  // ---- shifts by a constant

  final void shiftLeft(Row.ShiftLeft row, Vec d, Vec n, int shift) {
    allowed(row, Masks.BHSD2, d);
    same(row, d, n);
    int lane = 8 << d.arrangement.size;
    range(row, shift, 0, lane - 1, "the shift");
    int fields = (lane + shift) << 16 | n.index << 5 | d.index;
    put(row, row.bits() | d.arrangement.q << 30 | fields, d, n, shift);
  }

  final void shiftRight(Row.ShiftRight row, Vec d, Vec n, int shift) {
    allowed(row, Masks.BHSD2, d);
    same(row, d, n);
    int lane = 8 << d.arrangement.size;
    range(row, shift, 1, lane, "the shift");
    int fields = (2 * lane - shift) << 16 | n.index << 5 | d.index;
    put(row, row.bits() | d.arrangement.q << 30 | fields, d, n, shift);
  }

  final void shiftLong(Row.ShiftLong row, Vec d, Vec n, int shift) {
    Arrangement a = n.arrangement;
    expect(row, n, a.size, row.q());
    expect(row, d, a.size + 1, 1);
    int lane = 8 << a.size;
    range(row, shift, 0, lane - 1, "the shift");
    put(row, row.bits() | a.q << 30 | (lane + shift) << 16 | n.index << 5 | d.index, d, n, shift);
  }

  final void shiftNarrow(Row.ShiftNarrow row, Vec d, Vec n, int shift) {
    Arrangement a = d.arrangement;
    expect(row, d, a.size, row.q());
    expect(row, n, a.size + 1, 1);
    int lane = 8 << a.size;
    range(row, shift, 1, lane, "the shift");
    int fields = (2 * lane - shift) << 16 | n.index << 5 | d.index;
    put(row, row.bits() | a.q << 30 | fields, d, n, shift);
  }

  // ---- across lanes

  final void across(Row.Across row, Fp d, Vec n) {
    allowed(row, row.mask(), n);
    Arrangement a = n.arrangement;
    if (d.log2Size != a.size + row.widen()) {
      throw refuse(row, "the scalar does not fit the arrangement", d, n);
    }
    // The floating-point rows take 4s only and have sz = 0.
    int size = row.mask() == Arrangement.S4.mask ? 0 : a.size;
    put(row, row.bits() | a.q << 30 | size << 22 | n.index << 5 | d.index, d, n);
  }

  final void pairScalar(Row.PairScalar row, Fp d, Vec n) {
    allowed(row, row.mask(), n);
    if (d.log2Size != n.arrangement.size) {
      throw refuse(row, "the scalar does not fit the arrangement", d, n);
    }
    // addp has d2 only and its size in the row; the floating-point rows have sz.
    int sz = (n.arrangement.size & 1) << 22;
    put(row, row.bits() | sz | n.index << 5 | d.index, d, n);
  }

  // ---- permutations and moves

  final void extract(Row.Extract row, Vec d, Vec n, Vec m, int index) {
    allowed(row, Masks.B, d);
    same(row, d, n);
    same(row, d, m);
    range(row, index, 0, d.arrangement.lanes() - 1, "the index");
    int fields = m.index << 16 | index << 11 | n.index << 5 | d.index;
    word(row.bits() | d.arrangement.q << 30 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, index);
    }
  }

  final void table(Row.Table row, Vec d, VecList n, Vec m) {
    allowed(row, Masks.B, d);
    same(row, d, m);
    allowed(row, Arrangement.B16.mask, n.first);
    int fields = m.index << 16 | (n.length - 1) << 13 | n.first.index << 5 | d.index;
    put(row, row.bits() | d.arrangement.q << 30 | fields, d, n, m);
  }

  /** Field imm5: the lane number above a marker of the lane's size. */
  private static int imm5(Row row, Lane lane) {
    if (lane.group) {
      throw refuse(row, "a lane, not a group of 4 bytes", lane);
    }
    return (lane.lane << 1 | 1) << lane.size << 16;
  }

  final void duplicateLane(Row.DuplicateLane row, Vec d, Lane n) {
    allowed(row, Masks.BHSD2, d);
    if (n.size != d.arrangement.size) {
      throw refuse(row, "the lane does not fit the arrangement", d, n);
    }
    put(row, row.bits() | d.arrangement.q << 30 | imm5(row, n) | n.index << 5 | d.index, d, n);
  }

  final void duplicateScalar(Row.DuplicateScalar row, Fp d, Lane n) {
    if (n.size != d.log2Size) {
      throw refuse(row, "the lane does not fit the scalar", d, n);
    }
    put(row, row.bits() | imm5(row, n) | n.index << 5 | d.index, d, n);
  }

  private static void generalFits(Row row, Gp r, int size) {
    if (r.sf() != (size == 3 ? 1 : 0)) {
      throw refuse(row, "lanes of 64 bits go with x registers, all others with w registers", r);
    }
  }

  final void duplicateGeneral(Row.DuplicateGeneral row, Vec d, Gp n) {
    allowed(row, Masks.BHSD2, d);
    generalFits(row, n, d.arrangement.size);
    int imm5 = 1 << d.arrangement.size << 16;
    put(row, row.bits() | d.arrangement.q << 30 | imm5 | zr(row, n) << 5 | d.index, d, n);
  }

  final void insertLane(Row.InsertLane row, Lane d, Lane n) {
    if (d.size != n.size || n.group) {
      throw refuse(row, "the lanes differ in size", d, n);
    }
    put(row, row.bits() | imm5(row, d) | n.lane << n.size << 11 | n.index << 5 | d.index, d, n);
  }

  final void insertGeneral(Row.InsertGeneral row, Lane d, Gp n) {
    generalFits(row, n, d.size);
    put(row, row.bits() | imm5(row, d) | zr(row, n) << 5 | d.index, d, n);
  }

  /** umov: a lane that fills the register or is smaller than w. smov: a lane smaller than it. */
  final void moveLane(Row.MoveLane row, Gp d, Lane n, boolean signed) {
    if (signed ? n.size >= 2 + d.sf() : d.sf() != (n.size == 3 ? 1 : 0)) {
      throw refuse(row, "the register does not fit the lane", d, n);
    }
    put(row, row.bits() | d.sf() << 30 | imm5(row, n) | n.index << 5 | zr(row, d), d, n);
  }

  private static int split(int imm8) {
    return (imm8 >> 5) << 16 | (imm8 & 31) << 5;
  }

  /**
   * movi and its kin. {@code lsl} shifts within lanes of 16 and 32 bits.
   *
   * @param bytes whether lanes of 8 bits are allowed
   */
  final void modifiedImmediate(Row.ModifiedImmediate row, Vec d, int imm8, int lsl, boolean bytes) {
    Arrangement a = d.arrangement;
    range(row, imm8, 0, 255, "the immediate");
    int cmode;
    if (a.size == 0 && bytes) {
      range(row, lsl, 0, 0, "the shift");
      cmode = 0xe;
    } else if (a.size == 1 || a.size == 2) {
      if ((lsl & 7) != 0 || lsl < 0 || lsl >= 8 << a.size) {
        throw refuse(row, "the shift must be a multiple of 8 below the lane size", d, imm8, lsl);
      }
      cmode = (a.size == 1 ? 8 : 0) | lsl >> 2;
    } else {
      throw refuse(row, "the instruction does not have this arrangement", d, imm8);
    }
    word(row.bits() | a.q << 30 | cmode << 12 | split(imm8) | d.index);
    if (listing != null) {
      if (a.size == 0) {
        listing.instruction(last(), row, row.name(), d, imm8);
      } else {
        listing.instruction(last(), row, row.name(), d, imm8, Shift.LSL, lsl);
      }
    }
  }

  /** movi of 64 bits: every byte is 0 or 255. */
  final void byteMask(Row.ModifiedImmediate row, Vec d, long immediate) {
    if (d.arrangement != Arrangement.D2) {
      throw refuse(row, "only 2d takes a mask of bytes", d, immediate);
    }
    int imm8 = 0;
    for (int i = 0; i < 8; i++) {
      int part = (int) (immediate >>> (8 * i)) & 0xff;
      if (part != 0 && part != 0xff) {
        throw refuse(row, "every byte must be 0 or 255", d, immediate);
      }
      imm8 |= part & 1 << i;
    }
    word(row.bits() | 0x6000e000 | split(imm8) | d.index);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, "#0x" + Long.toHexString(immediate));
    }
  }

  final void floatImmediate(Row.FloatImmediate row, Vec d, double immediate) {
    allowed(row, Masks.SD2, d);
    int imm8 = FloatBits.encode(immediate);
    if (imm8 < 0) {
      throw refuse(row, "not n/16 * 2^r with n in 16..31 and r in -3..4", d, immediate);
    }
    int op = d.arrangement.size == 3 ? 1 << 29 : 0;
    put(row, row.bits() | op | d.arrangement.q << 30 | split(imm8) | d.index, d, immediate);
  }

  // ---- structures in memory

  /** Base, and for post-index the register that is added: 31 stands for {@code bytes}. */
  private static int structureAddress(Row row, Mem mem, int bytes) {
    int base = sp(row, mem.base) << 5;
    return switch (mem.mode) {
      case OFFSET -> {
        if (mem.offset != 0) {
          throw refuse(row, "vector structures have no offset", mem);
        }
        yield base;
      }
      case POST -> {
        if (mem.offset != bytes) {
          throw refuse(row, "the base can only move on by the " + bytes + " bytes accessed", mem);
        }
        yield base | 1 << 23 | 31 << 16;
      }
      case POST_REGISTER -> {
        Gp index = requireNonNull(mem.index);
        if (index.isZr()) {
          throw refuse(row, "the zero register cannot stand here", mem);
        }
        yield base | 1 << 23 | index.index << 16;
      }
      case PRE, REGISTER -> throw refuse(row, "vector structures do not have this mode", mem);
    };
  }

  private static final int[] OPCODE = {0, 7, 10, 6, 2};

  final void structure(Row.Structure row, VecList t, Mem mem) {
    Arrangement a = t.first.arrangement;
    int opcode = 0;
    if (row.registers() == 0) {
      opcode = OPCODE[t.length] << 12;
    } else if (row.registers() != t.length || a == Arrangement.D1) {
      throw refuse(row, "takes " + row.registers() + " registers, not of 1d", t, mem);
    }
    int address = structureAddress(row, mem, t.length * (8 << a.q));
    put(row, row.bits() | opcode | a.q << 30 | a.size << 10 | address | t.first.index, t, mem);
  }

  final void replicate(Row.Replicate row, VecList t, Mem mem) {
    if (t.length != 1) {
      throw refuse(row, "takes one register", t, mem);
    }
    Arrangement a = t.first.arrangement;
    int address = structureAddress(row, mem, 1 << a.size);
    put(row, row.bits() | a.q << 30 | a.size << 10 | address | t.first.index, t, mem);
  }

  /** ld1, st1 of one lane: its number stands in Q:S:size, as far as its size leaves room. */
  final void laneAccess(Row.LaneAccess row, Lane t, Mem mem) {
    if (t.group) {
      throw refuse(row, "a lane, not a group of 4 bytes", t, mem);
    }
    int opcode = (t.size >= 2 ? 2 : t.size) << 14;
    int place = t.lane << t.size; // 4 bits Q:S:size
    int fields = (place >> 3) << 30 | ((place & 7) | (t.size == 3 ? 1 : 0)) << 10;
    word(row.bits() | opcode | fields | structureAddress(row, mem, 1 << t.size) | t.index);
    if (listing != null) {
      String list = "{ v" + t.index + "." + "bhsd".charAt(t.size) + " }[" + t.lane + "]";
      listing.instruction(last(), row, row.name(), list, mem);
    }
  }

  // ---- shared with the scalar floating-point encoder

  static void sameSize(Row row, Fp a, Fp b) {
    if (a.log2Size != b.log2Size) {
      throw refuse(row, "the registers differ in size", a, b);
    }
  }

  /** Field type of single and double precision; half precision has no arithmetic here. */
  static int floatSize(Row row, Fp r) {
    if (r.log2Size != 2 && r.log2Size != 3) {
      throw refuse(row, "only single and double precision", r);
    }
    return (r.log2Size & 1) << 22;
  }
}
