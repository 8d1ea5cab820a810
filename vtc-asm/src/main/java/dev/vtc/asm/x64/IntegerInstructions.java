package dev.vtc.asm.x64;

/** Integer vector arithmetic, logic, shifts, comparisons and dot products, one method each. */
public abstract sealed class IntegerInstructions extends FloatInstructions
    permits MaskInstructions {
  IntegerInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  public final void vpaddb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDB, d, a, b);
  }

  public final void vpaddw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDW, d, a, b);
  }

  public final void vpaddd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDD, d, a, b);
  }

  public final void vpaddq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDQ, d, a, b);
  }

  public final void vpaddsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDSW, d, a, b);
  }

  public final void vpaddusb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPADDUSB, d, a, b);
  }

  public final void vpsubb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBB, d, a, b);
  }

  public final void vpsubw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBW, d, a, b);
  }

  public final void vpsubd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBD, d, a, b);
  }

  public final void vpsubq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBQ, d, a, b);
  }

  public final void vpsubsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBSW, d, a, b);
  }

  public final void vpsubusb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSUBUSB, d, a, b);
  }

  public final void vpmulld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULLD, d, a, b);
  }

  public final void vpmullw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULLW, d, a, b);
  }

  public final void vpmulhw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHW, d, a, b);
  }

  public final void vpmulhuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHUW, d, a, b);
  }

  public final void vpmulhrsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULHRSW, d, a, b);
  }

  public final void vpmuludq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULUDQ, d, a, b);
  }

  public final void vpmuldq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMULDQ, d, a, b);
  }

  public final void vpmaddwd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMADDWD, d, a, b);
  }

  public final void vpmaddubsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMADDUBSW, d, a, b);
  }

  public final void vpsadbw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSADBW, d, a, b);
  }

  public final void vpabsb(Vec d, VecMem s) {
    rm(VecOp.VPABSB, d, s);
  }

  public final void vpabsw(Vec d, VecMem s) {
    rm(VecOp.VPABSW, d, s);
  }

  public final void vpabsd(Vec d, VecMem s) {
    rm(VecOp.VPABSD, d, s);
  }

  public final void vpsignb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGNB, d, a, b);
  }

  public final void vpsignw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGNW, d, a, b);
  }

  public final void vpsignd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSIGND, d, a, b);
  }

  public final void vpmaxsb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSB, d, a, b);
  }

  public final void vpmaxsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSW, d, a, b);
  }

  public final void vpmaxsd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXSD, d, a, b);
  }

  public final void vpmaxub(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUB, d, a, b);
  }

  public final void vpmaxuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUW, d, a, b);
  }

  public final void vpmaxud(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMAXUD, d, a, b);
  }

  public final void vpminsb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSB, d, a, b);
  }

  public final void vpminsw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSW, d, a, b);
  }

  public final void vpminsd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINSD, d, a, b);
  }

  public final void vpminub(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUB, d, a, b);
  }

  public final void vpminuw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUW, d, a, b);
  }

  public final void vpminud(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPMINUD, d, a, b);
  }

  public final void vpand(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPAND, d, a, b);
  }

  public final void vpandn(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDN, d, a, b);
  }

  public final void vpor(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPOR, d, a, b);
  }

  public final void vpxor(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXOR, d, a, b);
  }

  public final void vpandd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDD, d, a, b);
  }

  public final void vpandnd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDND, d, a, b);
  }

  public final void vpord(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPORD, d, a, b);
  }

  public final void vpxord(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXORD, d, a, b);
  }

  public final void vpandq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDQ, d, a, b);
  }

  public final void vpandnq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPANDNQ, d, a, b);
  }

  public final void vporq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPORQ, d, a, b);
  }

  public final void vpxorq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPXORQ, d, a, b);
  }

  public final void vpternlogd(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPTERNLOGD, d, a, b, imm);
  }

  public final void vpternlogq(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPTERNLOGQ, d, a, b, imm);
  }

  public final void vpslld(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLD, d, s, imm);
  }

  public final void vpsrld(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLD, d, s, imm);
  }

  public final void vpsrad(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAD, d, s, imm);
  }

  public final void vpsllw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLW, d, s, imm);
  }

  public final void vpsrlw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLW, d, s, imm);
  }

  public final void vpsraw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAW, d, s, imm);
  }

  public final void vpsllq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLQ, d, s, imm);
  }

  public final void vpsrlq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLQ, d, s, imm);
  }

  public final void vpsraq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAQ, d, s, imm);
  }

  public final void vpslldq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLDQ, d, s, imm);
  }

  public final void vpsrldq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLDQ, d, s, imm);
  }

  public final void vprold(Vec d, Vec s, int imm) {
    vmi(VecOp.VPROLD, d, s, imm);
  }

  public final void vprord(Vec d, Vec s, int imm) {
    vmi(VecOp.VPRORD, d, s, imm);
  }

  public final void vpslld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLD_X, d, a, b);
  }

  public final void vpsrld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLD_X, d, a, b);
  }

  public final void vpsrad(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAD_X, d, a, b);
  }

  public final void vpsllw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLW_X, d, a, b);
  }

  public final void vpsrlw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLW_X, d, a, b);
  }

  public final void vpsraw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAW_X, d, a, b);
  }

  public final void vpsllq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLQ_X, d, a, b);
  }

  public final void vpsrlq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLQ_X, d, a, b);
  }

  public final void vpsllvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVD, d, a, b);
  }

  public final void vpsrlvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVD, d, a, b);
  }

  public final void vpsravd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAVD, d, a, b);
  }

  public final void vpsllvq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVQ, d, a, b);
  }

  public final void vpsrlvq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVQ, d, a, b);
  }

  public final void vpsllvw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVW, d, a, b);
  }

  public final void vpsrlvw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVW, d, a, b);
  }

  public final void vpsravw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAVW, d, a, b);
  }

  public final void vprolvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPROLVD, d, a, b);
  }

  public final void vprorvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPRORVD, d, a, b);
  }

  public final void vpcmpeqb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQB, d, a, b);
  }

  public final void vpcmpeqw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQW, d, a, b);
  }

  public final void vpcmpeqd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQD, d, a, b);
  }

  public final void vpcmpeqq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQQ, d, a, b);
  }

  public final void vpcmpgtb(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTB, d, a, b);
  }

  public final void vpcmpgtw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTW, d, a, b);
  }

  public final void vpcmpgtd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTD, d, a, b);
  }

  public final void vpcmpgtq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTQ, d, a, b);
  }

  public final void vpcmpeqb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQB_K, d, a, b);
  }

  public final void vpcmpeqw(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQW_K, d, a, b);
  }

  public final void vpcmpeqd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQD_K, d, a, b);
  }

  public final void vpcmpeqq(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPEQQ_K, d, a, b);
  }

  public final void vpcmpgtb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTB_K, d, a, b);
  }

  public final void vpcmpgtw(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTW_K, d, a, b);
  }

  public final void vpcmpgtd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTD_K, d, a, b);
  }

  public final void vpcmpgtq(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPCMPGTQ_K, d, a, b);
  }

  public final void vpcmpb(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPB, d, a, b, imm);
  }

  public final void vpcmpub(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUB, d, a, b, imm);
  }

  public final void vpcmpw(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPW, d, a, b, imm);
  }

  public final void vpcmpuw(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUW, d, a, b, imm);
  }

  public final void vpcmpd(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPD, d, a, b, imm);
  }

  public final void vpcmpud(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUD, d, a, b, imm);
  }

  public final void vpcmpq(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPQ, d, a, b, imm);
  }

  public final void vpcmpuq(Mask d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VPCMPUQ, d, a, b, imm);
  }

  public final void vptestmb(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTMB, d, a, b);
  }

  public final void vptestmd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTMD, d, a, b);
  }

  public final void vptestnmd(Mask d, Vec a, VecMem b) {
    rvm(VecOp.VPTESTNMD, d, a, b);
  }

  public final void vpmovmskb(Gp d, Vec s) {
    rm(VecOp.VPMOVMSKB, d, s);
  }

  public final void vpdpbusd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSD, d, a, b);
  }

  public final void vpdpbusds(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSDS, d, a, b);
  }

  public final void vpdpwssd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSD, d, a, b);
  }

  public final void vpdpwssds(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSDS, d, a, b);
  }

  public final void vpdpbusdVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSD_VEX, d, a, b);
  }

  public final void vpdpbusdsVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPBUSDS_VEX, d, a, b);
  }

  public final void vpdpwssdVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSD_VEX, d, a, b);
  }

  public final void vpdpwssdsVex(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPDPWSSDS_VEX, d, a, b);
  }

  public final void vpopcntb(Vec d, VecMem s) {
    rm(VecOp.VPOPCNTB, d, s);
  }

  public final void vpopcntd(Vec d, VecMem s) {
    rm(VecOp.VPOPCNTD, d, s);
  }

  public final void vgf2p8affineqb(Vec d, Vec a, VecMem b, int imm) {
    rvmi(VecOp.VGF2P8AFFINEQB, d, a, b, imm);
  }
}
