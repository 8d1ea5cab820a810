package dev.vtc.asm.x64;

/** Shifts and rotations of integer vectors, one method each. */
public abstract sealed class ShiftInstructions extends IntegerInstructions
    permits MaskInstructions {
  ShiftInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpslld(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLD, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsrld(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLD, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsrad(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAD, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsllw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLW, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsrlw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLW, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsraw(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAW, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsllq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLQ, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsrlq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLQ, d, s, imm);
  }

  /** Shifts all elements of s by imm bits. */
  public final void vpsraq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRAQ, d, s, imm);
  }

  /** Shifts each 128-bit block by imm bytes. */
  public final void vpslldq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSLLDQ, d, s, imm);
  }

  /** Shifts each 128-bit block by imm bytes. */
  public final void vpsrldq(Vec d, Vec s, int imm) {
    vmi(VecOp.VPSRLDQ, d, s, imm);
  }

  /** Rotates each element. */
  public final void vprold(Vec d, Vec s, int imm) {
    vmi(VecOp.VPROLD, d, s, imm);
  }

  /** Rotates each element. */
  public final void vprord(Vec d, Vec s, int imm) {
    vmi(VecOp.VPRORD, d, s, imm);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpslld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLD_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsrld(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLD_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsrad(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAD_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsllw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLW_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsrlw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLW_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsraw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAW_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsllq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLQ_X, d, a, b);
  }

  /** Shifts all elements of a by the count in the low 64 bits of b. */
  public final void vpsrlq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLQ_X, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsllvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVD, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsrlvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVD, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsravd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAVD, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsllvq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVQ, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsrlvq(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVQ, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsllvw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSLLVW, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsrlvw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRLVW, d, a, b);
  }

  /** d[i] = a[i] shifted by b[i] bits. */
  public final void vpsravw(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPSRAVW, d, a, b);
  }

  /** Rotates each element. */
  public final void vprolvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPROLVD, d, a, b);
  }

  /** Rotates each element. */
  public final void vprorvd(Vec d, Vec a, VecMem b) {
    rvm(VecOp.VPRORVD, d, a, b);
  }
}
