package dev.vtc.asm.x64;

/**
 * Loads, stores, broadcasts, inserts, extracts and gathers of vectors, one method each. A
 * destination may carry a mask, such as {@code zmm.kz(k1)}, where the EVEX form takes one.
 */
public abstract sealed class MoveInstructions extends GeneralInstructions
    permits ShuffleInstructions {
  MoveInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d = s. */
  public final void vmovups(Vec d, VecMem s) {
    rm(VecOp.VMOVUPS, d, s);
  }

  /** Stores s. */
  public final void vmovups(Mem d, Vec s) {
    mr(VecOp.VMOVUPS_ST, d, s);
  }

  /** d = s. */
  public final void vmovaps(Vec d, VecMem s) {
    rm(VecOp.VMOVAPS, d, s);
  }

  /** Stores s. */
  public final void vmovaps(Mem d, Vec s) {
    mr(VecOp.VMOVAPS_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqu(Vec d, VecMem s) {
    rm(VecOp.VMOVDQU, d, s);
  }

  /** Stores s. */
  public final void vmovdqu(Mem d, Vec s) {
    mr(VecOp.VMOVDQU_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqa(Vec d, VecMem s) {
    rm(VecOp.VMOVDQA, d, s);
  }

  /** Stores s. */
  public final void vmovdqa(Mem d, Vec s) {
    mr(VecOp.VMOVDQA_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqu8(Vec d, VecMem s) {
    rm(VecOp.VMOVDQU8, d, s);
  }

  /** Stores s. */
  public final void vmovdqu8(Mem d, Vec s) {
    mr(VecOp.VMOVDQU8_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqu16(Vec d, VecMem s) {
    rm(VecOp.VMOVDQU16, d, s);
  }

  /** Stores s. */
  public final void vmovdqu16(Mem d, Vec s) {
    mr(VecOp.VMOVDQU16_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqu32(Vec d, VecMem s) {
    rm(VecOp.VMOVDQU32, d, s);
  }

  /** Stores s. */
  public final void vmovdqu32(Mem d, Vec s) {
    mr(VecOp.VMOVDQU32_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqu64(Vec d, VecMem s) {
    rm(VecOp.VMOVDQU64, d, s);
  }

  /** Stores s. */
  public final void vmovdqu64(Mem d, Vec s) {
    mr(VecOp.VMOVDQU64_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqa32(Vec d, VecMem s) {
    rm(VecOp.VMOVDQA32, d, s);
  }

  /** Stores s. */
  public final void vmovdqa32(Mem d, Vec s) {
    mr(VecOp.VMOVDQA32_ST, d, s);
  }

  /** d = s. */
  public final void vmovdqa64(Vec d, VecMem s) {
    rm(VecOp.VMOVDQA64, d, s);
  }

  /** Stores s. */
  public final void vmovdqa64(Mem d, Vec s) {
    mr(VecOp.VMOVDQA64_ST, d, s);
  }

  /** Stores s past the caches; d must be aligned to its size. */
  public final void vmovntdq(Mem d, Vec s) {
    mr(VecOp.VMOVNTDQ, d, s);
  }

  /** Stores s past the caches; d must be aligned to its size. */
  public final void vmovntps(Mem d, Vec s) {
    mr(VecOp.VMOVNTPS, d, s);
  }

  /** Loads from write-combining memory. */
  public final void vmovntdqa(Vec d, Mem s) {
    rm(VecOp.VMOVNTDQA, d, s);
  }

  /** The lowest element of d = s, the others 0. */
  public final void vmovd(Xmm d, GpMem s) {
    rm(VecOp.VMOVD, d, s);
  }

  /** d = the lowest element of s. */
  public final void vmovd(GpMem d, Xmm s) {
    mr(VecOp.VMOVD_ST, d, s);
  }

  /** The lowest element of d = s, the others 0. */
  public final void vmovq(Xmm d, VecMem s) {
    rm(VecOp.VMOVQ, d, s);
  }

  /** d = the lowest element of s. */
  public final void vmovq(Mem d, Xmm s) {
    mr(VecOp.VMOVQ_ST, d, s);
  }

  /** The lowest element of d = s, the others 0. */
  public final void vmovq(Xmm d, Gp s) {
    rm(VecOp.VMOVQ_GP, d, s);
  }

  /** d = the lowest element of s. */
  public final void vmovq(Gp d, Xmm s) {
    mr(VecOp.VMOVQ_GPST, d, s);
  }

  /** The lowest element of d = s, the others 0. */
  public final void vmovss(Xmm d, Mem s) {
    rm(VecOp.VMOVSS, d, s);
  }

  /** Stores the lowest element. */
  public final void vmovss(Mem d, Xmm s) {
    mr(VecOp.VMOVSS_ST, d, s);
  }

  /** d = a with its lowest element from b. */
  public final void vmovss(Xmm d, Xmm a, Xmm b) {
    rvm(VecOp.VMOVSS_RR, d, a, b);
  }

  /** The lowest element of d = s, the others 0. */
  public final void vmovsd(Xmm d, Mem s) {
    rm(VecOp.VMOVSD, d, s);
  }

  /** Stores the lowest element. */
  public final void vmovsd(Mem d, Xmm s) {
    mr(VecOp.VMOVSD_ST, d, s);
  }

  /** d = a with its lowest element from b. */
  public final void vmovsd(Xmm d, Xmm a, Xmm b) {
    rvm(VecOp.VMOVSD_RR, d, a, b);
  }

  /** d = [high half of b, high half of a]. */
  public final void vmovhlps(Xmm d, Xmm a, Xmm b) {
    rvm(VecOp.VMOVHLPS, d, a, b);
  }

  /** d = [low half of a, low half of b]. */
  public final void vmovlhps(Xmm d, Xmm a, Xmm b) {
    rvm(VecOp.VMOVLHPS, d, a, b);
  }

  /** d[2i] = d[2i+1] = s[2i+1]. */
  public final void vmovshdup(Vec d, VecMem s) {
    rm(VecOp.VMOVSHDUP, d, s);
  }

  /** d[2i] = d[2i+1] = s[2i]. */
  public final void vmovsldup(Vec d, VecMem s) {
    rm(VecOp.VMOVSLDUP, d, s);
  }

  /** d[i] = sign bit of a[i] ? b[i] : 0; masked lanes do not fault. */
  public final void vmaskmovps(Vec d, Vec a, Mem b) {
    rvm(VecOp.VMASKMOVPS, d, a, b);
  }

  /** Stores the lanes of s whose sign bit in mask is set. */
  public final void vmaskmovps(Mem d, Vec mask, Vec s) {
    mvr(VecOp.VMASKMOVPS_ST, d, mask, s);
  }

  /** d[i] = sign bit of a[i] ? b[i] : 0; masked lanes do not fault. */
  public final void vpmaskmovd(Vec d, Vec a, Mem b) {
    rvm(VecOp.VPMASKMOVD, d, a, b);
  }

  /** Stores the lanes of s whose sign bit in mask is set. */
  public final void vpmaskmovd(Mem d, Vec mask, Vec s) {
    mvr(VecOp.VPMASKMOVD_ST, d, mask, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vbroadcastss(Vec d, VecMem s) {
    rm(VecOp.VBROADCASTSS, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vbroadcastsd(Vec d, VecMem s) {
    rm(VecOp.VBROADCASTSD, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastb(Vec d, VecMem s) {
    rm(VecOp.VPBROADCASTB, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastw(Vec d, VecMem s) {
    rm(VecOp.VPBROADCASTW, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastd(Vec d, VecMem s) {
    rm(VecOp.VPBROADCASTD, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastq(Vec d, VecMem s) {
    rm(VecOp.VPBROADCASTQ, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastb(Vec d, Gp s) {
    rm(VecOp.VPBROADCASTB_GP, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastw(Vec d, Gp s) {
    rm(VecOp.VPBROADCASTW_GP, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastd(Vec d, Gp s) {
    rm(VecOp.VPBROADCASTD_GP, d, s);
  }

  /** Every element of d = the lowest element of s. */
  public final void vpbroadcastq(Vec d, Gp s) {
    rm(VecOp.VPBROADCASTQ_GP, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf128(Vec d, Mem s) {
    rm(VecOp.VBROADCASTF128, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti128(Vec d, Mem s) {
    rm(VecOp.VBROADCASTI128, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf32x2(Vec d, VecMem s) {
    rm(VecOp.VBROADCASTF32X2, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti32x2(Vec d, VecMem s) {
    rm(VecOp.VBROADCASTI32X2, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf32x4(Vec d, Mem s) {
    rm(VecOp.VBROADCASTF32X4, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf64x2(Vec d, Mem s) {
    rm(VecOp.VBROADCASTF64X2, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf32x8(Vec d, Mem s) {
    rm(VecOp.VBROADCASTF32X8, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcastf64x4(Vec d, Mem s) {
    rm(VecOp.VBROADCASTF64X4, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti32x4(Vec d, Mem s) {
    rm(VecOp.VBROADCASTI32X4, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti64x2(Vec d, Mem s) {
    rm(VecOp.VBROADCASTI64X2, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti32x8(Vec d, Mem s) {
    rm(VecOp.VBROADCASTI32X8, d, s);
  }

  /** Repeats the block s over all of d. */
  public final void vbroadcasti64x4(Vec d, Mem s) {
    rm(VecOp.VBROADCASTI64X4, d, s);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinsertf128(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTF128, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinserti128(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTI128, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinsertf32x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTF32X4, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinsertf64x2(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTF64X2, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinserti32x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTI32X4, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinserti64x2(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTI64X2, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinsertf32x8(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTF32X8, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinsertf64x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTF64X4, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinserti32x8(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTI32X8, d, a, b, imm);
  }

  /** d = a with block number imm replaced by b. */
  public final void vinserti64x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTI64X4, d, a, b, imm);
  }

  /** d = block number imm of s. */
  public final void vextractf128(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTF128, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextracti128(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTI128, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextractf32x4(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTF32X4, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextractf64x2(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTF64X2, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextracti32x4(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTI32X4, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextracti64x2(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTI64X2, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextractf32x8(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTF32X8, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextractf64x4(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTF64X4, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextracti32x8(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTI32X8, d, s, imm);
  }

  /** d = block number imm of s. */
  public final void vextracti64x4(VecMem d, Vec s, int imm) {
    mri(VecOp.VEXTRACTI64X4, d, s, imm);
  }

  /** d = a with element imm replaced by b. */
  public final void vpinsrb(Xmm d, Xmm a, GpMem b, int imm) {
    rvmi(VecOp.VPINSRB, d, a, b, imm);
  }

  /** d = a with element imm replaced by b. */
  public final void vpinsrd(Xmm d, Xmm a, GpMem b, int imm) {
    rvmi(VecOp.VPINSRD, d, a, b, imm);
  }

  /** d = a with element imm replaced by b. */
  public final void vpinsrq(Xmm d, Xmm a, GpMem b, int imm) {
    rvmi(VecOp.VPINSRQ, d, a, b, imm);
  }

  /** d = element imm of s, zero-extended. */
  public final void vpextrb(GpMem d, Xmm s, int imm) {
    mri(VecOp.VPEXTRB, d, s, imm);
  }

  /** d = element imm of s, zero-extended. */
  public final void vpextrd(GpMem d, Xmm s, int imm) {
    mri(VecOp.VPEXTRD, d, s, imm);
  }

  /** d = element imm of s, zero-extended. */
  public final void vpextrq(GpMem d, Xmm s, int imm) {
    mri(VecOp.VPEXTRQ, d, s, imm);
  }

  /** d = a with one element of b inserted and elements cleared, as imm says. */
  public final void vinsertps(Xmm d, Xmm a, VecMem b, int imm) {
    rvmi(VecOp.VINSERTPS, d, a, b, imm);
  }

  /**
   * d[i] = the 32 bits at base + index[i] * scale + disp, for the lanes of the mask, which is
   * cleared.
   */
  public final void vpgatherdd(Vec d, Mem s) {
    gather(VecOp.VPGATHERDD, d, s, null);
  }

  /**
   * d[i] = the 32 bits at base + index[i] * scale + disp, for the lanes of the mask, which is
   * cleared.
   */
  public final void vpgatherdd(Vec d, Mem s, Vec mask) {
    gather(VecOp.VPGATHERDD, d, s, mask);
  }

  /**
   * d[i] = the 32 bits at base + index[i] * scale + disp, for the lanes of the mask, which is
   * cleared.
   */
  public final void vgatherdps(Vec d, Mem s) {
    gather(VecOp.VGATHERDPS, d, s, null);
  }

  /**
   * d[i] = the 32 bits at base + index[i] * scale + disp, for the lanes of the mask, which is
   * cleared.
   */
  public final void vgatherdps(Vec d, Mem s, Vec mask) {
    gather(VecOp.VGATHERDPS, d, s, mask);
  }

  /** Packs the lanes of s selected by d's mask together. */
  public final void vpcompressd(VecMem d, Vec s) {
    mr(VecOp.VPCOMPRESSD, d, s);
  }

  /** Packs the lanes of s selected by d's mask together. */
  public final void vcompressps(VecMem d, Vec s) {
    mr(VecOp.VCOMPRESSPS, d, s);
  }

  /** Spreads the first elements of s over the lanes selected by d's mask. */
  public final void vpexpandd(Vec d, VecMem s) {
    rm(VecOp.VPEXPANDD, d, s);
  }

  /** Spreads the first elements of s over the lanes selected by d's mask. */
  public final void vexpandps(Vec d, VecMem s) {
    rm(VecOp.VEXPANDPS, d, s);
  }
}
