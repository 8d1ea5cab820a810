package dev.vtc.asm.x64;

/**
 * Float arithmetic, comparisons and conversions, one method each. In {@code vfmadd132ps(d, a, b)}
 * the digits name the operands: 132 is d = d*b + a, 213 is d = a*d + b, 231 is d = a*b + d.
 */
public abstract sealed class FloatInstructions extends ShuffleInstructions
    permits IntegerInstructions {
  FloatInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d = a + b, f32. */
  public final void vaddps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VADDPS, d, a, b);
  }

  /** d = a + b, f64. */
  public final void vaddpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VADDPD, d, a, b);
  }

  /** d = a + b, f32 (lowest lane; the others from a). */
  public final void vaddss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VADDSS, d, a, b);
  }

  /** d = a + b, f64 (lowest lane; the others from a). */
  public final void vaddsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VADDSD, d, a, b);
  }

  /** d = a * b, f32. */
  public final void vmulps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMULPS, d, a, b);
  }

  /** d = a * b, f64. */
  public final void vmulpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMULPD, d, a, b);
  }

  /** d = a * b, f32 (lowest lane; the others from a). */
  public final void vmulss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMULSS, d, a, b);
  }

  /** d = a * b, f64 (lowest lane; the others from a). */
  public final void vmulsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMULSD, d, a, b);
  }

  /** d = a - b, f32. */
  public final void vsubps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSUBPS, d, a, b);
  }

  /** d = a - b, f64. */
  public final void vsubpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSUBPD, d, a, b);
  }

  /** d = a - b, f32 (lowest lane; the others from a). */
  public final void vsubss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSUBSS, d, a, b);
  }

  /** d = a - b, f64 (lowest lane; the others from a). */
  public final void vsubsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSUBSD, d, a, b);
  }

  /** d = a &lt; b ? a : b, f32; so b if either is NaN or both are zero. */
  public final void vminps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMINPS, d, a, b);
  }

  /** d = a &lt; b ? a : b, f64; so b if either is NaN or both are zero. */
  public final void vminpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMINPD, d, a, b);
  }

  /**
   * d = a &lt; b ? a : b, f32 (lowest lane; the others from a); so b if either is NaN or both are
   * zero.
   */
  public final void vminss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMINSS, d, a, b);
  }

  /**
   * d = a &lt; b ? a : b, f64 (lowest lane; the others from a); so b if either is NaN or both are
   * zero.
   */
  public final void vminsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMINSD, d, a, b);
  }

  /** d = a / b, f32. */
  public final void vdivps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VDIVPS, d, a, b);
  }

  /** d = a / b, f64. */
  public final void vdivpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VDIVPD, d, a, b);
  }

  /** d = a / b, f32 (lowest lane; the others from a). */
  public final void vdivss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VDIVSS, d, a, b);
  }

  /** d = a / b, f64 (lowest lane; the others from a). */
  public final void vdivsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VDIVSD, d, a, b);
  }

  /** d = a &gt; b ? a : b, f32; so b if either is NaN or both are zero. */
  public final void vmaxps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMAXPS, d, a, b);
  }

  /** d = a &gt; b ? a : b, f64; so b if either is NaN or both are zero. */
  public final void vmaxpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMAXPD, d, a, b);
  }

  /**
   * d = a &gt; b ? a : b, f32 (lowest lane; the others from a); so b if either is NaN or both are
   * zero.
   */
  public final void vmaxss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMAXSS, d, a, b);
  }

  /**
   * d = a &gt; b ? a : b, f64 (lowest lane; the others from a); so b if either is NaN or both are
   * zero.
   */
  public final void vmaxsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMAXSD, d, a, b);
  }

  /** d = square root, correctly rounded. */
  public final void vsqrtps(Vec d, VecMem s) {
    rm(VecOp.VSQRTPS, d, s);
  }

  /** d = square root, correctly rounded. */
  public final void vsqrtss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSQRTSS, d, a, b);
  }

  /** d = square root, correctly rounded. */
  public final void vsqrtsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSQRTSD, d, a, b);
  }

  /** d = (d * b) + a, rounded once, f32. */
  public final void vfmadd132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD132PS, d, a, b);
  }

  /** d = (d * b) + a, rounded once, f32. */
  public final void vfmadd132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD132SS, d, a, b);
  }

  /** d = (d * b) + a, rounded once, f64. */
  public final void vfmadd132pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD132PD, d, a, b);
  }

  /** d = (d * b) + a, rounded once, f64. */
  public final void vfmadd132sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD132SD, d, a, b);
  }

  /** d = (a * d) + b, rounded once, f32. */
  public final void vfmadd213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD213PS, d, a, b);
  }

  /** d = (a * d) + b, rounded once, f32. */
  public final void vfmadd213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD213SS, d, a, b);
  }

  /** d = (a * d) + b, rounded once, f64. */
  public final void vfmadd213pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD213PD, d, a, b);
  }

  /** d = (a * d) + b, rounded once, f64. */
  public final void vfmadd213sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD213SD, d, a, b);
  }

  /** d = (a * b) + d, rounded once, f32. */
  public final void vfmadd231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD231PS, d, a, b);
  }

  /** d = (a * b) + d, rounded once, f32. */
  public final void vfmadd231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD231SS, d, a, b);
  }

  /** d = (a * b) + d, rounded once, f64. */
  public final void vfmadd231pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD231PD, d, a, b);
  }

  /** d = (a * b) + d, rounded once, f64. */
  public final void vfmadd231sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD231SD, d, a, b);
  }

  /** d = (d * b) - a, rounded once, f32. */
  public final void vfmsub132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB132PS, d, a, b);
  }

  /** d = (d * b) - a, rounded once, f32. */
  public final void vfmsub132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB132SS, d, a, b);
  }

  /** d = (a * d) - b, rounded once, f32. */
  public final void vfmsub213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB213PS, d, a, b);
  }

  /** d = (a * d) - b, rounded once, f32. */
  public final void vfmsub213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB213SS, d, a, b);
  }

  /** d = (a * b) - d, rounded once, f32. */
  public final void vfmsub231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB231PS, d, a, b);
  }

  /** d = (a * b) - d, rounded once, f32. */
  public final void vfmsub231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB231SS, d, a, b);
  }

  /** d = -(d * b) + a, rounded once, f32. */
  public final void vfnmadd132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD132PS, d, a, b);
  }

  /** d = -(d * b) + a, rounded once, f32. */
  public final void vfnmadd132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD132SS, d, a, b);
  }

  /** d = -(d * b) + a, rounded once, f64. */
  public final void vfnmadd132pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD132PD, d, a, b);
  }

  /** d = -(d * b) + a, rounded once, f64. */
  public final void vfnmadd132sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD132SD, d, a, b);
  }

  /** d = -(a * d) + b, rounded once, f32. */
  public final void vfnmadd213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD213PS, d, a, b);
  }

  /** d = -(a * d) + b, rounded once, f32. */
  public final void vfnmadd213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD213SS, d, a, b);
  }

  /** d = -(a * d) + b, rounded once, f64. */
  public final void vfnmadd213pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD213PD, d, a, b);
  }

  /** d = -(a * d) + b, rounded once, f64. */
  public final void vfnmadd213sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD213SD, d, a, b);
  }

  /** d = -(a * b) + d, rounded once, f32. */
  public final void vfnmadd231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD231PS, d, a, b);
  }

  /** d = -(a * b) + d, rounded once, f32. */
  public final void vfnmadd231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD231SS, d, a, b);
  }

  /** d = -(a * b) + d, rounded once, f64. */
  public final void vfnmadd231pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD231PD, d, a, b);
  }

  /** d = -(a * b) + d, rounded once, f64. */
  public final void vfnmadd231sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD231SD, d, a, b);
  }

  /** d = -(d * b) - a, rounded once, f32. */
  public final void vfnmsub132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB132PS, d, a, b);
  }

  /** d = -(d * b) - a, rounded once, f32. */
  public final void vfnmsub132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB132SS, d, a, b);
  }

  /** d = -(a * d) - b, rounded once, f32. */
  public final void vfnmsub213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB213PS, d, a, b);
  }

  /** d = -(a * d) - b, rounded once, f32. */
  public final void vfnmsub213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB213SS, d, a, b);
  }

  /** d = -(a * b) - d, rounded once, f32. */
  public final void vfnmsub231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB231PS, d, a, b);
  }

  /** d = -(a * b) - d, rounded once, f32. */
  public final void vfnmsub231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB231SS, d, a, b);
  }

  /** d = a &amp; b. */
  public final void vandps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VANDPS, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void vandnps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VANDNPS, d, a, b);
  }

  /** d = a | b. */
  public final void vorps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VORPS, d, a, b);
  }

  /** d = a ^ b. */
  public final void vxorps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VXORPS, d, a, b);
  }

  /** d[i] = a[i] (predicate imm) b[i] ? -1 : 0. */
  public final void vcmpps(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VCMPPS, d, a, b, imm);
  }

  /** Bit i of d = a[i] (predicate imm) b[i]. */
  public final void vcmpps(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VCMPPS_K, d, a, b, imm);
  }

  /** Rounds to an integer in the mode imm, 8 for nearest even without inexact. */
  public final void vroundps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VROUNDPS, d, s, imm);
  }

  /** Rounds to an integer in the mode imm, 8 for nearest even without inexact. */
  public final void vroundss(Xmm d, Xmm a, VecMem b, int imm) {
    rvmi(VecOp.VROUNDSS, d, a, b, imm);
  }

  /** Rounds to an integer in the mode imm, 8 for nearest even without inexact. */
  public final void vrndscaleps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VRNDSCALEPS, d, s, imm);
  }

  /** Rounds to an integer in the mode imm, 8 for nearest even without inexact. */
  public final void vrndscaless(Xmm d, Xmm a, VecMem b, int imm) {
    rvmi(VecOp.VRNDSCALESS, d, a, b, imm);
  }

  /** d[i] = (float) s[i], nearest even. */
  public final void vcvtdq2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTDQ2PS, d, s);
  }

  /** d[i] = s[i] rounded to nearest even, as 32-bit integer. */
  public final void vcvtps2dq(Vec d, VecMem s) {
    rm(VecOp.VCVTPS2DQ, d, s);
  }

  /** d[i] = s[i] truncated, as 32-bit integer. */
  public final void vcvttps2dq(Vec d, VecMem s) {
    rm(VecOp.VCVTTPS2DQ, d, s);
  }

  /** d[i] = (float) s[i], s unsigned. */
  public final void vcvtudq2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTUDQ2PS, d, s);
  }

  /** d[i] = (f32) s[i], s f16; exact. */
  public final void vcvtph2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTPH2PS, d, s);
  }

  /** d[i] = (f16) s[i]; imm 0 rounds to nearest even. */
  public final void vcvtps2ph(VecMem d, Vec s, int imm) {
    mri(VecOp.VCVTPS2PH, d, s, imm);
  }

  /** d[i] = (f64) s[i]; exact. */
  public final void vcvtps2pd(Vec d, VecMem s) {
    rm(VecOp.VCVTPS2PD, d, s);
  }

  /** d[i] = (f64) s[i]; exact. */
  public final void vcvtdq2pd(Vec d, VecMem s) {
    rm(VecOp.VCVTDQ2PD, d, s);
  }

  /** d = a with its lowest element = b converted. */
  public final void vcvtss2sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VCVTSS2SD, d, a, b);
  }

  /** d = a with its lowest element = b converted. */
  public final void vcvtsd2ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VCVTSD2SS, d, a, b);
  }

  /** d = a with its lowest element = b converted. */
  public final void vcvtsi2ss(Xmm d, Xmm a, GpMem b) {
    rvm(wide(b) ? VecOp.VCVTSI2SS_64 : VecOp.VCVTSI2SS_32, d, a, b);
  }

  /** d = a with its lowest element = b converted. */
  public final void vcvtsi2sd(Xmm d, Xmm a, GpMem b) {
    rvm(wide(b) ? VecOp.VCVTSI2SD_64 : VecOp.VCVTSI2SD_32, d, a, b);
  }

  /** d = the lowest element of s, rounded to nearest even. */
  public final void vcvtss2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTSS2SI_64 : VecOp.VCVTSS2SI_32, d, s);
  }

  /** d = the lowest element of s, truncated. */
  public final void vcvttss2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTTSS2SI_64 : VecOp.VCVTTSS2SI_32, d, s);
  }

  /** d = the lowest element of s, rounded to nearest even. */
  public final void vcvtsd2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTSD2SI_64 : VecOp.VCVTSD2SI_32, d, s);
  }

  /** d = the lowest element of s, truncated. */
  public final void vcvttsd2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTTSD2SI_64 : VecOp.VCVTTSD2SI_32, d, s);
  }

  /** d[i] = a[i] * 2^floor(b[i]). */
  public final void vscalefps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSCALEFPS, d, a, b);
  }

  /** d[i] = floor(log2 |s[i]|). */
  public final void vgetexpps(Vec d, VecMem s) {
    rm(VecOp.VGETEXPPS, d, s);
  }

  /** d[i] = the significand of s[i], normalized as imm says. */
  public final void vgetmantps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VGETMANTPS, d, s, imm);
  }

  /** Sets ZF, PF, CF from comparing the lowest elements; PF if unordered. */
  public final void vucomiss(Xmm d, VecMem s) {
    rm(VecOp.VUCOMISS, d, s);
  }

  /** Sets ZF, PF, CF from comparing the lowest elements; PF if unordered. */
  public final void vcomiss(Xmm d, VecMem s) {
    rm(VecOp.VCOMISS, d, s);
  }

  /** Sets ZF, PF, CF from comparing the lowest elements; PF if unordered. */
  public final void vucomisd(Xmm d, VecMem s) {
    rm(VecOp.VUCOMISD, d, s);
  }

  /** Sets ZF, PF, CF from comparing the lowest elements; PF if unordered. */
  public final void vcomisd(Xmm d, VecMem s) {
    rm(VecOp.VCOMISD, d, s);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vmovmskps(Gp d, Vec s) {
    rm(VecOp.VMOVMSKPS, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0; vtestps looks at sign bits only. */
  public final void vptest(Vec d, VecMem s) {
    rm(VecOp.VPTEST, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0; vtestps looks at sign bits only. */
  public final void vtestps(Vec d, VecMem s) {
    rm(VecOp.VTESTPS, d, s);
  }

  /** In each 128-bit block: sums of neighbours of a, then of b. */
  public final void vhaddps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VHADDPS, d, a, b);
  }

  /** d[i] += the dot product of 2 bf16 pairs; rounds differently from fma. */
  public final void vdpbf16ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VDPBF16PS, d, a, b);
  }

  private static boolean wide(GpMem s) {
    if (s instanceof Mem m && m.size != 4 && m.size != 8) {
      throw new IllegalArgumentException("say the size of " + m + " with dword() or qword()");
    }
    return s instanceof Gp g ? g.is64() : ((Mem) s).size == 8;
  }
}
