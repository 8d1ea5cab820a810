package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.IntegerRows.*;

/** Base instructions: arithmetic, logic, control and system. Operands stand in assembly order. */
abstract class IntegerAssembler extends FloatEncoder {
  // ---- add and subtract

  /** d = n + immediate; 0 to 4095 or a multiple of 4096 below 2^24, also negative. */
  public final void add(Gp d, Gp n, int immediate) {
    addSubImmediate(ADD, d, n, immediate);
  }

  /** d = n + m. */
  public final void add(Gp d, Gp n, Gp m) {
    addSub(ADD, d, n, m, Shift.LSL, 0);
  }

  /** d = n + (m shifted). */
  public final void add(Gp d, Gp n, Gp m, Shift shift, int amount) {
    addSub(ADD, d, n, m, shift, amount);
  }

  /** d = n + (m extended, then shifted left by 0 to 4). */
  public final void add(Gp d, Gp n, Gp m, Extend extend, int amount) {
    addSub(ADD, d, n, m, extend, amount);
  }

  /**
   * d = n + immediate, setting the flags; 0 to 4095 or a multiple of 4096 below 2^24, also
   * negative.
   */
  public final void adds(Gp d, Gp n, int immediate) {
    addSubImmediate(ADDS, d, n, immediate);
  }

  /** d = n + m, setting the flags. */
  public final void adds(Gp d, Gp n, Gp m) {
    addSub(ADDS, d, n, m, Shift.LSL, 0);
  }

  /** d = n + (m shifted), setting the flags. */
  public final void adds(Gp d, Gp n, Gp m, Shift shift, int amount) {
    addSub(ADDS, d, n, m, shift, amount);
  }

  /** d = n + (m extended, then shifted left by 0 to 4), setting the flags. */
  public final void adds(Gp d, Gp n, Gp m, Extend extend, int amount) {
    addSub(ADDS, d, n, m, extend, amount);
  }

  /** d = n - immediate; 0 to 4095 or a multiple of 4096 below 2^24, also negative. */
  public final void sub(Gp d, Gp n, int immediate) {
    addSubImmediate(SUB, d, n, immediate);
  }

  /** d = n - m. */
  public final void sub(Gp d, Gp n, Gp m) {
    addSub(SUB, d, n, m, Shift.LSL, 0);
  }

  /** d = n - (m shifted). */
  public final void sub(Gp d, Gp n, Gp m, Shift shift, int amount) {
    addSub(SUB, d, n, m, shift, amount);
  }

  /** d = n - (m extended, then shifted left by 0 to 4). */
  public final void sub(Gp d, Gp n, Gp m, Extend extend, int amount) {
    addSub(SUB, d, n, m, extend, amount);
  }

  /**
   * d = n - immediate, setting the flags; 0 to 4095 or a multiple of 4096 below 2^24, also
   * negative.
   */
  public final void subs(Gp d, Gp n, int immediate) {
    addSubImmediate(SUBS, d, n, immediate);
  }

  /** d = n - m, setting the flags. */
  public final void subs(Gp d, Gp n, Gp m) {
    addSub(SUBS, d, n, m, Shift.LSL, 0);
  }

  /** d = n - (m shifted), setting the flags. */
  public final void subs(Gp d, Gp n, Gp m, Shift shift, int amount) {
    addSub(SUBS, d, n, m, shift, amount);
  }

  /** d = n - (m extended, then shifted left by 0 to 4), setting the flags. */
  public final void subs(Gp d, Gp n, Gp m, Extend extend, int amount) {
    addSub(SUBS, d, n, m, extend, amount);
  }

  /** Flags of n - immediate. */
  public final void cmp(Gp n, int immediate) {
    addSubImmediate(SUBS, zero(n), n, immediate);
  }

  /** Flags of n - m. */
  public final void cmp(Gp n, Gp m) {
    addSub(SUBS, zero(n), n, m, Shift.LSL, 0);
  }

  /** Flags of n - (m shifted). */
  public final void cmp(Gp n, Gp m, Shift shift, int amount) {
    addSub(SUBS, zero(n), n, m, shift, amount);
  }

  /** Flags of n - (m extended, then shifted left by 0 to 4). */
  public final void cmp(Gp n, Gp m, Extend extend, int amount) {
    addSub(SUBS, zero(n), n, m, extend, amount);
  }

  /** Flags of n + immediate. */
  public final void cmn(Gp n, int immediate) {
    addSubImmediate(ADDS, zero(n), n, immediate);
  }

  /** Flags of n + m. */
  public final void cmn(Gp n, Gp m) {
    addSub(ADDS, zero(n), n, m, Shift.LSL, 0);
  }

  /** Flags of n + (m shifted). */
  public final void cmn(Gp n, Gp m, Shift shift, int amount) {
    addSub(ADDS, zero(n), n, m, shift, amount);
  }

  /** Flags of n + (m extended, then shifted left by 0 to 4). */
  public final void cmn(Gp n, Gp m, Extend extend, int amount) {
    addSub(ADDS, zero(n), n, m, extend, amount);
  }

  /** d = -m. */
  public final void neg(Gp d, Gp m) {
    addSub(SUB, d, zero(d), m, Shift.LSL, 0);
  }

  /** d = -(m shifted). */
  public final void neg(Gp d, Gp m, Shift shift, int amount) {
    addSub(SUB, d, zero(d), m, shift, amount);
  }

  private static Gp zero(Gp like) {
    return like.sf() == 1 ? X.XZR : W.WZR;
  }

  // ---- logic

  /** d = n & immediate; a bitmask immediate. */
  public final void and(Gp d, Gp n, long immediate) {
    logicalImmediate(AND, d, n, immediate);
  }

  /** d = n & m. */
  public final void and(Gp d, Gp n, Gp m) {
    logical(AND, d, n, m, Shift.LSL, 0);
  }

  /** d = n & (m shifted). */
  public final void and(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(AND, d, n, m, shift, amount);
  }

  /** d = n & ~m. */
  public final void bic(Gp d, Gp n, Gp m) {
    logical(BIC, d, n, m, Shift.LSL, 0);
  }

  /** d = n & ~(m shifted). */
  public final void bic(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(BIC, d, n, m, shift, amount);
  }

  /** d = n | immediate; a bitmask immediate. */
  public final void orr(Gp d, Gp n, long immediate) {
    logicalImmediate(ORR, d, n, immediate);
  }

  /** d = n | m. */
  public final void orr(Gp d, Gp n, Gp m) {
    logical(ORR, d, n, m, Shift.LSL, 0);
  }

  /** d = n | (m shifted). */
  public final void orr(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(ORR, d, n, m, shift, amount);
  }

  /** d = n | ~m. */
  public final void orn(Gp d, Gp n, Gp m) {
    logical(ORN, d, n, m, Shift.LSL, 0);
  }

  /** d = n | ~(m shifted). */
  public final void orn(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(ORN, d, n, m, shift, amount);
  }

  /** d = n ^ immediate; a bitmask immediate. */
  public final void eor(Gp d, Gp n, long immediate) {
    logicalImmediate(EOR, d, n, immediate);
  }

  /** d = n ^ m. */
  public final void eor(Gp d, Gp n, Gp m) {
    logical(EOR, d, n, m, Shift.LSL, 0);
  }

  /** d = n ^ (m shifted). */
  public final void eor(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(EOR, d, n, m, shift, amount);
  }

  /** d = n ^ ~m. */
  public final void eon(Gp d, Gp n, Gp m) {
    logical(EON, d, n, m, Shift.LSL, 0);
  }

  /** d = n ^ ~(m shifted). */
  public final void eon(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(EON, d, n, m, shift, amount);
  }

  /** d = n & immediate, setting the flags; a bitmask immediate. */
  public final void ands(Gp d, Gp n, long immediate) {
    logicalImmediate(ANDS, d, n, immediate);
  }

  /** d = n & m, setting the flags. */
  public final void ands(Gp d, Gp n, Gp m) {
    logical(ANDS, d, n, m, Shift.LSL, 0);
  }

  /** d = n & (m shifted), setting the flags. */
  public final void ands(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(ANDS, d, n, m, shift, amount);
  }

  /** d = n & ~m, setting the flags. */
  public final void bics(Gp d, Gp n, Gp m) {
    logical(BICS, d, n, m, Shift.LSL, 0);
  }

  /** d = n & ~(m shifted), setting the flags. */
  public final void bics(Gp d, Gp n, Gp m, Shift shift, int amount) {
    logical(BICS, d, n, m, shift, amount);
  }

  /** Flags of n & immediate; a bitmask immediate. */
  public final void tst(Gp n, long immediate) {
    logicalImmediate(ANDS, zero(n), n, immediate);
  }

  /** Flags of n & m. */
  public final void tst(Gp n, Gp m) {
    logical(ANDS, zero(n), n, m, Shift.LSL, 0);
  }

  /** d = ~m. */
  public final void mvn(Gp d, Gp m) {
    logical(ORN, d, zero(d), m, Shift.LSL, 0);
  }

  // ---- moves

  /** d = ~(immediate << lsl). */
  public final void movn(Gp d, int immediate, int lsl) {
    moveWide(MOVN, d, immediate, lsl);
  }

  /** d = immediate << lsl. */
  public final void movz(Gp d, int immediate, int lsl) {
    moveWide(MOVZ, d, immediate, lsl);
  }

  /** Bits lsl .. lsl+15 of d = immediate; the others stay. */
  public final void movk(Gp d, int immediate, int lsl) {
    moveWide(MOVK, d, immediate, lsl);
  }

  /** d = n, either of them possibly the stack pointer. */
  public final void mov(Gp d, Gp n) {
    if (d.isSp() || n.isSp()) {
      addSubImmediate(ADD, d, n, 0);
    } else {
      logical(ORR, d, zero(d), n, Shift.LSL, 0);
    }
  }

  /**
   * d = value, in as few instructions as possible, at most four.
   *
   * @param value for a w register its low 32 bits, the others being copies of bit 31 or zero
   */
  public final void mov(Gp d, long value) {
    boolean wide = d.sf() == 1;
    if (!wide && value >> 32 != 0 && value >> 31 != -1) {
      throw refuse(MOVZ, "the immediate has more than 32 bits", d, value);
    }
    long target = wide ? value : value & 0xffffffffL;
    int parts = wide ? 4 : 2;
    int zeros = 0;
    int ones = 0;
    for (int i = 0; i < parts; i++) {
      long part = (target >>> (16 * i)) & 0xffff;
      zeros += part == 0 ? 1 : 0;
      ones += part == 0xffff ? 1 : 0;
    }
    boolean inverted = ones > zeros;
    if (Math.max(zeros, ones) < parts - 1
        && BitmaskImmediate.encode(wide ? target : target << 32 | target) >= 0) {
      logicalImmediate(ORR, d, zero(d), target);
      return;
    }
    long filler = inverted ? 0xffff : 0;
    boolean first = true;
    for (int i = 0; i < parts; i++) {
      int part = (int) (target >>> (16 * i)) & 0xffff;
      if (part == filler) {
        continue;
      }
      if (!first) {
        moveWide(MOVK, d, part, 16 * i);
      } else if (inverted) {
        moveWide(MOVN, d, ~part & 0xffff, 16 * i);
      } else {
        moveWide(MOVZ, d, part, 16 * i);
      }
      first = false;
    }
    if (first) {
      moveWide(inverted ? MOVN : MOVZ, d, 0, 0);
    }
  }

  // ---- shifts and bit fields

  /** d = n << shift. */
  public final void lsl(Gp d, Gp n, int shift) {
    bitFieldUp(UBFM, d, n, shift, d.bits() - shift);
  }

  /** d = n >>> shift. */
  public final void lsr(Gp d, Gp n, int shift) {
    bitFieldDown(UBFM, d, n, shift, d.bits() - shift);
  }

  /** d = n >> shift. */
  public final void asr(Gp d, Gp n, int shift) {
    bitFieldDown(SBFM, d, n, shift, d.bits() - shift);
  }

  /** d = n rotated right. */
  public final void ror(Gp d, Gp n, int shift) {
    extractBits(EXTR, d, n, n, shift);
  }

  /** d = low half of (n : m) >>> lsb. */
  public final void extr(Gp d, Gp n, Gp m, int lsb) {
    extractBits(EXTR, d, n, m, lsb);
  }

  /** d = bits lsb .. lsb+width-1 of n, zero-extended. */
  public final void ubfx(Gp d, Gp n, int lsb, int width) {
    bitFieldDown(UBFM, d, n, lsb, width);
  }

  /** d = bits lsb .. lsb+width-1 of n, sign-extended. */
  public final void sbfx(Gp d, Gp n, int lsb, int width) {
    bitFieldDown(SBFM, d, n, lsb, width);
  }

  /** d = the lowest bits of n, zero-extended, shifted left by lsb. */
  public final void ubfiz(Gp d, Gp n, int lsb, int width) {
    bitFieldUp(UBFM, d, n, lsb, width);
  }

  /** d = the lowest bits of n, sign-extended, shifted left by lsb. */
  public final void sbfiz(Gp d, Gp n, int lsb, int width) {
    bitFieldUp(SBFM, d, n, lsb, width);
  }

  /** Bits lsb .. lsb+width-1 of d = the lowest bits of n. */
  public final void bfi(Gp d, Gp n, int lsb, int width) {
    bitFieldUp(BFM, d, n, lsb, width);
  }

  /** The lowest bits of d = bits lsb .. lsb+width-1 of n. */
  public final void bfxil(Gp d, Gp n, int lsb, int width) {
    bitFieldDown(BFM, d, n, lsb, width);
  }

  /** d = the lowest bits of n, a byte, sign-extended. */
  public final void sxtb(Gp d, W n) {
    bitField(SBFM, d, d.sf() == 1 ? n.x() : n, 0, 7);
  }

  /** d = the lowest bits of n, a half word, sign-extended. */
  public final void sxth(Gp d, W n) {
    bitField(SBFM, d, d.sf() == 1 ? n.x() : n, 0, 15);
  }

  /** d = the lowest bits of n, a word, sign-extended. */
  public final void sxtw(X d, W n) {
    bitField(SBFM, d, d.sf() == 1 ? n.x() : n, 0, 31);
  }

  /** d = the lowest bits of n, a byte, zero-extended. */
  public final void uxtb(W d, W n) {
    bitField(UBFM, d, n, 0, 7);
  }

  /** d = the lowest bits of n, a half word, zero-extended. */
  public final void uxth(W d, W n) {
    bitField(UBFM, d, n, 0, 15);
  }

  /** d = n << m, modulo the width. */
  public final void lsl(Gp d, Gp n, Gp m) {
    data2(LSLV, d, n, m);
  }

  /** d = n >>> m, modulo the width. */
  public final void lsr(Gp d, Gp n, Gp m) {
    data2(LSRV, d, n, m);
  }

  /** d = n >> m, modulo the width. */
  public final void asr(Gp d, Gp n, Gp m) {
    data2(ASRV, d, n, m);
  }

  /** d = n rotated right by m, modulo the width. */
  public final void ror(Gp d, Gp n, Gp m) {
    data2(RORV, d, n, m);
  }

  /** d = the bits of n in reverse order. */
  public final void rbit(Gp d, Gp n) {
    data1(RBIT, d, n);
  }

  /** d = n, the bytes of each half word reversed. */
  public final void rev16(Gp d, Gp n) {
    data1(REV16, d, n);
  }

  /** d = number of leading zeros of n. */
  public final void clz(Gp d, Gp n) {
    data1(CLZ, d, n);
  }

  /** d = number of bits after the sign of n that equal it. */
  public final void cls(Gp d, Gp n) {
    data1(CLS, d, n);
  }

  /** d = the bytes of n in reverse order. */
  public final void rev(Gp d, Gp n) {
    data1(d.sf() == 1 ? REV_X : REV_W, d, n);
  }

  /** d = n, the bytes of each word reversed. */
  public final void rev32(X d, X n) {
    data1(REV32, d, n);
  }

  // ---- multiply and divide

  /** d = n / m, unsigned, 0 where m is 0. */
  public final void udiv(Gp d, Gp n, Gp m) {
    data2(UDIV, d, n, m);
  }

  /** d = n / m, signed, 0 where m is 0. */
  public final void sdiv(Gp d, Gp n, Gp m) {
    data2(SDIV, d, n, m);
  }

  /** d = a + n * m. */
  public final void madd(Gp d, Gp n, Gp m, Gp a) {
    data3(MADD, d, n, m, a);
  }

  /** d = a - n * m. */
  public final void msub(Gp d, Gp n, Gp m, Gp a) {
    data3(MSUB, d, n, m, a);
  }

  /** d = n * m. */
  public final void mul(Gp d, Gp n, Gp m) {
    data3(MADD, d, n, m, zero(d));
  }

  /** d = -(n * m). */
  public final void mneg(Gp d, Gp n, Gp m) {
    data3(MSUB, d, n, m, zero(d));
  }

  /** d = a + n * m, signed. */
  public final void smaddl(X d, W n, W m, X a) {
    widening(SMADDL, d, n, m, a);
  }

  /** d = a + n * m, unsigned. */
  public final void umaddl(X d, W n, W m, X a) {
    widening(UMADDL, d, n, m, a);
  }

  /** d = n * m, signed. */
  public final void smull(X d, W n, W m) {
    widening(SMADDL, d, n, m, X.XZR);
  }

  /** d = n * m, unsigned. */
  public final void umull(X d, W n, W m) {
    widening(UMADDL, d, n, m, X.XZR);
  }

  /** d = (n * m) >> 64, signed. */
  public final void smulh(X d, X n, X m) {
    multiplyHigh(SMULH, d, n, m);
  }

  /** d = (n * m) >> 64, unsigned. */
  public final void umulh(X d, X n, X m) {
    multiplyHigh(UMULH, d, n, m);
  }

  // ---- conditions

  /** d = cond ? n : m. */
  public final void csel(Gp d, Gp n, Gp m, Cond cond) {
    select(CSEL, d, n, m, cond);
  }

  /** d = cond ? n : m + 1. */
  public final void csinc(Gp d, Gp n, Gp m, Cond cond) {
    select(CSINC, d, n, m, cond);
  }

  /** d = cond ? n : ~m. */
  public final void csinv(Gp d, Gp n, Gp m, Cond cond) {
    select(CSINV, d, n, m, cond);
  }

  /** d = cond ? n : -m. */
  public final void csneg(Gp d, Gp n, Gp m, Cond cond) {
    select(CSNEG, d, n, m, cond);
  }

  /** d = cond ? 1 : 0. */
  public final void cset(Gp d, Cond cond) {
    selectInverted(CSINC, d, zero(d), cond);
  }

  /** d = cond ? -1 : 0. */
  public final void csetm(Gp d, Cond cond) {
    selectInverted(CSINV, d, zero(d), cond);
  }

  /** d = cond ? n + 1 : n. */
  public final void cinc(Gp d, Gp n, Cond cond) {
    selectInverted(CSINC, d, n, cond);
  }

  /** Flags of n - m if cond holds, else the given ones (NZCV). */
  public final void ccmp(Gp n, Gp m, int flags, Cond cond) {
    conditionalCompare(CCMP, n, m, flags, cond);
  }

  /** Flags of n - immediate (0 to 31) if cond holds, else the given ones (NZCV). */
  public final void ccmp(Gp n, int immediate, int flags, Cond cond) {
    conditionalCompare(CCMP, n, immediate, flags, cond);
  }

  /** Flags of n + m if cond holds, else the given ones (NZCV). */
  public final void ccmn(Gp n, Gp m, int flags, Cond cond) {
    conditionalCompare(CCMN, n, m, flags, cond);
  }

  /** Flags of n + immediate (0 to 31) if cond holds, else the given ones (NZCV). */
  public final void ccmn(Gp n, int immediate, int flags, Cond cond) {
    conditionalCompare(CCMN, n, immediate, flags, cond);
  }
}
