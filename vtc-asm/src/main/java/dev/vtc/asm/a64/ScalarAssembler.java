package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.ScalarRows.*;

/**
 * Scalar floating-point instructions (s and d; conversions also of h). The rest of a vector
 * register that is written becomes 0.
 */
abstract class ScalarAssembler extends FloatAssembler {
  // ---- arithmetic

  /** d = n * m. */
  public final void fmul(Fp d, Fp n, Fp m) {
    float2(FMUL, d, n, m);
  }

  /** d = n / m. */
  public final void fdiv(Fp d, Fp n, Fp m) {
    float2(FDIV, d, n, m);
  }

  /** d = n + m. */
  public final void fadd(Fp d, Fp n, Fp m) {
    float2(FADD, d, n, m);
  }

  /** d = n - m. */
  public final void fsub(Fp d, Fp n, Fp m) {
    float2(FSUB, d, n, m);
  }

  /** d = max(n, m), NaN if one is. */
  public final void fmax(Fp d, Fp n, Fp m) {
    float2(FMAX, d, n, m);
  }

  /** d = min(n, m), NaN if one is. */
  public final void fmin(Fp d, Fp n, Fp m) {
    float2(FMIN, d, n, m);
  }

  /** d = max(n, m), the number if one is a quiet NaN. */
  public final void fmaxnm(Fp d, Fp n, Fp m) {
    float2(FMAXNM, d, n, m);
  }

  /** d = min(n, m), the number if one is a quiet NaN. */
  public final void fminnm(Fp d, Fp n, Fp m) {
    float2(FMINNM, d, n, m);
  }

  /** d = -(n * m). */
  public final void fnmul(Fp d, Fp n, Fp m) {
    float2(FNMUL, d, n, m);
  }

  /** d = |n|. */
  public final void fabs(Fp d, Fp n) {
    float1(FABS, d, n);
  }

  /** d = -n. */
  public final void fneg(Fp d, Fp n) {
    float1(FNEG, d, n);
  }

  /** d = the square root of n. */
  public final void fsqrt(Fp d, Fp n) {
    float1(FSQRT, d, n);
  }

  /** d = n to the nearest integer, ties to even. */
  public final void frintn(Fp d, Fp n) {
    float1(FRINTN, d, n);
  }

  /** d = n to an integer, up. */
  public final void frintp(Fp d, Fp n) {
    float1(FRINTP, d, n);
  }

  /** d = n to an integer, down. */
  public final void frintm(Fp d, Fp n) {
    float1(FRINTM, d, n);
  }

  /** d = n to an integer, toward 0. */
  public final void frintz(Fp d, Fp n) {
    float1(FRINTZ, d, n);
  }

  /** d = n to the nearest integer, ties away from 0. */
  public final void frinta(Fp d, Fp n) {
    float1(FRINTA, d, n);
  }

  /** d = n to an integer in the current mode, inexact signalled. */
  public final void frintx(Fp d, Fp n) {
    float1(FRINTX, d, n);
  }

  /** d = n to an integer in the current mode. */
  public final void frinti(Fp d, Fp n) {
    float1(FRINTI, d, n);
  }

  /** d = a + n * m, rounded once. */
  public final void fmadd(Fp d, Fp n, Fp m, Fp a) {
    float3(FMADD, d, n, m, a);
  }

  /** d = a - n * m, rounded once. */
  public final void fmsub(Fp d, Fp n, Fp m, Fp a) {
    float3(FMSUB, d, n, m, a);
  }

  /** d = -a - n * m, rounded once. */
  public final void fnmadd(Fp d, Fp n, Fp m, Fp a) {
    float3(FNMADD, d, n, m, a);
  }

  /** d = -a + n * m, rounded once. */
  public final void fnmsub(Fp d, Fp n, Fp m, Fp a) {
    float3(FNMSUB, d, n, m, a);
  }

  // ---- compare and select

  /** Flags of n compared with m; NaN: C and V. */
  public final void fcmp(Fp n, Fp m) {
    floatCompare(FCMP, n, m);
  }

  /** Flags of n compared with 0.0; NaN: C and V. */
  public final void fcmp(Fp n, double zero) {
    floatCompareZero(FCMP, n, zero);
  }

  /** d = cond ? n : m. */
  public final void fcsel(Fp d, Fp n, Fp m, Cond cond) {
    floatSelect(FCSEL, d, n, m, cond);
  }

  // ---- moves and conversions

  /** d = n. */
  public final void fmov(Fp d, Fp n) {
    float1(FMOV, d, n);
  }

  /** d = immediate: ±n/16 * 2^r, n in 16..31, r in -3..4. */
  public final void fmov(Fp d, double immediate) {
    floatScalarImmediate(FMOV_IMMEDIATE_SCALAR, d, immediate);
  }

  /** d = the bits of n. */
  public final void fmov(Fp d, Gp n) {
    floatFromGeneral(FMOV_GENERAL, d, n);
  }

  /** d = the bits of n. */
  public final void fmov(Gp d, Fp n) {
    floatToGeneral(FMOV_GENERAL, d, n);
  }

  /** d = n in another precision: h, s, d. */
  public final void fcvt(Fp d, Fp n) {
    floatConvert(FCVT, d, n);
  }

  /** d = the integer n, signed. */
  public final void scvtf(Fp d, Gp n) {
    integerToFloat(SCVTF_GENERAL, d, n);
  }

  /** d = the integer n, unsigned. */
  public final void ucvtf(Fp d, Gp n) {
    integerToFloat(UCVTF_GENERAL, d, n);
  }

  /** d = n as an integer, nearest, ties to even, saturated. */
  public final void fcvtns(Gp d, Fp n) {
    floatToInteger(FCVTNS_GENERAL, d, n);
  }

  /** d = n as an integer, nearest, ties away from 0, saturated. */
  public final void fcvtas(Gp d, Fp n) {
    floatToInteger(FCVTAS_GENERAL, d, n);
  }

  /** d = n as an integer, down, saturated. */
  public final void fcvtms(Gp d, Fp n) {
    floatToInteger(FCVTMS_GENERAL, d, n);
  }

  /** d = n as an integer, up, saturated. */
  public final void fcvtps(Gp d, Fp n) {
    floatToInteger(FCVTPS_GENERAL, d, n);
  }

  /** d = n as an integer, toward 0, saturated. */
  public final void fcvtzs(Gp d, Fp n) {
    floatToInteger(FCVTZS_GENERAL, d, n);
  }

  /** d = n as an integer, unsigned, toward 0, saturated. */
  public final void fcvtzu(Gp d, Fp n) {
    floatToInteger(FCVTZU_GENERAL, d, n);
  }

  /** d = the integer bits of n, signed. */
  public final void scvtf(Fp d, Fp n) {
    float1(SCVTF_SCALAR, d, n);
  }

  /** d = the integer bits of n, unsigned. */
  public final void ucvtf(Fp d, Fp n) {
    float1(UCVTF_SCALAR, d, n);
  }

  /** d = n as integer bits, nearest, ties to even, saturated. */
  public final void fcvtns(Fp d, Fp n) {
    float1(FCVTNS_SCALAR, d, n);
  }

  /** d = n as integer bits, nearest, ties away from 0, saturated. */
  public final void fcvtas(Fp d, Fp n) {
    float1(FCVTAS_SCALAR, d, n);
  }

  /** d = n as integer bits, toward 0, saturated. */
  public final void fcvtzs(Fp d, Fp n) {
    float1(FCVTZS_SCALAR, d, n);
  }
}
