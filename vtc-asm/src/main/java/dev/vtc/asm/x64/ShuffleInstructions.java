package dev.vtc.asm.x64;

/** Permutations, shuffles, blends, packs and width conversions of vectors, one method each. */
public abstract sealed class ShuffleInstructions extends MoveInstructions
    permits FloatInstructions {
  ShuffleInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d[i] = s[imm &gt;&gt; 2i & 3] in each 256 bits. */
  public final void vpermq(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPERMQ, d, s, imm);
  }

  /** d[i] = s[imm &gt;&gt; 2i & 3] in each 256 bits. */
  public final void vpermpd(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPERMPD, d, s, imm);
  }

  /** d[i] = b[a[i]]: a holds the indices. */
  public final void vpermq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMQ_V, d, a, b);
  }

  /** d[i] = b[a[i]]: a holds the indices. */
  public final void vpermd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMD, d, a, b);
  }

  /** d[i] = b[a[i]]: a holds the indices. */
  public final void vpermps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMPS, d, a, b);
  }

  /** Selects among the 4 elements of each 128-bit block. */
  public final void vpermilps(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPERMILPS, d, s, imm);
  }

  /** Selects among the 4 elements of each 128-bit block. */
  public final void vpermilps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMILPS_V, d, a, b);
  }

  /** d's halves = halves of a and b as imm selects. */
  public final void vperm2f128(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPERM2F128, d, a, b, imm);
  }

  /** d's halves = halves of a and b as imm selects. */
  public final void vperm2i128(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPERM2I128, d, a, b, imm);
  }

  /** d[i] = element a[i] of the table d:b; d is overwritten. */
  public final void vpermt2d(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMT2D, d, a, b);
  }

  /** d[i] = element a[i] of the table d:b; d is overwritten. */
  public final void vpermt2q(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMT2Q, d, a, b);
  }

  /** d[i] = element a[i] of the table d:b; d is overwritten. */
  public final void vpermt2ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMT2PS, d, a, b);
  }

  /** d[i] = element d[i] of the table a:b; d holds the indices. */
  public final void vpermi2d(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMI2D, d, a, b);
  }

  /** d[i] = element d[i] of the table a:b; d holds the indices. */
  public final void vpermi2q(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMI2Q, d, a, b);
  }

  /** d[i] = element d[i] of the table a:b; d holds the indices. */
  public final void vpermi2ps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMI2PS, d, a, b);
  }

  /** d[i] = b[a[i]]: a holds the indices. */
  public final void vpermb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMB, d, a, b);
  }

  /** d[i] = b[a[i]]: a holds the indices. */
  public final void vpermw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMW, d, a, b);
  }

  /** d[i] = element d[i] of the table a:b; d holds the indices. */
  public final void vpermi2b(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMI2B, d, a, b);
  }

  /** d[i] = element d[i] of the table a:b; d holds the indices. */
  public final void vpermi2w(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMI2W, d, a, b);
  }

  /** d[i] = element a[i] of the table d:b; d is overwritten. */
  public final void vpermt2b(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMT2B, d, a, b);
  }

  /** d[i] = element a[i] of the table d:b; d is overwritten. */
  public final void vpermt2w(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPERMT2W, d, a, b);
  }

  /** Each byte of d = 8 bits of b's 64-bit lane from the bit that a's byte names. */
  public final void vpmultishiftqb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULTISHIFTQB, d, a, b);
  }

  /** In each 128-bit block: two elements of a, then two of b, as imm selects. */
  public final void vshufps(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VSHUFPS, d, a, b, imm);
  }

  /** In each 128-bit block d[i] = s[imm &gt;&gt; 2i & 3]. */
  public final void vpshufd(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPSHUFD, d, s, imm);
  }

  /** Shuffles the high or low four 16-bit elements of each 128-bit block. */
  public final void vpshufhw(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPSHUFHW, d, s, imm);
  }

  /** Shuffles the high or low four 16-bit elements of each 128-bit block. */
  public final void vpshuflw(Vec d, VecMem s, int imm) {
    rmi(VecOp.VPSHUFLW, d, s, imm);
  }

  /** In each 128-bit block d[i] = b[i] &lt; 0 ? 0 : a[b[i] & 15]. */
  public final void vpshufb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSHUFB, d, a, b);
  }

  /** d's blocks = blocks of a, then of b, as imm selects. */
  public final void vshuff32x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VSHUFF32X4, d, a, b, imm);
  }

  /** d's blocks = blocks of a, then of b, as imm selects. */
  public final void vshuff64x2(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VSHUFF64X2, d, a, b, imm);
  }

  /** d's blocks = blocks of a, then of b, as imm selects. */
  public final void vshufi32x4(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VSHUFI32X4, d, a, b, imm);
  }

  /** d's blocks = blocks of a, then of b, as imm selects. */
  public final void vshufi64x2(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VSHUFI64X2, d, a, b, imm);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vpunpcklbw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKLBW, d, a, b);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vpunpcklwd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKLWD, d, a, b);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vpunpckldq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKLDQ, d, a, b);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vpunpcklqdq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKLQDQ, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vpunpckhbw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKHBW, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vpunpckhwd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKHWD, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vpunpckhdq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKHDQ, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vpunpckhqdq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPUNPCKHQDQ, d, a, b);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vunpcklps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VUNPCKLPS, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vunpckhps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VUNPCKHPS, d, a, b);
  }

  /** In each 128-bit block interleaves the low halves of a and b. */
  public final void vunpcklpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VUNPCKLPD, d, a, b);
  }

  /** In each 128-bit block interleaves the high halves of a and b. */
  public final void vunpckhpd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VUNPCKHPD, d, a, b);
  }

  /** In each 128-bit block d = (a:b) &gt;&gt; 8 * imm. */
  public final void vpalignr(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPALIGNR, d, a, b, imm);
  }

  /** d = (a:b) shifted right by imm elements. */
  public final void valignd(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VALIGND, d, a, b, imm);
  }

  /** d = (a:b) shifted right by imm elements. */
  public final void valignq(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VALIGNQ, d, a, b, imm);
  }

  /** d[i] = bit i of imm ? b[i] : a[i]. */
  public final void vblendps(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VBLENDPS, d, a, b, imm);
  }

  /** d[i] = bit i of imm ? b[i] : a[i]. */
  public final void vpblendd(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPBLENDD, d, a, b, imm);
  }

  /** d[i] = bit i of imm ? b[i] : a[i]. */
  public final void vpblendw(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPBLENDW, d, a, b, imm);
  }

  /** d[i] = sign bit of mask[i] ? b[i] : a[i]. */
  public final void vblendvps(Vec d, Vec a, VecMem b, Vec mask) {
    rvmr(VecOp.VBLENDVPS, d, a, b, mask);
  }

  /** d[i] = sign bit of mask[i] ? b[i] : a[i]. */
  public final void vpblendvb(Vec d, Vec a, VecMem b, Vec mask) {
    rvmr(VecOp.VPBLENDVB, d, a, b, mask);
  }

  /** d[i] = mask of d, bit i ? b[i] : a[i]. */
  public final void vblendmps(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VBLENDMPS, d, a, b);
  }

  /** d[i] = mask of d, bit i ? b[i] : a[i]. */
  public final void vpblendmd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPBLENDMD, d, a, b);
  }

  /** d[i] = mask of d, bit i ? b[i] : a[i]. */
  public final void vpblendmb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPBLENDMB, d, a, b);
  }

  /** d[i] = mask of d, bit i ? b[i] : a[i]. */
  public final void vpblendmw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPBLENDMW, d, a, b);
  }

  /** In each 128-bit block narrows a, then b, with signed saturation. */
  public final void vpackssdw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPACKSSDW, d, a, b);
  }

  /** In each 128-bit block narrows a, then b, with signed saturation. */
  public final void vpacksswb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPACKSSWB, d, a, b);
  }

  /** In each 128-bit block narrows a, then b, with unsigned saturation. */
  public final void vpackuswb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPACKUSWB, d, a, b);
  }

  /** In each 128-bit block narrows a, then b, with unsigned saturation. */
  public final void vpackusdw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPACKUSDW, d, a, b);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxbw(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXBW, d, s);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxbd(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXBD, d, s);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxbq(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXBQ, d, s);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxwd(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXWD, d, s);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxwq(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXWQ, d, s);
  }

  /** d[i] = zero-extended s[i]. */
  public final void vpmovzxdq(Vec d, VecMem s) {
    rm(VecOp.VPMOVZXDQ, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxbw(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXBW, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxbd(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXBD, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxbq(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXBQ, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxwd(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXWD, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxwq(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXWQ, d, s);
  }

  /** d[i] = sign-extended s[i]. */
  public final void vpmovsxdq(Vec d, VecMem s) {
    rm(VecOp.VPMOVSXDQ, d, s);
  }

  /** d[i] = the low half or quarter of s[i]. */
  public final void vpmovdb(VecMem d, Vec s) {
    mr(VecOp.VPMOVDB, d, s);
  }

  /** d[i] = s[i] narrowed with signed saturation. */
  public final void vpmovsdb(VecMem d, Vec s) {
    mr(VecOp.VPMOVSDB, d, s);
  }

  /** d[i] = s[i] narrowed with unsigned saturation. */
  public final void vpmovusdb(VecMem d, Vec s) {
    mr(VecOp.VPMOVUSDB, d, s);
  }

  /** d[i] = the low half or quarter of s[i]. */
  public final void vpmovdw(VecMem d, Vec s) {
    mr(VecOp.VPMOVDW, d, s);
  }

  /** d[i] = s[i] narrowed with signed saturation. */
  public final void vpmovsdw(VecMem d, Vec s) {
    mr(VecOp.VPMOVSDW, d, s);
  }

  /** d[i] = s[i] narrowed with unsigned saturation. */
  public final void vpmovusdw(VecMem d, Vec s) {
    mr(VecOp.VPMOVUSDW, d, s);
  }

  /** d[i] = the low half or quarter of s[i]. */
  public final void vpmovwb(VecMem d, Vec s) {
    mr(VecOp.VPMOVWB, d, s);
  }

  /** d[i] = s[i] narrowed with signed saturation. */
  public final void vpmovswb(VecMem d, Vec s) {
    mr(VecOp.VPMOVSWB, d, s);
  }

  /** d[i] = s[i] narrowed with unsigned saturation. */
  public final void vpmovuswb(VecMem d, Vec s) {
    mr(VecOp.VPMOVUSWB, d, s);
  }

  /** d[i] = the low half or quarter of s[i]. */
  public final void vpmovqd(VecMem d, Vec s) {
    mr(VecOp.VPMOVQD, d, s);
  }
}
