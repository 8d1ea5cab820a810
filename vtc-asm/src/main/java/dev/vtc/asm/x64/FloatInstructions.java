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

  public final void vaddps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VADDPS, d, a, b);
  }

  public final void vaddpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VADDPD, d, a, b);
  }

  public final void vaddss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VADDSS, d, a, b);
  }

  public final void vaddsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VADDSD, d, a, b);
  }

  public final void vmulps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMULPS, d, a, b);
  }

  public final void vmulpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMULPD, d, a, b);
  }

  public final void vmulss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMULSS, d, a, b);
  }

  public final void vmulsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMULSD, d, a, b);
  }

  public final void vsubps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSUBPS, d, a, b);
  }

  public final void vsubpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSUBPD, d, a, b);
  }

  public final void vsubss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSUBSS, d, a, b);
  }

  public final void vsubsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSUBSD, d, a, b);
  }

  public final void vminps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMINPS, d, a, b);
  }

  public final void vminpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMINPD, d, a, b);
  }

  public final void vminss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMINSS, d, a, b);
  }

  public final void vminsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMINSD, d, a, b);
  }

  public final void vdivps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VDIVPS, d, a, b);
  }

  public final void vdivpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VDIVPD, d, a, b);
  }

  public final void vdivss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VDIVSS, d, a, b);
  }

  public final void vdivsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VDIVSD, d, a, b);
  }

  public final void vmaxps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMAXPS, d, a, b);
  }

  public final void vmaxpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VMAXPD, d, a, b);
  }

  public final void vmaxss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMAXSS, d, a, b);
  }

  public final void vmaxsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VMAXSD, d, a, b);
  }

  public final void vsqrtps(Vec d, VecMem s) {
    rm(VecOp.VSQRTPS, d, s);
  }

  public final void vsqrtss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSQRTSS, d, a, b);
  }

  public final void vsqrtsd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VSQRTSD, d, a, b);
  }

  public final void vfmadd132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD132PS, d, a, b);
  }

  public final void vfmadd132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD132SS, d, a, b);
  }

  public final void vfmadd132pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD132PD, d, a, b);
  }

  public final void vfmadd132sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD132SD, d, a, b);
  }

  public final void vfmadd213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD213PS, d, a, b);
  }

  public final void vfmadd213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD213SS, d, a, b);
  }

  public final void vfmadd213pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD213PD, d, a, b);
  }

  public final void vfmadd213sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD213SD, d, a, b);
  }

  public final void vfmadd231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD231PS, d, a, b);
  }

  public final void vfmadd231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD231SS, d, a, b);
  }

  public final void vfmadd231pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMADD231PD, d, a, b);
  }

  public final void vfmadd231sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMADD231SD, d, a, b);
  }

  public final void vfmsub132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB132PS, d, a, b);
  }

  public final void vfmsub132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB132SS, d, a, b);
  }

  public final void vfmsub213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB213PS, d, a, b);
  }

  public final void vfmsub213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB213SS, d, a, b);
  }

  public final void vfmsub231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFMSUB231PS, d, a, b);
  }

  public final void vfmsub231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFMSUB231SS, d, a, b);
  }

  public final void vfnmadd132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD132PS, d, a, b);
  }

  public final void vfnmadd132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD132SS, d, a, b);
  }

  public final void vfnmadd132pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD132PD, d, a, b);
  }

  public final void vfnmadd132sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD132SD, d, a, b);
  }

  public final void vfnmadd213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD213PS, d, a, b);
  }

  public final void vfnmadd213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD213SS, d, a, b);
  }

  public final void vfnmadd213pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD213PD, d, a, b);
  }

  public final void vfnmadd213sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD213SD, d, a, b);
  }

  public final void vfnmadd231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD231PS, d, a, b);
  }

  public final void vfnmadd231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD231SS, d, a, b);
  }

  public final void vfnmadd231pd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMADD231PD, d, a, b);
  }

  public final void vfnmadd231sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMADD231SD, d, a, b);
  }

  public final void vfnmsub132ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB132PS, d, a, b);
  }

  public final void vfnmsub132ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB132SS, d, a, b);
  }

  public final void vfnmsub213ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB213PS, d, a, b);
  }

  public final void vfnmsub213ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB213SS, d, a, b);
  }

  public final void vfnmsub231ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VFNMSUB231PS, d, a, b);
  }

  public final void vfnmsub231ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VFNMSUB231SS, d, a, b);
  }

  public final void vandps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VANDPS, d, a, b);
  }

  public final void vandnps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VANDNPS, d, a, b);
  }

  public final void vorps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VORPS, d, a, b);
  }

  public final void vxorps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VXORPS, d, a, b);
  }

  public final void vcmpps(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VCMPPS, d, a, b, imm);
  }

  public final void vcmpps(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VCMPPS_K, d, a, b, imm);
  }

  public final void vroundps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VROUNDPS, d, s, imm);
  }

  public final void vroundss(Xmm d, Xmm a, VecMem b, int imm) {
    rvmi(VecOp.VROUNDSS, d, a, b, imm);
  }

  public final void vrndscaleps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VRNDSCALEPS, d, s, imm);
  }

  public final void vrndscaless(Xmm d, Xmm a, VecMem b, int imm) {
    rvmi(VecOp.VRNDSCALESS, d, a, b, imm);
  }

  public final void vcvtdq2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTDQ2PS, d, s);
  }

  public final void vcvtps2dq(Vec d, VecMem s) {
    rm(VecOp.VCVTPS2DQ, d, s);
  }

  public final void vcvttps2dq(Vec d, VecMem s) {
    rm(VecOp.VCVTTPS2DQ, d, s);
  }

  public final void vcvtudq2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTUDQ2PS, d, s);
  }

  public final void vcvtph2ps(Vec d, VecMem s) {
    rm(VecOp.VCVTPH2PS, d, s);
  }

  public final void vcvtps2ph(VecMem d, Vec s, int imm) {
    mri(VecOp.VCVTPS2PH, d, s, imm);
  }

  public final void vcvtps2pd(Vec d, VecMem s) {
    rm(VecOp.VCVTPS2PD, d, s);
  }

  public final void vcvtdq2pd(Vec d, VecMem s) {
    rm(VecOp.VCVTDQ2PD, d, s);
  }

  public final void vcvtss2sd(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VCVTSS2SD, d, a, b);
  }

  public final void vcvtsd2ss(Xmm d, Xmm a, VecMem b) {
    rvm(VecOp.VCVTSD2SS, d, a, b);
  }

  public final void vcvtsi2ss(Xmm d, Xmm a, GpMem b) {
    rvm(wide(b) ? VecOp.VCVTSI2SS_64 : VecOp.VCVTSI2SS_32, d, a, b);
  }

  public final void vcvtsi2sd(Xmm d, Xmm a, GpMem b) {
    rvm(wide(b) ? VecOp.VCVTSI2SD_64 : VecOp.VCVTSI2SD_32, d, a, b);
  }

  public final void vcvtss2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTSS2SI_64 : VecOp.VCVTSS2SI_32, d, s);
  }

  public final void vcvttss2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTTSS2SI_64 : VecOp.VCVTTSS2SI_32, d, s);
  }

  public final void vcvtsd2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTSD2SI_64 : VecOp.VCVTSD2SI_32, d, s);
  }

  public final void vcvttsd2si(Gp d, VecMem s) {
    rm(d.is64() ? VecOp.VCVTTSD2SI_64 : VecOp.VCVTTSD2SI_32, d, s);
  }

  public final void vscalefps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VSCALEFPS, d, a, b);
  }

  public final void vgetexpps(Vec d, VecMem s) {
    rm(VecOp.VGETEXPPS, d, s);
  }

  public final void vgetmantps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VGETMANTPS, d, s, imm);
  }

  public final void vucomiss(Xmm d, VecMem s) {
    rm(VecOp.VUCOMISS, d, s);
  }

  public final void vcomiss(Xmm d, VecMem s) {
    rm(VecOp.VCOMISS, d, s);
  }

  public final void vucomisd(Xmm d, VecMem s) {
    rm(VecOp.VUCOMISD, d, s);
  }

  public final void vcomisd(Xmm d, VecMem s) {
    rm(VecOp.VCOMISD, d, s);
  }

  public final void vmovmskps(Gp d, Vec s) {
    rm(VecOp.VMOVMSKPS, d, s);
  }

  public final void vptest(Vec d, VecMem s) {
    rm(VecOp.VPTEST, d, s);
  }

  public final void vtestps(Vec d, VecMem s) {
    rm(VecOp.VTESTPS, d, s);
  }

  public final void vhaddps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VHADDPS, d, a, b);
  }

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
