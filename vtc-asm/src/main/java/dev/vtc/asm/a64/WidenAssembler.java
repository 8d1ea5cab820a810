package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.WidenRows.*;

/**
 * Vector instructions on integers that widen or narrow lanes, shift by a constant, or reduce. A
 * name that ends in 2 uses the upper half of its narrow operands.
 */
abstract class WidenAssembler extends NeonAssembler {
  /** d[i] = n[i] + m[i], signed, of twice the size. */
  public final void saddl(Vec d, Vec n, Vec m) {
    long3(SADDL, d, n, m);
  }

  /** d[i] = n[i] + m[i], signed, of twice the size; upper halves. */
  public final void saddl2(Vec d, Vec n, Vec m) {
    long3(SADDL2, d, n, m);
  }

  /** d[i] = n[i] + m[i], unsigned, of twice the size. */
  public final void uaddl(Vec d, Vec n, Vec m) {
    long3(UADDL, d, n, m);
  }

  /** d[i] = n[i] + m[i], unsigned, of twice the size; upper halves. */
  public final void uaddl2(Vec d, Vec n, Vec m) {
    long3(UADDL2, d, n, m);
  }

  /** d[i] = n[i] - m[i], signed, of twice the size. */
  public final void ssubl(Vec d, Vec n, Vec m) {
    long3(SSUBL, d, n, m);
  }

  /** d[i] = n[i] - m[i], signed, of twice the size; upper halves. */
  public final void ssubl2(Vec d, Vec n, Vec m) {
    long3(SSUBL2, d, n, m);
  }

  /** d[i] = n[i] - m[i], unsigned, of twice the size. */
  public final void usubl(Vec d, Vec n, Vec m) {
    long3(USUBL, d, n, m);
  }

  /** d[i] = n[i] - m[i], unsigned, of twice the size; upper halves. */
  public final void usubl2(Vec d, Vec n, Vec m) {
    long3(USUBL2, d, n, m);
  }

  /** d[i] = n[i] * m[i], signed, of twice the size. */
  public final void smull(Vec d, Vec n, Vec m) {
    long3(SMULL, d, n, m);
  }

  /** d[i] = n[i] * m[i], signed, of twice the size; upper halves. */
  public final void smull2(Vec d, Vec n, Vec m) {
    long3(SMULL2, d, n, m);
  }

  /** d[i] = n[i] * m[i], unsigned, of twice the size. */
  public final void umull(Vec d, Vec n, Vec m) {
    long3(UMULL, d, n, m);
  }

  /** d[i] = n[i] * m[i], unsigned, of twice the size; upper halves. */
  public final void umull2(Vec d, Vec n, Vec m) {
    long3(UMULL2, d, n, m);
  }

  /** d[i] += n[i] * m[i], signed, of twice the size. */
  public final void smlal(Vec d, Vec n, Vec m) {
    long3(SMLAL, d, n, m);
  }

  /** d[i] += n[i] * m[i], signed, of twice the size; upper halves. */
  public final void smlal2(Vec d, Vec n, Vec m) {
    long3(SMLAL2, d, n, m);
  }

  /** d[i] += n[i] * m[i], unsigned, of twice the size. */
  public final void umlal(Vec d, Vec n, Vec m) {
    long3(UMLAL, d, n, m);
  }

  /** d[i] += n[i] * m[i], unsigned, of twice the size; upper halves. */
  public final void umlal2(Vec d, Vec n, Vec m) {
    long3(UMLAL2, d, n, m);
  }

  /** d[i] -= n[i] * m[i], signed, of twice the size. */
  public final void smlsl(Vec d, Vec n, Vec m) {
    long3(SMLSL, d, n, m);
  }

  /** d[i] -= n[i] * m[i], signed, of twice the size; upper halves. */
  public final void smlsl2(Vec d, Vec n, Vec m) {
    long3(SMLSL2, d, n, m);
  }

  /** d[i] -= n[i] * m[i], unsigned, of twice the size. */
  public final void umlsl(Vec d, Vec n, Vec m) {
    long3(UMLSL, d, n, m);
  }

  /** d[i] -= n[i] * m[i], unsigned, of twice the size; upper halves. */
  public final void umlsl2(Vec d, Vec n, Vec m) {
    long3(UMLSL2, d, n, m);
  }

  /** d[i] = n[i] + m[i], m signed and of half the size. */
  public final void saddw(Vec d, Vec n, Vec m) {
    wide3(SADDW, d, n, m);
  }

  /** d[i] = n[i] + m[i], m signed and of half the size; its upper half. */
  public final void saddw2(Vec d, Vec n, Vec m) {
    wide3(SADDW2, d, n, m);
  }

  /** d[i] = n[i] + m[i], m unsigned and of half the size. */
  public final void uaddw(Vec d, Vec n, Vec m) {
    wide3(UADDW, d, n, m);
  }

  /** d[i] = n[i] + m[i], m unsigned and of half the size; its upper half. */
  public final void uaddw2(Vec d, Vec n, Vec m) {
    wide3(UADDW2, d, n, m);
  }

  // ---- by element

  /** d[i] = n[i] * m, signed, of twice the size. */
  public final void smull(Vec d, Vec n, Lane m) {
    elementLong(SMULL_ELEMENT, d, n, m);
  }

  /** d[i] = n[i] * m, signed, of twice the size; upper half of n. */
  public final void smull2(Vec d, Vec n, Lane m) {
    elementLong(SMULL2_ELEMENT, d, n, m);
  }

  /** d[i] = n[i] * m, unsigned, of twice the size. */
  public final void umull(Vec d, Vec n, Lane m) {
    elementLong(UMULL_ELEMENT, d, n, m);
  }

  /** d[i] = n[i] * m, unsigned, of twice the size; upper half of n. */
  public final void umull2(Vec d, Vec n, Lane m) {
    elementLong(UMULL2_ELEMENT, d, n, m);
  }

  /** d[i] += n[i] * m, signed, of twice the size. */
  public final void smlal(Vec d, Vec n, Lane m) {
    elementLong(SMLAL_ELEMENT, d, n, m);
  }

  /** d[i] += n[i] * m, signed, of twice the size; upper half of n. */
  public final void smlal2(Vec d, Vec n, Lane m) {
    elementLong(SMLAL2_ELEMENT, d, n, m);
  }

  /** d[i] += n[i] * m, unsigned, of twice the size. */
  public final void umlal(Vec d, Vec n, Lane m) {
    elementLong(UMLAL_ELEMENT, d, n, m);
  }

  /** d[i] += n[i] * m, unsigned, of twice the size; upper half of n. */
  public final void umlal2(Vec d, Vec n, Lane m) {
    elementLong(UMLAL2_ELEMENT, d, n, m);
  }

  /** d[i] -= n[i] * m, signed, of twice the size. */
  public final void smlsl(Vec d, Vec n, Lane m) {
    elementLong(SMLSL_ELEMENT, d, n, m);
  }

  /** d[i] -= n[i] * m, signed, of twice the size; upper half of n. */
  public final void smlsl2(Vec d, Vec n, Lane m) {
    elementLong(SMLSL2_ELEMENT, d, n, m);
  }

  /** d[i] -= n[i] * m, unsigned, of twice the size. */
  public final void umlsl(Vec d, Vec n, Lane m) {
    elementLong(UMLSL_ELEMENT, d, n, m);
  }

  /** d[i] -= n[i] * m, unsigned, of twice the size; upper half of n. */
  public final void umlsl2(Vec d, Vec n, Lane m) {
    elementLong(UMLSL2_ELEMENT, d, n, m);
  }

  // ---- pairs, reductions

  /** d[i] = n[2i] + n[2i+1], signed, of twice the size. */
  public final void saddlp(Vec d, Vec n) {
    pairLong(SADDLP, d, n);
  }

  /** d[i] = n[2i] + n[2i+1], unsigned, of twice the size. */
  public final void uaddlp(Vec d, Vec n) {
    pairLong(UADDLP, d, n);
  }

  /** d[i] += n[2i] + n[2i+1], signed, of twice the size. */
  public final void sadalp(Vec d, Vec n) {
    pairLong(SADALP, d, n);
  }

  /** d[i] += n[2i] + n[2i+1], unsigned, of twice the size. */
  public final void uadalp(Vec d, Vec n) {
    pairLong(UADALP, d, n);
  }

  /** d = the sum of the lanes. */
  public final void addv(Fp d, Vec n) {
    across(ADDV, d, n);
  }

  /** d = the greatest lane, signed. */
  public final void smaxv(Fp d, Vec n) {
    across(SMAXV, d, n);
  }

  /** d = the least lane, signed. */
  public final void sminv(Fp d, Vec n) {
    across(SMINV, d, n);
  }

  /** d = the greatest lane, unsigned. */
  public final void umaxv(Fp d, Vec n) {
    across(UMAXV, d, n);
  }

  /** d = the least lane, unsigned. */
  public final void uminv(Fp d, Vec n) {
    across(UMINV, d, n);
  }

  /** d = the sum of the lanes, signed, of twice the size. */
  public final void saddlv(Fp d, Vec n) {
    across(SADDLV, d, n);
  }

  /** d = the sum of the lanes, unsigned, of twice the size. */
  public final void uaddlv(Fp d, Vec n) {
    across(UADDLV, d, n);
  }

  /** d = n[0] + n[1], of 2d. */
  public final void addp(D d, Vec n) {
    pairScalar(ADDP_SCALAR, d, n);
  }

  // ---- widen and narrow

  /** d[i] = the low half of n[i]; the upper half of d becomes 0. */
  public final void xtn(Vec d, Vec n) {
    narrow2(XTN, d, n);
  }

  /** d[i] = the low half of n[i]; into the upper half of d. */
  public final void xtn2(Vec d, Vec n) {
    narrow2(XTN2, d, n);
  }

  /** d[i] = n[i], signed, saturated to half the size; the upper half of d becomes 0. */
  public final void sqxtn(Vec d, Vec n) {
    narrow2(SQXTN, d, n);
  }

  /** d[i] = n[i], signed, saturated to half the size; into the upper half of d. */
  public final void sqxtn2(Vec d, Vec n) {
    narrow2(SQXTN2, d, n);
  }

  /** d[i] = n[i], unsigned, saturated to half the size; the upper half of d becomes 0. */
  public final void uqxtn(Vec d, Vec n) {
    narrow2(UQXTN, d, n);
  }

  /** d[i] = n[i], unsigned, saturated to half the size; into the upper half of d. */
  public final void uqxtn2(Vec d, Vec n) {
    narrow2(UQXTN2, d, n);
  }

  /**
   * d[i] = n[i], signed, saturated to the unsigned range of half the size; the upper half of d
   * becomes 0.
   */
  public final void sqxtun(Vec d, Vec n) {
    narrow2(SQXTUN, d, n);
  }

  /**
   * d[i] = n[i], signed, saturated to the unsigned range of half the size; into the upper half of
   * d.
   */
  public final void sqxtun2(Vec d, Vec n) {
    narrow2(SQXTUN2, d, n);
  }

  /** d[i] = n[i] << shift, of twice the size; the shift is the size of the lanes. */
  public final void shll(Vec d, Vec n, int shift) {
    long2Shifted(SHLL, d, n, shift);
  }

  /** d[i] = n[i] << shift, of twice the size; the shift is the size of the lanes. */
  public final void shll2(Vec d, Vec n, int shift) {
    long2Shifted(SHLL2, d, n, shift);
  }

  // ---- shift by a constant

  /** d[i] = n[i] << shift. */
  public final void shl(Vec d, Vec n, int shift) {
    shiftLeft(SHL, d, n, shift);
  }

  /** d[i] = n[i] << shift | low bits of d[i]. */
  public final void sli(Vec d, Vec n, int shift) {
    shiftLeft(SLI, d, n, shift);
  }

  /** d[i] = n[i] >> shift. */
  public final void sshr(Vec d, Vec n, int shift) {
    shiftRight(SSHR, d, n, shift);
  }

  /** d[i] = n[i] >>> shift. */
  public final void ushr(Vec d, Vec n, int shift) {
    shiftRight(USHR, d, n, shift);
  }

  /** d[i] += n[i] >> shift. */
  public final void ssra(Vec d, Vec n, int shift) {
    shiftRight(SSRA, d, n, shift);
  }

  /** d[i] += n[i] >>> shift. */
  public final void usra(Vec d, Vec n, int shift) {
    shiftRight(USRA, d, n, shift);
  }

  /** d[i] = n[i] >> shift, rounded. */
  public final void srshr(Vec d, Vec n, int shift) {
    shiftRight(SRSHR, d, n, shift);
  }

  /** d[i] = n[i] >>> shift, rounded. */
  public final void urshr(Vec d, Vec n, int shift) {
    shiftRight(URSHR, d, n, shift);
  }

  /** d[i] = n[i] >>> shift | high bits of d[i]. */
  public final void sri(Vec d, Vec n, int shift) {
    shiftRight(SRI, d, n, shift);
  }

  /** d[i] = n[i] << shift, signed, of twice the size. */
  public final void sshll(Vec d, Vec n, int shift) {
    shiftLong(SSHLL, d, n, shift);
  }

  /** d[i] = n[i] << shift, signed, of twice the size; upper half of n. */
  public final void sshll2(Vec d, Vec n, int shift) {
    shiftLong(SSHLL2, d, n, shift);
  }

  /** d[i] = n[i] << shift, unsigned, of twice the size. */
  public final void ushll(Vec d, Vec n, int shift) {
    shiftLong(USHLL, d, n, shift);
  }

  /** d[i] = n[i] << shift, unsigned, of twice the size; upper half of n. */
  public final void ushll2(Vec d, Vec n, int shift) {
    shiftLong(USHLL2, d, n, shift);
  }

  /** d[i] = n[i], signed, of twice the size. */
  public final void sxtl(Vec d, Vec n) {
    shiftLong(SSHLL, d, n, 0);
  }

  /** d[i] = n[i], signed, of twice the size; upper half of n. */
  public final void sxtl2(Vec d, Vec n) {
    shiftLong(SSHLL2, d, n, 0);
  }

  /** d[i] = n[i], unsigned, of twice the size. */
  public final void uxtl(Vec d, Vec n) {
    shiftLong(USHLL, d, n, 0);
  }

  /** d[i] = n[i], unsigned, of twice the size; upper half of n. */
  public final void uxtl2(Vec d, Vec n) {
    shiftLong(USHLL2, d, n, 0);
  }

  /** d[i] = the low half of n[i] >> shift; the upper half of d becomes 0. */
  public final void shrn(Vec d, Vec n, int shift) {
    shiftNarrow(SHRN, d, n, shift);
  }

  /** d[i] = the low half of n[i] >> shift; into the upper half of d. */
  public final void shrn2(Vec d, Vec n, int shift) {
    shiftNarrow(SHRN2, d, n, shift);
  }

  /** d[i] = the low half of n[i] >> shift, rounded; the upper half of d becomes 0. */
  public final void rshrn(Vec d, Vec n, int shift) {
    shiftNarrow(RSHRN, d, n, shift);
  }

  /** d[i] = the low half of n[i] >> shift, rounded; into the upper half of d. */
  public final void rshrn2(Vec d, Vec n, int shift) {
    shiftNarrow(RSHRN2, d, n, shift);
  }

  /** d[i] = n[i] >> shift, signed, saturated; the upper half of d becomes 0. */
  public final void sqshrn(Vec d, Vec n, int shift) {
    shiftNarrow(SQSHRN, d, n, shift);
  }

  /** d[i] = n[i] >> shift, signed, saturated; into the upper half of d. */
  public final void sqshrn2(Vec d, Vec n, int shift) {
    shiftNarrow(SQSHRN2, d, n, shift);
  }

  /** d[i] = n[i] >>> shift, unsigned, saturated; the upper half of d becomes 0. */
  public final void uqshrn(Vec d, Vec n, int shift) {
    shiftNarrow(UQSHRN, d, n, shift);
  }

  /** d[i] = n[i] >>> shift, unsigned, saturated; into the upper half of d. */
  public final void uqshrn2(Vec d, Vec n, int shift) {
    shiftNarrow(UQSHRN2, d, n, shift);
  }
}
