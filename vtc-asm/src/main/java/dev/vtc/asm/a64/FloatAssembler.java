package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.FloatRows.*;

/** Floating-point instructions on vectors (2s, 4s, 2d) and conversions. */
abstract class FloatAssembler extends PermuteAssembler {
  // ---- vectors, lane by lane

  /** d[i] = n[i] + m[i]. */
  public final void fadd(Vec d, Vec n, Vec m) {
    same3(FADD, d, n, m);
  }

  /** d[i] = n[i] - m[i]. */
  public final void fsub(Vec d, Vec n, Vec m) {
    same3(FSUB, d, n, m);
  }

  /** d[i] = n[i] * m[i]. */
  public final void fmul(Vec d, Vec n, Vec m) {
    same3(FMUL, d, n, m);
  }

  /** d[i] = n[i] / m[i]. */
  public final void fdiv(Vec d, Vec n, Vec m) {
    same3(FDIV, d, n, m);
  }

  /** d[i] += n[i] * m[i], rounded once. */
  public final void fmla(Vec d, Vec n, Vec m) {
    same3(FMLA, d, n, m);
  }

  /** d[i] -= n[i] * m[i], rounded once. */
  public final void fmls(Vec d, Vec n, Vec m) {
    same3(FMLS, d, n, m);
  }

  /** d[i] = max(n[i], m[i]), NaN if one is. */
  public final void fmax(Vec d, Vec n, Vec m) {
    same3(FMAX, d, n, m);
  }

  /** d[i] = min(n[i], m[i]), NaN if one is. */
  public final void fmin(Vec d, Vec n, Vec m) {
    same3(FMIN, d, n, m);
  }

  /** d[i] = max(n[i], m[i]), the number if one is a quiet NaN. */
  public final void fmaxnm(Vec d, Vec n, Vec m) {
    same3(FMAXNM, d, n, m);
  }

  /** d[i] = min(n[i], m[i]), the number if one is a quiet NaN. */
  public final void fminnm(Vec d, Vec n, Vec m) {
    same3(FMINNM, d, n, m);
  }

  /** d[i] = |n[i] - m[i]|. */
  public final void fabd(Vec d, Vec n, Vec m) {
    same3(FABD, d, n, m);
  }

  /** d = the sums of neighbours in n, then in m. */
  public final void faddp(Vec d, Vec n, Vec m) {
    same3(FADDP, d, n, m);
  }

  /** d = the greater of neighbours in n, then in m. */
  public final void fmaxp(Vec d, Vec n, Vec m) {
    same3(FMAXP, d, n, m);
  }

  /** d = the lesser of neighbours in n, then in m. */
  public final void fminp(Vec d, Vec n, Vec m) {
    same3(FMINP, d, n, m);
  }

  /** As fmaxp; the number if one is a quiet NaN. */
  public final void fmaxnmp(Vec d, Vec n, Vec m) {
    same3(FMAXNMP, d, n, m);
  }

  /** As fminp; the number if one is a quiet NaN. */
  public final void fminnmp(Vec d, Vec n, Vec m) {
    same3(FMINNMP, d, n, m);
  }

  /** d[i] = n[i] = m[i] ? -1 : 0. */
  public final void fcmeq(Vec d, Vec n, Vec m) {
    same3(FCMEQ, d, n, m);
  }

  /** d[i] = n[i] >= m[i] ? -1 : 0. */
  public final void fcmge(Vec d, Vec n, Vec m) {
    same3(FCMGE, d, n, m);
  }

  /** d[i] = n[i] > m[i] ? -1 : 0. */
  public final void fcmgt(Vec d, Vec n, Vec m) {
    same3(FCMGT, d, n, m);
  }

  /** d[i] = |n[i]| >= |m[i]| ? -1 : 0. */
  public final void facge(Vec d, Vec n, Vec m) {
    same3(FACGE, d, n, m);
  }

  /** d[i] = |n[i]| > |m[i]| ? -1 : 0. */
  public final void facgt(Vec d, Vec n, Vec m) {
    same3(FACGT, d, n, m);
  }

  /** d[i] = |n[i]|. */
  public final void fabs(Vec d, Vec n) {
    same2(FABS, d, n);
  }

  /** d[i] = -n[i]. */
  public final void fneg(Vec d, Vec n) {
    same2(FNEG, d, n);
  }

  /** d[i] = the square root of n[i]. */
  public final void fsqrt(Vec d, Vec n) {
    same2(FSQRT, d, n);
  }

  /** d[i] = n[i] to the nearest integer, ties to even. */
  public final void frintn(Vec d, Vec n) {
    same2(FRINTN, d, n);
  }

  /** d[i] = n[i] to an integer, down. */
  public final void frintm(Vec d, Vec n) {
    same2(FRINTM, d, n);
  }

  /** d[i] = n[i] to an integer, up. */
  public final void frintp(Vec d, Vec n) {
    same2(FRINTP, d, n);
  }

  /** d[i] = n[i] to an integer, toward 0. */
  public final void frintz(Vec d, Vec n) {
    same2(FRINTZ, d, n);
  }

  /** d[i] = n[i] to the nearest integer, ties away from 0. */
  public final void frinta(Vec d, Vec n) {
    same2(FRINTA, d, n);
  }

  /** d[i] = n[i] to an integer in the current mode, inexact signalled. */
  public final void frintx(Vec d, Vec n) {
    same2(FRINTX, d, n);
  }

  /** d[i] = n[i] to an integer in the current mode. */
  public final void frinti(Vec d, Vec n) {
    same2(FRINTI, d, n);
  }

  /** d[i] = the integer n[i], signed. */
  public final void scvtf(Vec d, Vec n) {
    same2(SCVTF, d, n);
  }

  /** d[i] = the integer n[i], unsigned. */
  public final void ucvtf(Vec d, Vec n) {
    same2(UCVTF, d, n);
  }

  /** d[i] = n[i] as an integer, nearest, ties to even, saturated. */
  public final void fcvtns(Vec d, Vec n) {
    same2(FCVTNS, d, n);
  }

  /** d[i] = n[i] as an integer, nearest, ties away from 0, saturated. */
  public final void fcvtas(Vec d, Vec n) {
    same2(FCVTAS, d, n);
  }

  /** d[i] = n[i] as an integer, down, saturated. */
  public final void fcvtms(Vec d, Vec n) {
    same2(FCVTMS, d, n);
  }

  /** d[i] = n[i] as an integer, toward 0, saturated. */
  public final void fcvtzs(Vec d, Vec n) {
    same2(FCVTZS, d, n);
  }

  /** d[i] = n[i] as an unsigned integer, toward 0, saturated. */
  public final void fcvtzu(Vec d, Vec n) {
    same2(FCVTZU, d, n);
  }

  /** d[i] = n[i] = 0.0 ? -1 : 0. */
  public final void fcmeq(Vec d, Vec n, double zero) {
    zero(FCMEQ_ZERO, d, n, zero);
  }

  /** d[i] = n[i] >= 0.0 ? -1 : 0. */
  public final void fcmge(Vec d, Vec n, double zero) {
    zero(FCMGE_ZERO, d, n, zero);
  }

  /** d[i] = n[i] > 0.0 ? -1 : 0. */
  public final void fcmgt(Vec d, Vec n, double zero) {
    zero(FCMGT_ZERO, d, n, zero);
  }

  /** d[i] = n[i] <= 0.0 ? -1 : 0. */
  public final void fcmle(Vec d, Vec n, double zero) {
    zero(FCMLE_ZERO, d, n, zero);
  }

  /** d[i] = n[i] < 0.0 ? -1 : 0. */
  public final void fcmlt(Vec d, Vec n, double zero) {
    zero(FCMLT_ZERO, d, n, zero);
  }

  // ---- by element

  /** d[i] = n[i] * m. */
  public final void fmul(Vec d, Vec n, Lane m) {
    element(FMUL_ELEMENT, d, n, m);
  }

  /** d = n * m. */
  public final void fmul(Fp d, Fp n, Lane m) {
    elementScalar(FMUL_ELEMENT_SCALAR, d, n, m);
  }

  /** d[i] += n[i] * m, rounded once. */
  public final void fmla(Vec d, Vec n, Lane m) {
    element(FMLA_ELEMENT, d, n, m);
  }

  /** d += n * m, rounded once. */
  public final void fmla(Fp d, Fp n, Lane m) {
    elementScalar(FMLA_ELEMENT_SCALAR, d, n, m);
  }

  /** d[i] -= n[i] * m, rounded once. */
  public final void fmls(Vec d, Vec n, Lane m) {
    element(FMLS_ELEMENT, d, n, m);
  }

  /** d -= n * m, rounded once. */
  public final void fmls(Fp d, Fp n, Lane m) {
    elementScalar(FMLS_ELEMENT_SCALAR, d, n, m);
  }

  // ---- reductions

  /** d = the greatest of 4 lanes, NaN if one is. */
  public final void fmaxv(Fp d, Vec n) {
    across(FMAXV, d, n);
  }

  /** d = the least of 4 lanes, NaN if one is. */
  public final void fminv(Fp d, Vec n) {
    across(FMINV, d, n);
  }

  /** d = the greatest of 4 lanes, quiet NaNs left out. */
  public final void fmaxnmv(Fp d, Vec n) {
    across(FMAXNMV, d, n);
  }

  /** d = the least of 4 lanes, quiet NaNs left out. */
  public final void fminnmv(Fp d, Vec n) {
    across(FMINNMV, d, n);
  }

  /** d = n[0] + n[1]. */
  public final void faddp(Fp d, Vec n) {
    pairScalar(FADDP_SCALAR, d, n);
  }

  /** d = the greater of n[0] and n[1]. */
  public final void fmaxp(Fp d, Vec n) {
    pairScalar(FMAXP_SCALAR, d, n);
  }

  /** d = the lesser of n[0] and n[1]. */
  public final void fminp(Fp d, Vec n) {
    pairScalar(FMINP_SCALAR, d, n);
  }

  // ---- change of precision

  /** d[i] = n[i], half to single or single to double precision. */
  public final void fcvtl(Vec d, Vec n) {
    long2(FCVTL, d, n);
  }

  /** d[i] = n[i], half to single or single to double precision; upper half of n. */
  public final void fcvtl2(Vec d, Vec n) {
    long2(FCVTL2, d, n);
  }

  /**
   * d[i] = n[i], single to half or double to single precision, rounded; the upper half of d becomes
   * 0.
   */
  public final void fcvtn(Vec d, Vec n) {
    narrow2(FCVTN, d, n);
  }

  /**
   * d[i] = n[i], single to half or double to single precision, rounded; into the upper half of d.
   */
  public final void fcvtn2(Vec d, Vec n) {
    narrow2(FCVTN2, d, n);
  }
}
