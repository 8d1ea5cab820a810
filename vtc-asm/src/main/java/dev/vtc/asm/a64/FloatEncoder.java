package dev.vtc.asm.a64;

/** The encode methods of the scalar floating-point instructions. */
abstract class FloatEncoder extends VectorEncoder {
  final void float1(Row.Float1 row, Fp d, Fp n) {
    sameSize(row, d, n);
    put(row, row.bits() | floatSize(row, d) | n.index << 5 | d.index, d, n);
  }

  final void float2(Row.Float2 row, Fp d, Fp n, Fp m) {
    sameSize(row, d, n);
    sameSize(row, d, m);
    int fields = m.index << 16 | n.index << 5 | d.index;
    put(row, row.bits() | floatSize(row, d) | fields, d, n, m);
  }

  final void float3(Row.Float3 row, Fp d, Fp n, Fp m, Fp a) {
    sameSize(row, d, n);
    sameSize(row, d, m);
    sameSize(row, d, a);
    int fields = m.index << 16 | a.index << 10 | n.index << 5 | d.index;
    word(row.bits() | floatSize(row, d) | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, a);
    }
  }

  /** Field type of the three precisions: 0 single, 1 double, 3 half. */
  private static int type(Row row, Fp r) {
    return switch (r.log2Size) {
      case 1 -> 3;
      case 2 -> 0;
      case 3 -> 1;
      default -> throw refuse(row, "only half, single and double precision", r);
    };
  }

  final void floatConvert(Row.FloatConvert row, Fp d, Fp n) {
    if (d.log2Size == n.log2Size) {
      throw refuse(row, "converts between different precisions", d, n);
    }
    int fields = type(row, n) << 22 | type(row, d) << 15 | n.index << 5 | d.index;
    put(row, row.bits() | fields, d, n);
  }

  final void floatCompare(Row.FloatCompare row, Fp n, Fp m) {
    sameSize(row, n, m);
    put(row, row.bits() | floatSize(row, n) | m.index << 16 | n.index << 5, n, m);
  }

  final void floatCompareZero(Row.FloatCompare row, Fp n, double zero) {
    if (zero != 0 || 1 / zero < 0) {
      throw refuse(row, "the only immediate is 0.0", n, zero);
    }
    put(row, row.bits() | 8 | floatSize(row, n) | n.index << 5, n, zero);
  }

  final void floatSelect(Row.FloatSelect row, Fp d, Fp n, Fp m, Cond cond) {
    sameSize(row, d, n);
    sameSize(row, d, m);
    int fields = m.index << 16 | cond.code << 12 | n.index << 5 | d.index;
    word(row.bits() | floatSize(row, d) | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, cond);
    }
  }

  final void floatScalarImmediate(Row.FloatScalarImmediate row, Fp d, double immediate) {
    int imm8 = FloatBits.encode(immediate);
    if (imm8 < 0) {
      throw refuse(row, "not n/16 * 2^r with n in 16..31 and r in -3..4", d, immediate);
    }
    put(row, row.bits() | floatSize(row, d) | imm8 << 13 | d.index, d, immediate);
  }

  final void floatFromGeneral(Row.FloatMoveGeneral row, Fp d, Gp n) {
    if (d.log2Size != 2 + n.sf()) {
      throw refuse(row, "the registers differ in size", d, n);
    }
    put(row, row.bits() | 1 << 16 | general(row, d, n, d.index, zr(row, n)), d, n);
  }

  final void floatToGeneral(Row.FloatMoveGeneral row, Gp d, Fp n) {
    if (n.log2Size != 2 + d.sf()) {
      throw refuse(row, "the registers differ in size", d, n);
    }
    put(row, row.bits() | general(row, n, d, zr(row, d), n.index), d, n);
  }

  final void integerToFloat(Row.IntegerToFloat row, Fp d, Gp n) {
    put(row, row.bits() | general(row, d, n, d.index, zr(row, n)), d, n);
  }

  final void floatToInteger(Row.FloatToInteger row, Gp d, Fp n) {
    put(row, row.bits() | general(row, n, d, zr(row, d), n.index), d, n);
  }

  private static int general(Row row, Fp scalar, Gp r, int d, int n) {
    return floatSize(row, scalar) | r.sf() << 31 | n << 5 | d;
  }
}
