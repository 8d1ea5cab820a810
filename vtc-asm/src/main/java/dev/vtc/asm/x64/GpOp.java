package dev.vtc.asm.x64;

import java.util.Locale;

/**
 * General purpose instructions, one row each. Opcodes of two bytes carry their 0F, mandatory
 * prefixes stand in bits 16..23; -1 means there is no such form.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
enum GpOp {
  //   reg,rm    rm,reg   rm,imm8  rm,imm32 /ext
  ADD(0x03, 0x01, 0x83, 0x81, 0),
  OR(0x0B, 0x09, 0x83, 0x81, 1),
  ADC(0x13, 0x11, 0x83, 0x81, 2),
  SBB(0x1B, 0x19, 0x83, 0x81, 3),
  AND(0x23, 0x21, 0x83, 0x81, 4),
  SUB(0x2B, 0x29, 0x83, 0x81, 5),
  XOR(0x33, 0x31, 0x83, 0x81, 6),
  CMP(0x3B, 0x39, 0x83, 0x81, 7),
  TEST(-1, 0x85, -1, 0xF7, 0),
  MOV(0x8B, 0x89, -1, 0xC7, 0),
  IMUL(0x0FAF, -1, 0x6B, 0x69, -1),
  LEA(0x8D, -1, -1, -1, -1),
  MOV8(-1, 0x88, -1, -1, -1, 1),
  MOV16(-1, 0x660089, -1, -1, -1, 2),
  MOVZX8(0x0FB6, -1, -1, -1, -1, 1),
  MOVZX16(0x0FB7, -1, -1, -1, -1, 2),
  MOVSX8(0x0FBE, -1, -1, -1, -1, 1),
  MOVSX16(0x0FBF, -1, -1, -1, -1, 2),
  MOVSXD(0x63, -1, -1, -1, -1, 4),
  BSF(0x0FBC, -1, -1, -1, -1),
  BSR(0x0FBD, -1, -1, -1, -1),
  TZCNT(0xF30FBC, -1, -1, -1, -1),
  LZCNT(0xF30FBD, -1, -1, -1, -1),
  POPCNT(0xF30FB8, -1, -1, -1, -1),
  XADD(-1, 0x0FC1, -1, -1, -1),
  CMPXCHG(-1, 0x0FB1, -1, -1, -1),
  XCHG(-1, 0x87, -1, -1, -1),
  // rm only: opcode in the rm,reg column, /ext; shifts by imm8 in the imm8 column
  INC(-1, 0xFF, -1, -1, 0),
  DEC(-1, 0xFF, -1, -1, 1),
  NOT(-1, 0xF7, -1, -1, 2),
  NEG(-1, 0xF7, -1, -1, 3),
  MUL(-1, 0xF7, -1, -1, 4),
  DIV(-1, 0xF7, -1, -1, 6),
  IDIV(-1, 0xF7, -1, -1, 7),
  ROL(-1, 0xD3, 0xC1, -1, 0),
  ROR(-1, 0xD3, 0xC1, -1, 1),
  SHL(-1, 0xD3, 0xC1, -1, 4),
  SHR(-1, 0xD3, 0xC1, -1, 5),
  SAR(-1, 0xD3, 0xC1, -1, 7),
  CALL(-1, 0xFF, -1, -1, 2, 8),
  JMP(-1, 0xFF, -1, -1, 4, 8),
  PREFETCHT0(-1, 0x0F18, -1, -1, 1, 64),
  PREFETCHT1(-1, 0x0F18, -1, -1, 2, 64),
  PREFETCHT2(-1, 0x0F18, -1, -1, 3, 64),
  PREFETCHNTA(-1, 0x0F18, -1, -1, 0, 64),
  PREFETCHW(-1, 0x0F0D, -1, -1, 1, 64),
  LDMXCSR(-1, 0x0FAE, -1, -1, 2, 4),
  STMXCSR(-1, 0x0FAE, -1, -1, 3, 4),
  CMOV(0x0F40, -1, -1, -1, -1),
  SET(-1, 0x0F90, -1, -1, 0, 1);

  /** Stands in a record for "the immediate of this line". */
  enum Immediate {
    HERE
  }

  static final Immediate IMMEDIATE = Immediate.HERE;

  final int rm;
  final int mr;
  final int imm8;
  final int imm32;

  /** The /digit in ModRM.reg, or -1. */
  final int ext;

  /** Size of the r/m operand in bytes where it is not the register's, else 0. */
  final int memoryBytes;

  GpOp(int rm, int mr, int imm8, int imm32, int ext) {
    this(rm, mr, imm8, imm32, ext, 0);
  }

  GpOp(int rm, int mr, int imm8, int imm32, int ext, int memoryBytes) {
    this.rm = rm;
    this.mr = mr;
    this.imm8 = imm8;
    this.imm32 = imm32;
    this.ext = ext;
    this.memoryBytes = memoryBytes;
  }

  /** Returns the mnemonic in Intel syntax. */
  String mnemonic() {
    return switch (this) {
      case MOV8, MOV16 -> "mov";
      case MOVZX8, MOVZX16 -> "movzx";
      case MOVSX8, MOVSX16 -> "movsx";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
