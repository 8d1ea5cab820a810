package dev.vtc.asm.x64;

/** Mask register instructions and the BMI instructions in VEX encoding, one method each. */
public abstract sealed class MaskInstructions extends ShiftInstructions permits X64Assembler {
  MaskInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d = a &amp; b. */
  public final void kandb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDB, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void kandnb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDNB, d, a, b);
  }

  /** d = a | b. */
  public final void korb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KORB, d, a, b);
  }

  /** d = ~(a ^ b). */
  public final void kxnorb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXNORB, d, a, b);
  }

  /** d = a ^ b. */
  public final void kxorb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXORB, d, a, b);
  }

  /** d = a + b. */
  public final void kaddb(Mask d, Mask a, Mask b) {
    rvm(VecOp.KADDB, d, a, b);
  }

  /** d = ~s. */
  public final void knotb(Mask d, Mask s) {
    rm(VecOp.KNOTB, d, s);
  }

  /** ZF = (d | s) is 0, CF = (d | s) is all ones. */
  public final void kortestb(Mask d, Mask s) {
    rm(VecOp.KORTESTB, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0. */
  public final void ktestb(Mask d, Mask s) {
    rm(VecOp.KTESTB, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovb(Mask d, Mask s) {
    rm(VecOp.KMOVB, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovb(Mask d, Mem s) {
    rm(VecOp.KMOVB, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovb(Mem d, Mask s) {
    mr(VecOp.KMOVB_ST, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovb(Mask d, Gp s) {
    rm(VecOp.KMOVB_GP, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovb(Gp d, Mask s) {
    rm(VecOp.KMOVB_GPST, d, s);
  }

  /** d = a &amp; b. */
  public final void kandw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDW, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void kandnw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDNW, d, a, b);
  }

  /** d = a | b. */
  public final void korw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KORW, d, a, b);
  }

  /** d = ~(a ^ b). */
  public final void kxnorw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXNORW, d, a, b);
  }

  /** d = a ^ b. */
  public final void kxorw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXORW, d, a, b);
  }

  /** d = a + b. */
  public final void kaddw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KADDW, d, a, b);
  }

  /** d = ~s. */
  public final void knotw(Mask d, Mask s) {
    rm(VecOp.KNOTW, d, s);
  }

  /** ZF = (d | s) is 0, CF = (d | s) is all ones. */
  public final void kortestw(Mask d, Mask s) {
    rm(VecOp.KORTESTW, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0. */
  public final void ktestw(Mask d, Mask s) {
    rm(VecOp.KTESTW, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovw(Mask d, Mask s) {
    rm(VecOp.KMOVW, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovw(Mask d, Mem s) {
    rm(VecOp.KMOVW, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovw(Mem d, Mask s) {
    mr(VecOp.KMOVW_ST, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovw(Mask d, Gp s) {
    rm(VecOp.KMOVW_GP, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovw(Gp d, Mask s) {
    rm(VecOp.KMOVW_GPST, d, s);
  }

  /** d = a &amp; b. */
  public final void kandd(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDD, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void kandnd(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDND, d, a, b);
  }

  /** d = a | b. */
  public final void kord(Mask d, Mask a, Mask b) {
    rvm(VecOp.KORD, d, a, b);
  }

  /** d = ~(a ^ b). */
  public final void kxnord(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXNORD, d, a, b);
  }

  /** d = a ^ b. */
  public final void kxord(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXORD, d, a, b);
  }

  /** d = a + b. */
  public final void kaddd(Mask d, Mask a, Mask b) {
    rvm(VecOp.KADDD, d, a, b);
  }

  /** d = ~s. */
  public final void knotd(Mask d, Mask s) {
    rm(VecOp.KNOTD, d, s);
  }

  /** ZF = (d | s) is 0, CF = (d | s) is all ones. */
  public final void kortestd(Mask d, Mask s) {
    rm(VecOp.KORTESTD, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0. */
  public final void ktestd(Mask d, Mask s) {
    rm(VecOp.KTESTD, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovd(Mask d, Mask s) {
    rm(VecOp.KMOVD, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovd(Mask d, Mem s) {
    rm(VecOp.KMOVD, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovd(Mem d, Mask s) {
    mr(VecOp.KMOVD_ST, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovd(Mask d, Gp s) {
    rm(VecOp.KMOVD_GP, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovd(Gp d, Mask s) {
    rm(VecOp.KMOVD_GPST, d, s);
  }

  /** d = a &amp; b. */
  public final void kandq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDQ, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void kandnq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KANDNQ, d, a, b);
  }

  /** d = a | b. */
  public final void korq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KORQ, d, a, b);
  }

  /** d = ~(a ^ b). */
  public final void kxnorq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXNORQ, d, a, b);
  }

  /** d = a ^ b. */
  public final void kxorq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KXORQ, d, a, b);
  }

  /** d = a + b. */
  public final void kaddq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KADDQ, d, a, b);
  }

  /** d = ~s. */
  public final void knotq(Mask d, Mask s) {
    rm(VecOp.KNOTQ, d, s);
  }

  /** ZF = (d | s) is 0, CF = (d | s) is all ones. */
  public final void kortestq(Mask d, Mask s) {
    rm(VecOp.KORTESTQ, d, s);
  }

  /** ZF = (d &amp; s) is 0, CF = (~d &amp; s) is 0. */
  public final void ktestq(Mask d, Mask s) {
    rm(VecOp.KTESTQ, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovq(Mask d, Mask s) {
    rm(VecOp.KMOVQ, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovq(Mask d, Mem s) {
    rm(VecOp.KMOVQ, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovq(Mem d, Mask s) {
    mr(VecOp.KMOVQ_ST, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovq(Mask d, Gp s) {
    rm(VecOp.KMOVQ_GP, d, s);
  }

  /** d = s, zero-extended. */
  public final void kmovq(Gp d, Mask s) {
    rm(VecOp.KMOVQ_GPST, d, s);
  }

  /** d = a : b, b in the low half. */
  public final void kunpckbw(Mask d, Mask a, Mask b) {
    rvm(VecOp.KUNPCKBW, d, a, b);
  }

  /** d = a : b, b in the low half. */
  public final void kunpckwd(Mask d, Mask a, Mask b) {
    rvm(VecOp.KUNPCKWD, d, a, b);
  }

  /** d = a : b, b in the low half. */
  public final void kunpckdq(Mask d, Mask a, Mask b) {
    rvm(VecOp.KUNPCKDQ, d, a, b);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftlb(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTLB, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftlw(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTLW, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftld(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTLD, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftlq(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTLQ, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftrb(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTRB, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftrw(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTRW, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftrd(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTRD, d, s, imm);
  }

  /** d = s shifted by imm bits. */
  public final void kshiftrq(Mask d, Mask s, int imm) {
    rmi(VecOp.KSHIFTRQ, d, s, imm);
  }

  /** d[i] = bit i of s ? -1 : 0. */
  public final void vpmovm2b(Vec d, Mask s) {
    rm(VecOp.VPMOVM2B, d, s);
  }

  /** d[i] = bit i of s ? -1 : 0. */
  public final void vpmovm2w(Vec d, Mask s) {
    rm(VecOp.VPMOVM2W, d, s);
  }

  /** d[i] = bit i of s ? -1 : 0. */
  public final void vpmovm2d(Vec d, Mask s) {
    rm(VecOp.VPMOVM2D, d, s);
  }

  /** d[i] = bit i of s ? -1 : 0. */
  public final void vpmovm2q(Vec d, Mask s) {
    rm(VecOp.VPMOVM2Q, d, s);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vpmovb2m(Mask d, Vec s) {
    rm(VecOp.VPMOVB2M, d, s);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vpmovw2m(Mask d, Vec s) {
    rm(VecOp.VPMOVW2M, d, s);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vpmovd2m(Mask d, Vec s) {
    rm(VecOp.VPMOVD2M, d, s);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vpmovq2m(Mask d, Vec s) {
    rm(VecOp.VPMOVQ2M, d, s);
  }

  /** d = b &lt;&lt; a, flags unchanged. */
  public final void shlx(Gp d, GpMem b, Gp a) {
    rmv(d.is64() ? VecOp.SHLX_64 : VecOp.SHLX_32, d, b, a);
  }

  /** d = b &gt;&gt;&gt; a, flags unchanged. */
  public final void shrx(Gp d, GpMem b, Gp a) {
    rmv(d.is64() ? VecOp.SHRX_64 : VecOp.SHRX_32, d, b, a);
  }

  /** d = b &gt;&gt; a, flags unchanged. */
  public final void sarx(Gp d, GpMem b, Gp a) {
    rmv(d.is64() ? VecOp.SARX_64 : VecOp.SARX_32, d, b, a);
  }

  /** d = the low a bits of b. */
  public final void bzhi(Gp d, GpMem b, Gp a) {
    rmv(d.is64() ? VecOp.BZHI_64 : VecOp.BZHI_32, d, b, a);
  }

  /** d = ~a &amp; b. */
  public final void andn(Gp d, Gp a, GpMem b) {
    rvm(d.is64() ? VecOp.ANDN_64 : VecOp.ANDN_32, d, a, b);
  }

  /** Deposits the low bits of a at the set bits of b. */
  public final void pdep(Gp d, Gp a, GpMem b) {
    rvm(d.is64() ? VecOp.PDEP_64 : VecOp.PDEP_32, d, a, b);
  }

  /** Collects the bits of a at the set bits of b. */
  public final void pext(Gp d, Gp a, GpMem b) {
    rvm(d.is64() ? VecOp.PEXT_64 : VecOp.PEXT_32, d, a, b);
  }
}
