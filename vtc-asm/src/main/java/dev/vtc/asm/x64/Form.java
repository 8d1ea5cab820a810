package dev.vtc.asm.x64;

import static dev.vtc.asm.x64.Kind.G32;
import static dev.vtc.asm.x64.Kind.G64;
import static dev.vtc.asm.x64.Kind.HALF;
import static dev.vtc.asm.x64.Kind.MASK;
import static dev.vtc.asm.x64.Kind.NONE;
import static dev.vtc.asm.x64.Kind.PART;
import static dev.vtc.asm.x64.Kind.V;
import static dev.vtc.asm.x64.Kind.XMM;

/**
 * Operand formats of VEX and EVEX instructions: which operand goes into which field, what kind each
 * one is, and whether the r/m operand may be, must be or cannot be memory.
 *
 * <p>Names: the fields in the order of the operands (R = ModRM.reg, V = vvvv, M = ModRM.rm, I =
 * immediate byte), then the kinds where they are not all vectors of the full length (X = XMM, H =
 * half, Q and E = quarter and eighth, K = mask, G4/G8 = general purpose).
 */
enum Form {
  RVM(Layout.RVM, V, V, V, Form.BOTH),
  RVM_X(Layout.RVM, XMM, XMM, XMM, Form.BOTH),
  RVM_XR(Layout.RVM, XMM, XMM, XMM, Form.REG),
  RVM_XG4(Layout.RVM, XMM, XMM, G32, Form.BOTH),
  RVM_XG8(Layout.RVM, XMM, XMM, G64, Form.BOTH),
  RVM_VX(Layout.RVM, V, V, XMM, Form.BOTH),
  RVM_M(Layout.RVM, V, V, V, Form.MEM),
  RVM_K(Layout.RVM, MASK, V, V, Form.BOTH),
  RVM_KKK(Layout.RVM, MASK, MASK, MASK, Form.REG),
  RVM_G4(Layout.RVM, G32, G32, G32, Form.BOTH),
  RVM_G8(Layout.RVM, G64, G64, G64, Form.BOTH),
  RMV_G4(Layout.RMV, G32, G32, G32, Form.BOTH),
  RMV_G8(Layout.RMV, G64, G64, G64, Form.BOTH),
  RVMI(Layout.RVMI, V, V, V, Form.BOTH),
  RVMI_X(Layout.RVMI, XMM, XMM, XMM, Form.BOTH),
  RVMI_XG4(Layout.RVMI, XMM, XMM, G32, Form.BOTH),
  RVMI_XG8(Layout.RVMI, XMM, XMM, G64, Form.BOTH),
  RVMI_VX(Layout.RVMI, V, V, XMM, Form.BOTH),
  RVMI_VH(Layout.RVMI, V, V, HALF, Form.BOTH),
  RVMI_K(Layout.RVMI, MASK, V, V, Form.BOTH),
  RVMR(Layout.RVMR, V, V, V, Form.BOTH),
  MVR(Layout.MVR, V, V, V, Form.MEM),
  RM(Layout.RM, V, NONE, V, Form.BOTH),
  RM_M(Layout.RM, V, NONE, V, Form.MEM),
  RM_VX(Layout.RM, V, NONE, XMM, Form.BOTH),
  RM_H(Layout.RM, V, NONE, HALF, Form.BOTH),
  RM_Q(Layout.RM, V, NONE, PART, Form.BOTH),
  RM_E(Layout.RM, V, NONE, PART, Form.BOTH),
  RM_XX(Layout.RM, XMM, NONE, XMM, Form.BOTH),
  RM_XM(Layout.RM, XMM, NONE, XMM, Form.MEM),
  RM_XG4(Layout.RM, XMM, NONE, G32, Form.BOTH),
  RM_XG8R(Layout.RM, XMM, NONE, G64, Form.REG),
  RM_VG4(Layout.RM, V, NONE, G32, Form.REG),
  RM_VG8(Layout.RM, V, NONE, G64, Form.REG),
  RM_G4X(Layout.RM, G32, NONE, XMM, Form.BOTH),
  RM_G8X(Layout.RM, G64, NONE, XMM, Form.BOTH),
  RM_G4V(Layout.RM, G32, NONE, V, Form.REG),
  RM_VK(Layout.RM, V, NONE, MASK, Form.REG),
  RM_KV(Layout.RM, MASK, NONE, V, Form.REG),
  RM_KK(Layout.RM, MASK, NONE, MASK, Form.BOTH),
  RM_KKR(Layout.RM, MASK, NONE, MASK, Form.REG),
  RM_KG4(Layout.RM, MASK, NONE, G32, Form.REG),
  RM_KG8(Layout.RM, MASK, NONE, G64, Form.REG),
  RM_G4K(Layout.RM, G32, NONE, MASK, Form.REG),
  RM_G8K(Layout.RM, G64, NONE, MASK, Form.REG),
  RMI(Layout.RMI, V, NONE, V, Form.BOTH),
  RMI_K(Layout.RMI, MASK, NONE, MASK, Form.REG),
  MR(Layout.MR, V, NONE, V, Form.BOTH),
  MR_M(Layout.MR, V, NONE, V, Form.MEM),
  MR_H(Layout.MR, V, NONE, HALF, Form.BOTH),
  MR_Q(Layout.MR, V, NONE, PART, Form.BOTH),
  MR_XM(Layout.MR, XMM, NONE, XMM, Form.MEM),
  MR_G4X(Layout.MR, XMM, NONE, G32, Form.BOTH),
  MR_G8XR(Layout.MR, XMM, NONE, G64, Form.REG),
  MR_KM(Layout.MR, MASK, NONE, MASK, Form.MEM),
  MRI_X(Layout.MRI, V, NONE, XMM, Form.BOTH),
  MRI_H(Layout.MRI, V, NONE, HALF, Form.BOTH),
  MRI_G4X(Layout.MRI, XMM, NONE, G32, Form.BOTH),
  MRI_G8X(Layout.MRI, XMM, NONE, G64, Form.BOTH),
  VMI(Layout.VMI, NONE, V, V, Form.REG),
  GATHER(Layout.GATHER, V, V, V, Form.MEM);

  /** The order in which the operands are written. */
  enum Layout {
    RVM,
    RMV,
    RVMI,
    RVMR,
    MVR,
    RM,
    RMI,
    MR,
    MRI,
    VMI,
    GATHER
  }

  /** The r/m operand may be a register or memory, only a register, only memory. */
  static final int BOTH = 0;

  static final int REG = 1;
  static final int MEM = 2;

  final Layout layout;

  /** Kind of the operand in ModRM.reg, in vvvv and in ModRM.rm. */
  final int regKind;

  final int vKind;
  final int rmKind;

  /** {@link #BOTH}, {@link #REG} or {@link #MEM}. */
  final int rmPolicy;

  Form(Layout layout, int regKind, int vKind, int rmKind, int rmPolicy) {
    this.layout = layout;
    this.regKind = regKind;
    this.vKind = vKind;
    this.rmKind = rmKind;
    this.rmPolicy = rmPolicy;
  }
}
