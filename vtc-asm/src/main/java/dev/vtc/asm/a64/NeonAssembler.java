package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.NeonRows.*;

/**
 * Vector instructions on integers, lane by lane; i runs over the lanes of the result. FEAT_DotProd
 * and FEAT_I8MM are marked.
 */
abstract class NeonAssembler extends MemoryAssembler {
  // ---- bits; 8b and 16b

  /** d = n & m. */
  public final void and(Vec d, Vec n, Vec m) {
    same3(AND, d, n, m);
  }

  /** d = n & ~m. */
  public final void bic(Vec d, Vec n, Vec m) {
    same3(BIC, d, n, m);
  }

  /** d = n | m. */
  public final void orr(Vec d, Vec n, Vec m) {
    same3(ORR, d, n, m);
  }

  /** d = n | ~m. */
  public final void orn(Vec d, Vec n, Vec m) {
    same3(ORN, d, n, m);
  }

  /** d = n ^ m. */
  public final void eor(Vec d, Vec n, Vec m) {
    same3(EOR, d, n, m);
  }

  /** d = d & n | ~d & m: d selects n where 1, m where 0. */
  public final void bsl(Vec d, Vec n, Vec m) {
    same3(BSL, d, n, m);
  }

  /** d = m & n | ~m & d: n is inserted where m is 1. */
  public final void bit(Vec d, Vec n, Vec m) {
    same3(BIT, d, n, m);
  }

  /** d = ~m & n | m & d: n is inserted where m is 0. */
  public final void bif(Vec d, Vec n, Vec m) {
    same3(BIF, d, n, m);
  }

  /** d = n. */
  public final void mov(Vec d, Vec n) {
    same3(ORR, d, n, n);
  }

  /** d = ~n. */
  public final void mvn(Vec d, Vec n) {
    same2(MVN, d, n);
  }

  /** d[i] = number of ones in n[i]. */
  public final void cnt(Vec d, Vec n) {
    same2(CNT, d, n);
  }

  /** d[i] = n[i], its bits reversed. */
  public final void rbit(Vec d, Vec n) {
    same2(RBIT, d, n);
  }

  /** d[i] = number of leading zeros of n[i]. */
  public final void clz(Vec d, Vec n) {
    same2(CLZ, d, n);
  }

  /** d[i] = number of bits after the sign of n[i] that equal it. */
  public final void cls(Vec d, Vec n) {
    same2(CLS, d, n);
  }

  /** The lanes of each 64 bits in reverse order. */
  public final void rev64(Vec d, Vec n) {
    same2(REV64, d, n);
  }

  /** The lanes of each 32 bits in reverse order. */
  public final void rev32(Vec d, Vec n) {
    same2(REV32, d, n);
  }

  /** The lanes of each 16 bits in reverse order. */
  public final void rev16(Vec d, Vec n) {
    same2(REV16, d, n);
  }

  // ---- add, multiply, compare

  /** d[i] = n[i] + m[i]. */
  public final void add(Vec d, Vec n, Vec m) {
    same3(ADD, d, n, m);
  }

  /** d[i] = n[i] - m[i]. */
  public final void sub(Vec d, Vec n, Vec m) {
    same3(SUB, d, n, m);
  }

  /** d = the sums of neighbours in n, then in m. */
  public final void addp(Vec d, Vec n, Vec m) {
    same3(ADDP, d, n, m);
  }

  /** d[i] = n[i] * m[i]. */
  public final void mul(Vec d, Vec n, Vec m) {
    same3(MUL, d, n, m);
  }

  /** d[i] += n[i] * m[i]. */
  public final void mla(Vec d, Vec n, Vec m) {
    same3(MLA, d, n, m);
  }

  /** d[i] -= n[i] * m[i]. */
  public final void mls(Vec d, Vec n, Vec m) {
    same3(MLS, d, n, m);
  }

  /** d[i] = n[i] + m[i], signed, saturated. */
  public final void sqadd(Vec d, Vec n, Vec m) {
    same3(SQADD, d, n, m);
  }

  /** d[i] = n[i] + m[i], unsigned, saturated. */
  public final void uqadd(Vec d, Vec n, Vec m) {
    same3(UQADD, d, n, m);
  }

  /** d[i] = n[i] - m[i], signed, saturated. */
  public final void sqsub(Vec d, Vec n, Vec m) {
    same3(SQSUB, d, n, m);
  }

  /** d[i] = n[i] - m[i], unsigned, saturated. */
  public final void uqsub(Vec d, Vec n, Vec m) {
    same3(UQSUB, d, n, m);
  }

  /** d[i] = max(n[i], m[i]), signed. */
  public final void smax(Vec d, Vec n, Vec m) {
    same3(SMAX, d, n, m);
  }

  /** d[i] = min(n[i], m[i]), signed. */
  public final void smin(Vec d, Vec n, Vec m) {
    same3(SMIN, d, n, m);
  }

  /** d[i] = max(n[i], m[i]), unsigned. */
  public final void umax(Vec d, Vec n, Vec m) {
    same3(UMAX, d, n, m);
  }

  /** d[i] = min(n[i], m[i]), unsigned. */
  public final void umin(Vec d, Vec n, Vec m) {
    same3(UMIN, d, n, m);
  }

  /** d[i] = |n[i] - m[i]|, signed. */
  public final void sabd(Vec d, Vec n, Vec m) {
    same3(SABD, d, n, m);
  }

  /** d[i] = |n[i] - m[i]|, unsigned. */
  public final void uabd(Vec d, Vec n, Vec m) {
    same3(UABD, d, n, m);
  }

  /** d[i] = n[i] = m[i] ? -1 : 0. */
  public final void cmeq(Vec d, Vec n, Vec m) {
    same3(CMEQ, d, n, m);
  }

  /** d[i] = n[i] >= m[i] ? -1 : 0, signed. */
  public final void cmge(Vec d, Vec n, Vec m) {
    same3(CMGE, d, n, m);
  }

  /** d[i] = n[i] > m[i] ? -1 : 0, signed. */
  public final void cmgt(Vec d, Vec n, Vec m) {
    same3(CMGT, d, n, m);
  }

  /** d[i] = n[i] >= m[i] ? -1 : 0, unsigned. */
  public final void cmhs(Vec d, Vec n, Vec m) {
    same3(CMHS, d, n, m);
  }

  /** d[i] = n[i] > m[i] ? -1 : 0, unsigned. */
  public final void cmhi(Vec d, Vec n, Vec m) {
    same3(CMHI, d, n, m);
  }

  /** d[i] = (n[i] & m[i]) != 0 ? -1 : 0. */
  public final void cmtst(Vec d, Vec n, Vec m) {
    same3(CMTST, d, n, m);
  }

  /** d[i] = n[i] << m[i], signed; a negative m[i] (its low byte) shifts right. */
  public final void sshl(Vec d, Vec n, Vec m) {
    same3(SSHL, d, n, m);
  }

  /** d[i] = n[i] << m[i], unsigned; a negative m[i] (its low byte) shifts right. */
  public final void ushl(Vec d, Vec n, Vec m) {
    same3(USHL, d, n, m);
  }

  /** d[i] = n[i] = 0 ? -1 : 0. */
  public final void cmeq(Vec d, Vec n, int zero) {
    zero(CMEQ_ZERO, d, n, zero);
  }

  /** d[i] = n[i] >= 0 ? -1 : 0. */
  public final void cmge(Vec d, Vec n, int zero) {
    zero(CMGE_ZERO, d, n, zero);
  }

  /** d[i] = n[i] > 0 ? -1 : 0. */
  public final void cmgt(Vec d, Vec n, int zero) {
    zero(CMGT_ZERO, d, n, zero);
  }

  /** d[i] = n[i] <= 0 ? -1 : 0. */
  public final void cmle(Vec d, Vec n, int zero) {
    zero(CMLE_ZERO, d, n, zero);
  }

  /** d[i] = n[i] < 0 ? -1 : 0. */
  public final void cmlt(Vec d, Vec n, int zero) {
    zero(CMLT_ZERO, d, n, zero);
  }

  /** d[i] = |n[i]|. */
  public final void abs(Vec d, Vec n) {
    same2(ABS, d, n);
  }

  /** d[i] = -n[i]. */
  public final void neg(Vec d, Vec n) {
    same2(NEG, d, n);
  }

  /** d[i] = n[i] * m. */
  public final void mul(Vec d, Vec n, Lane m) {
    element(MUL_ELEMENT, d, n, m);
  }

  /** d[i] += n[i] * m. */
  public final void mla(Vec d, Vec n, Lane m) {
    element(MLA_ELEMENT, d, n, m);
  }

  /** d[i] -= n[i] * m. */
  public final void mls(Vec d, Vec n, Lane m) {
    element(MLS_ELEMENT, d, n, m);
  }

  // ---- dot products and matrix products of bytes

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[4i+j], signed by signed; FEAT_DotProd. */
  public final void sdot(Vec d, Vec n, Vec m) {
    dot(SDOT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[4i+j], unsigned by unsigned; FEAT_DotProd. */
  public final void udot(Vec d, Vec n, Vec m) {
    dot(UDOT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[4i+j], unsigned by signed; FEAT_I8MM. */
  public final void usdot(Vec d, Vec n, Vec m) {
    dot(USDOT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[j], signed by signed; FEAT_DotProd. */
  public final void sdot(Vec d, Vec n, Lane m) {
    dotElement(SDOT_ELEMENT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[j], unsigned by unsigned; FEAT_DotProd. */
  public final void udot(Vec d, Vec n, Lane m) {
    dotElement(UDOT_ELEMENT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[j], unsigned by signed; FEAT_I8MM. */
  public final void usdot(Vec d, Vec n, Lane m) {
    dotElement(USDOT_ELEMENT, d, n, m);
  }

  /** d[i] += sum over j = 0..3 of n[4i+j] * m[j], signed by unsigned; FEAT_I8MM. */
  public final void sudot(Vec d, Vec n, Lane m) {
    dotElement(SUDOT_ELEMENT, d, n, m);
  }

  /**
   * d[2r+c] += sum over j = 0..7 of n[8r+j] * m[8c+j] for r, c in 0..1, signed by signed;
   * FEAT_I8MM.
   */
  public final void smmla(Vec d, Vec n, Vec m) {
    matrixMultiply(SMMLA, d, n, m);
  }

  /**
   * d[2r+c] += sum over j = 0..7 of n[8r+j] * m[8c+j] for r, c in 0..1, unsigned by unsigned;
   * FEAT_I8MM.
   */
  public final void ummla(Vec d, Vec n, Vec m) {
    matrixMultiply(UMMLA, d, n, m);
  }

  /**
   * d[2r+c] += sum over j = 0..7 of n[8r+j] * m[8c+j] for r, c in 0..1, unsigned by signed;
   * FEAT_I8MM.
   */
  public final void usmmla(Vec d, Vec n, Vec m) {
    matrixMultiply(USMMLA, d, n, m);
  }
}
