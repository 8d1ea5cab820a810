package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.PermuteRows.*;

/** Vector instructions that move lanes, immediates, and vector structures in memory. */
abstract class PermuteAssembler extends WidenAssembler {
  // ---- permutations

  /** n and m interleaved, of their lower halves: d = n[0], m[0], n[1], m[1], ... */
  public final void zip1(Vec d, Vec n, Vec m) {
    same3(ZIP1, d, n, m);
  }

  /** n and m interleaved, of their upper halves. */
  public final void zip2(Vec d, Vec n, Vec m) {
    same3(ZIP2, d, n, m);
  }

  /** The even lanes of n, then of m. */
  public final void uzp1(Vec d, Vec n, Vec m) {
    same3(UZP1, d, n, m);
  }

  /** The odd lanes of n, then of m. */
  public final void uzp2(Vec d, Vec n, Vec m) {
    same3(UZP2, d, n, m);
  }

  /** d = n[0], m[0], n[2], m[2], ... */
  public final void trn1(Vec d, Vec n, Vec m) {
    same3(TRN1, d, n, m);
  }

  /** d = n[1], m[1], n[3], m[3], ... */
  public final void trn2(Vec d, Vec n, Vec m) {
    same3(TRN2, d, n, m);
  }

  /** d = bytes index, index+1, ... of n followed by m. */
  public final void ext(Vec d, Vec n, Vec m, int index) {
    extract(EXT, d, n, m, index);
  }

  /** d[i] = byte m[i] of the list, 0 beyond its end. */
  public final void tbl(Vec d, VecList n, Vec m) {
    table(TBL, d, n, m);
  }

  /** d[i] = byte m[i] of the list; beyond its end d[i] stays. */
  public final void tbx(Vec d, VecList n, Vec m) {
    table(TBX, d, n, m);
  }

  /** d[i] = byte m[i] of n, 0 beyond its end. */
  public final void tbl(Vec d, Vec n, Vec m) {
    table(TBL, d, new VecList(n), m);
  }

  // ---- lanes

  /** d[i] = n. */
  public final void dup(Vec d, Lane n) {
    duplicateLane(DUP_LANE, d, n);
  }

  /** d[i] = n. */
  public final void dup(Vec d, Gp n) {
    duplicateGeneral(DUP_GENERAL, d, n);
  }

  /** d = n; the rest of the vector register becomes 0. */
  public final void mov(Fp d, Lane n) {
    duplicateScalar(DUP_SCALAR, d, n);
  }

  /** d = n; the other lanes stay. */
  public final void ins(Lane d, Lane n) {
    insertLane(INS_LANE, d, n);
  }

  /** d = n; the other lanes stay. */
  public final void ins(Lane d, Gp n) {
    insertGeneral(INS_GENERAL, d, n);
  }

  /** d = n, zero-extended. */
  public final void umov(Gp d, Lane n) {
    moveLane(UMOV, d, n, false);
  }

  /** d = n, sign-extended. */
  public final void smov(Gp d, Lane n) {
    moveLane(SMOV, d, n, true);
  }

  // ---- immediates

  /** d[i] = immediate; 0 to 255, or for 2d a mask of bytes such as 0 and -1. */
  public final void movi(Vec d, int immediate) {
    if (d.arrangement == Arrangement.D2) {
      byteMask(MOVI_MASK, d, immediate);
    } else {
      modifiedImmediate(MOVI, d, immediate, 0, true);
    }
  }

  /** d[i] = immediate << lsl; lanes of 16 or 32 bits, 0 to 255, a multiple of 8. */
  public final void movi(Vec d, int immediate, int lsl) {
    modifiedImmediate(MOVI, d, immediate, lsl, false);
  }

  /** d[i] = ~immediate; 0 to 255. */
  public final void mvni(Vec d, int immediate) {
    modifiedImmediate(MVNI, d, immediate, 0, false);
  }

  /** d[i] = ~(immediate << lsl); lanes of 16 or 32 bits, 0 to 255, a multiple of 8. */
  public final void mvni(Vec d, int immediate, int lsl) {
    modifiedImmediate(MVNI, d, immediate, lsl, false);
  }

  /** d[i] |= immediate; 0 to 255. */
  public final void orr(Vec d, int immediate) {
    modifiedImmediate(ORR_IMMEDIATE, d, immediate, 0, false);
  }

  /** d[i] |= immediate << lsl; lanes of 16 or 32 bits, 0 to 255, a multiple of 8. */
  public final void orr(Vec d, int immediate, int lsl) {
    modifiedImmediate(ORR_IMMEDIATE, d, immediate, lsl, false);
  }

  /** d[i] &= ~immediate; 0 to 255. */
  public final void bic(Vec d, int immediate) {
    modifiedImmediate(BIC_IMMEDIATE, d, immediate, 0, false);
  }

  /** d[i] &= ~(immediate << lsl); lanes of 16 or 32 bits, 0 to 255, a multiple of 8. */
  public final void bic(Vec d, int immediate, int lsl) {
    modifiedImmediate(BIC_IMMEDIATE, d, immediate, lsl, false);
  }

  /** d[i] = immediate, whose every byte is 0 or 255; 2d. */
  public final void movi(Vec d, long immediate) {
    byteMask(MOVI_MASK, d, immediate);
  }

  /** d[i] = immediate: ±n/16 * 2^r, n in 16..31, r in -3..4. */
  public final void fmov(Vec d, double immediate) {
    floatImmediate(FMOV_IMMEDIATE, d, immediate);
  }

  // ---- structures in memory; post-index by the bytes accessed or by a register

  /** registers = memory, 1 to 4 whole registers. */
  public final void ld1(VecList t, Mem mem) {
    structure(LD1, t, mem);
  }

  /** registers = memory, 2 registers, their lanes alternating in memory. */
  public final void ld2(VecList t, Mem mem) {
    structure(LD2, t, mem);
  }

  /** registers = memory, 3 registers, their lanes alternating in memory. */
  public final void ld3(VecList t, Mem mem) {
    structure(LD3, t, mem);
  }

  /** registers = memory, 4 registers, their lanes alternating in memory. */
  public final void ld4(VecList t, Mem mem) {
    structure(LD4, t, mem);
  }

  /** lane = memory; the other lanes stay. */
  public final void ld1(Lane t, Mem mem) {
    laneAccess(LD1_LANE, t, mem);
  }

  /** memory = registers, 1 to 4 whole registers. */
  public final void st1(VecList t, Mem mem) {
    structure(ST1, t, mem);
  }

  /** memory = registers, 2 registers, their lanes alternating in memory. */
  public final void st2(VecList t, Mem mem) {
    structure(ST2, t, mem);
  }

  /** memory = registers, 3 registers, their lanes alternating in memory. */
  public final void st3(VecList t, Mem mem) {
    structure(ST3, t, mem);
  }

  /** memory = registers, 4 registers, their lanes alternating in memory. */
  public final void st4(VecList t, Mem mem) {
    structure(ST4, t, mem);
  }

  /** memory = lane. */
  public final void st1(Lane t, Mem mem) {
    laneAccess(ST1_LANE, t, mem);
  }

  /** All lanes = one value in memory. */
  public final void ld1r(VecList t, Mem mem) {
    replicate(LD1R, t, mem);
  }
}
