package dev.vtc.asm.x64;

/** Integer vector arithmetic, logic, comparisons and dot products, one method each. */
public abstract sealed class IntegerInstructions extends FloatInstructions
    permits ShiftInstructions {
  IntegerInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d[i] = a[i] + b[i], 8-bit, modulo 2^n. */
  public final void vpaddb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDB, d, a, b);
  }

  /** d[i] = a[i] + b[i], 16-bit, modulo 2^n. */
  public final void vpaddw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDW, d, a, b);
  }

  /** d[i] = a[i] + b[i], 32-bit, modulo 2^n. */
  public final void vpaddd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDD, d, a, b);
  }

  /** d[i] = a[i] + b[i], 64-bit, modulo 2^n. */
  public final void vpaddq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDQ, d, a, b);
  }

  /** d[i] = a[i] (op) b[i] with signed saturation. */
  public final void vpaddsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDSW, d, a, b);
  }

  /** d[i] = a[i] (op) b[i] with unsigned saturation. */
  public final void vpaddusb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDUSB, d, a, b);
  }

  /** d[i] = a[i] - b[i], 8-bit, modulo 2^n. */
  public final void vpsubb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBB, d, a, b);
  }

  /** d[i] = a[i] - b[i], 16-bit, modulo 2^n. */
  public final void vpsubw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBW, d, a, b);
  }

  /** d[i] = a[i] - b[i], 32-bit, modulo 2^n. */
  public final void vpsubd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBD, d, a, b);
  }

  /** d[i] = a[i] - b[i], 64-bit, modulo 2^n. */
  public final void vpsubq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBQ, d, a, b);
  }

  /** d[i] = a[i] (op) b[i] with signed saturation. */
  public final void vpsubsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBSW, d, a, b);
  }

  /** d[i] = a[i] (op) b[i] with unsigned saturation. */
  public final void vpsubusb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBUSB, d, a, b);
  }

  /** d[i] = the low half of a[i] * b[i]. */
  public final void vpmulld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULLD, d, a, b);
  }

  /** d[i] = the low half of a[i] * b[i]. */
  public final void vpmullw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULLW, d, a, b);
  }

  /** d[i] = the high half of a[i] * b[i], signed. */
  public final void vpmulhw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHW, d, a, b);
  }

  /** d[i] = the high half of a[i] * b[i], unsigned. */
  public final void vpmulhuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHUW, d, a, b);
  }

  /** d[i] = (a[i] * b[i] + 2^14) &gt;&gt; 15. */
  public final void vpmulhrsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHRSW, d, a, b);
  }

  /** 64-bit products of the even 32-bit elements; vpmuludq unsigned, vpmuldq signed. */
  public final void vpmuludq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULUDQ, d, a, b);
  }

  /** 64-bit products of the even 32-bit elements; vpmuludq unsigned, vpmuldq signed. */
  public final void vpmuldq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULDQ, d, a, b);
  }

  /** d[i] = a[2i] * b[2i] + a[2i+1] * b[2i+1], 16-bit signed to 32-bit. */
  public final void vpmaddwd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMADDWD, d, a, b);
  }

  /**
   * d[i] = a[2i] * b[2i] + a[2i+1] * b[2i+1], a unsigned and b signed bytes, to 16-bit with signed
   * saturation.
   */
  public final void vpmaddubsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMADDUBSW, d, a, b);
  }

  /** Sums of |a[i] - b[i]| over 8 unsigned bytes. */
  public final void vpsadbw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSADBW, d, a, b);
  }

  /** d[i] = |s[i]|. */
  public final void vpabsb(Vec d, VecMem s) {
    rm(VecOp.VPABSB, d, s);
  }

  /** d[i] = |s[i]|. */
  public final void vpabsw(Vec d, VecMem s) {
    rm(VecOp.VPABSW, d, s);
  }

  /** d[i] = |s[i]|. */
  public final void vpabsd(Vec d, VecMem s) {
    rm(VecOp.VPABSD, d, s);
  }

  /** d[i] = a[i] * sign(b[i]). */
  public final void vpsignb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGNB, d, a, b);
  }

  /** d[i] = a[i] * sign(b[i]). */
  public final void vpsignw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGNW, d, a, b);
  }

  /** d[i] = a[i] * sign(b[i]). */
  public final void vpsignd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGND, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), signed. */
  public final void vpmaxsb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSB, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), signed. */
  public final void vpmaxsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSW, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), signed. */
  public final void vpmaxsd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSD, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), unsigned. */
  public final void vpmaxub(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUB, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), unsigned. */
  public final void vpmaxuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUW, d, a, b);
  }

  /** d[i] = max(a[i], b[i]), unsigned. */
  public final void vpmaxud(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUD, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), signed. */
  public final void vpminsb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSB, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), signed. */
  public final void vpminsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSW, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), signed. */
  public final void vpminsd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSD, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), unsigned. */
  public final void vpminub(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUB, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), unsigned. */
  public final void vpminuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUW, d, a, b);
  }

  /** d[i] = min(a[i], b[i]), unsigned. */
  public final void vpminud(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUD, d, a, b);
  }

  /** d = a &amp; b. */
  public final void vpand(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPAND, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void vpandn(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDN, d, a, b);
  }

  /** d = a | b. */
  public final void vpor(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPOR, d, a, b);
  }

  /** d = a ^ b. */
  public final void vpxor(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXOR, d, a, b);
  }

  /** d = a &amp; b. */
  public final void vpandd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDD, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void vpandnd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDND, d, a, b);
  }

  /** d = a | b. */
  public final void vpord(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPORD, d, a, b);
  }

  /** d = a ^ b. */
  public final void vpxord(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXORD, d, a, b);
  }

  /** d = a &amp; b. */
  public final void vpandq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDQ, d, a, b);
  }

  /** d = ~a &amp; b. */
  public final void vpandnq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDNQ, d, a, b);
  }

  /** d = a | b. */
  public final void vporq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPORQ, d, a, b);
  }

  /** d = a ^ b. */
  public final void vpxorq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXORQ, d, a, b);
  }

  /** Each bit of d = bit number d:a:b (three bits) of imm. */
  public final void vpternlogd(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPTERNLOGD, d, a, b, imm);
  }

  /** Each bit of d = bit number d:a:b (three bits) of imm. */
  public final void vpternlogq(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPTERNLOGQ, d, a, b, imm);
  }

  /** d[i] = a[i] == b[i] ? -1 : 0, signed. */
  public final void vpcmpeqb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQB, d, a, b);
  }

  /** d[i] = a[i] == b[i] ? -1 : 0, signed. */
  public final void vpcmpeqw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQW, d, a, b);
  }

  /** d[i] = a[i] == b[i] ? -1 : 0, signed. */
  public final void vpcmpeqd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQD, d, a, b);
  }

  /** d[i] = a[i] == b[i] ? -1 : 0, signed. */
  public final void vpcmpeqq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQQ, d, a, b);
  }

  /** d[i] = a[i] &gt; b[i] ? -1 : 0, signed. */
  public final void vpcmpgtb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTB, d, a, b);
  }

  /** d[i] = a[i] &gt; b[i] ? -1 : 0, signed. */
  public final void vpcmpgtw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTW, d, a, b);
  }

  /** d[i] = a[i] &gt; b[i] ? -1 : 0, signed. */
  public final void vpcmpgtd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTD, d, a, b);
  }

  /** d[i] = a[i] &gt; b[i] ? -1 : 0, signed. */
  public final void vpcmpgtq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTQ, d, a, b);
  }

  /** Bit i of d = a[i] == b[i]. */
  public final void vpcmpeqb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQB_K, d, a, b);
  }

  /** Bit i of d = a[i] == b[i]. */
  public final void vpcmpeqw(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQW_K, d, a, b);
  }

  /** Bit i of d = a[i] == b[i]. */
  public final void vpcmpeqd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQD_K, d, a, b);
  }

  /** Bit i of d = a[i] == b[i]. */
  public final void vpcmpeqq(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQQ_K, d, a, b);
  }

  /** Bit i of d = a[i] &gt; b[i]. */
  public final void vpcmpgtb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTB_K, d, a, b);
  }

  /** Bit i of d = a[i] &gt; b[i]. */
  public final void vpcmpgtw(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTW_K, d, a, b);
  }

  /** Bit i of d = a[i] &gt; b[i]. */
  public final void vpcmpgtd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTD_K, d, a, b);
  }

  /** Bit i of d = a[i] &gt; b[i]. */
  public final void vpcmpgtq(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTQ_K, d, a, b);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpb(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPB, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpub(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUB, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpw(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPW, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpuw(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUW, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpd(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPD, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpud(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUD, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpq(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPQ, d, a, b, imm);
  }

  /** Bit i of d = a[i] (0 ==, 1 &lt;, 2 &lt;=, 4 !=, 5 &gt;=, 6 &gt;) b[i]. */
  public final void vpcmpuq(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUQ, d, a, b, imm);
  }

  /** Bit i of d = (a[i] &amp; b[i]) != 0. */
  public final void vptestmb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTMB, d, a, b);
  }

  /** Bit i of d = (a[i] &amp; b[i]) != 0. */
  public final void vptestmd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTMD, d, a, b);
  }

  /** Bit i of d = (a[i] &amp; b[i]) == 0. */
  public final void vptestnmd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTNMD, d, a, b);
  }

  /** Bit i of d = the sign bit of s[i]. */
  public final void vpmovmskb(Gp d, Vec s) {
    rm(VecOp.VPMOVMSKB, d, s);
  }

  /** d[i] += the sum of 4 products of unsigned bytes of a and signed bytes of b, 32-bit. */
  public final void vpdpbusd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSD, d, a, b);
  }

  /**
   * d[i] += the sum of 4 products of unsigned bytes of a and signed bytes of b, 32-bit, saturating.
   */
  public final void vpdpbusds(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSDS, d, a, b);
  }

  /** d[i] += the sum of 2 products of signed 16-bit elements, 32-bit. */
  public final void vpdpwssd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSD, d, a, b);
  }

  /** d[i] += the sum of 2 products of signed 16-bit elements, 32-bit, saturating. */
  public final void vpdpwssds(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSDS, d, a, b);
  }

  /** d[i] += the sum of 4 products of unsigned bytes of a and signed bytes of b, 32-bit. */
  public final void vpdpbusdVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSD_VEX, d, a, b);
  }

  /**
   * d[i] += the sum of 4 products of unsigned bytes of a and signed bytes of b, 32-bit, saturating.
   */
  public final void vpdpbusdsVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSDS_VEX, d, a, b);
  }

  /** d[i] += the sum of 2 products of signed 16-bit elements, 32-bit. */
  public final void vpdpwssdVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSD_VEX, d, a, b);
  }

  /** d[i] += the sum of 2 products of signed 16-bit elements, 32-bit, saturating. */
  public final void vpdpwssdsVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSDS_VEX, d, a, b);
  }

  /** d[i] = the number of bits set in s[i]. */
  public final void vpopcntb(Vec d, VecMem s) {
    rm(VecOp.VPOPCNTB, d, s);
  }

  /** d[i] = the number of bits set in s[i]. */
  public final void vpopcntd(Vec d, VecMem s) {
    rm(VecOp.VPOPCNTD, d, s);
  }

  /** Affine transformation of each byte over GF(2). */
  public final void vgf2p8affineqb(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VGF2P8AFFINEQB, d, a, b, imm);
  }
}
