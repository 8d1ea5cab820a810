package dev.vtc.asm.x64;

/** General purpose instructions, one method each. Operand sizes follow the registers' views. */
public abstract sealed class GeneralInstructions extends Encoder permits MoveInstructions {
  GeneralInstructions(boolean evexAllowed) {
    super(evexAllowed);
  }

  /** d = s; a 32-bit d clears its upper half. */
  public final void mov(Gp d, GpMem s) {
    gpRm(GpOp.MOV, d, s);
  }

  /** Stores 4 or 8 bytes. */
  public final void mov(Mem d, Gp s) {
    gpMr(GpOp.MOV, d, s);
  }

  /** Stores the low byte of s. */
  public final void mov8(Mem d, Gp s) {
    gpMr(GpOp.MOV8, d, s);
  }

  /** Stores the low 2 bytes of s. */
  public final void mov16(Mem d, Gp s) {
    gpMr(GpOp.MOV16, d, s);
  }

  /** Stores imm, sign-extended, into a sized memory operand. */
  public final void mov(Mem d, int imm) {
    gpMi(GpOp.MOV, d, imm);
  }

  /** d = imm, in the shortest form: 5 bytes zero-extended, 7 sign-extended, or 10. */
  public final void mov(Gp d, long imm) {
    if (d.is64() && imm == (int) imm && imm < 0) {
      gpMi(GpOp.MOV, d, (int) imm);
      return;
    }
    boolean unsigned32 = imm == (imm & 0xFFFFFFFFL);
    if (!unsigned32 && !d.is64() && imm != (int) imm) {
      throw new IllegalArgumentException("mov: " + imm + " does not fit in " + d);
    }
    boolean wide = !unsigned32 && d.is64();
    record(GpOp.MOV, wide ? d : d.r32(), GpOp.IMMEDIATE, null, null, imm);
    reserve(10);
    int rex = (wide ? 8 : 0) | d.id >> 3;
    if (rex != 0) {
      put(0x40 | rex);
    }
    put(0xB8 | (d.id & 7));
    if (wide) {
      put64(imm);
    } else {
      put32((int) imm);
    }
  }

  /** d = zero-extended byte. */
  public final void movzx8(Gp d, GpMem s) {
    gpRm(GpOp.MOVZX8, d, s);
  }

  /** d = zero-extended 2 bytes. */
  public final void movzx16(Gp d, GpMem s) {
    gpRm(GpOp.MOVZX16, d, s);
  }

  /** d = sign-extended byte. */
  public final void movsx8(Gp d, GpMem s) {
    gpRm(GpOp.MOVSX8, d, s);
  }

  /** d = sign-extended 2 bytes. */
  public final void movsx16(Gp d, GpMem s) {
    gpRm(GpOp.MOVSX16, d, s);
  }

  /** d = sign-extended 4 bytes. */
  public final void movsxd(Gp d, GpMem s) {
    gpRm(GpOp.MOVSXD, d, s);
  }

  /** d = the address s. */
  public final void lea(Gp d, Mem s) {
    gpRm(GpOp.LEA, d, s);
  }

  public final void add(Gp d, GpMem s) {
    gpRm(GpOp.ADD, d, s);
  }

  public final void add(Mem d, Gp s) {
    gpMr(GpOp.ADD, d, s);
  }

  public final void add(GpMem d, int imm) {
    gpMi(GpOp.ADD, d, imm);
  }

  public final void or(Gp d, GpMem s) {
    gpRm(GpOp.OR, d, s);
  }

  public final void or(Mem d, Gp s) {
    gpMr(GpOp.OR, d, s);
  }

  public final void or(GpMem d, int imm) {
    gpMi(GpOp.OR, d, imm);
  }

  public final void adc(Gp d, GpMem s) {
    gpRm(GpOp.ADC, d, s);
  }

  public final void adc(Mem d, Gp s) {
    gpMr(GpOp.ADC, d, s);
  }

  public final void adc(GpMem d, int imm) {
    gpMi(GpOp.ADC, d, imm);
  }

  public final void sbb(Gp d, GpMem s) {
    gpRm(GpOp.SBB, d, s);
  }

  public final void sbb(Mem d, Gp s) {
    gpMr(GpOp.SBB, d, s);
  }

  public final void sbb(GpMem d, int imm) {
    gpMi(GpOp.SBB, d, imm);
  }

  public final void and(Gp d, GpMem s) {
    gpRm(GpOp.AND, d, s);
  }

  public final void and(Mem d, Gp s) {
    gpMr(GpOp.AND, d, s);
  }

  public final void and(GpMem d, int imm) {
    gpMi(GpOp.AND, d, imm);
  }

  public final void sub(Gp d, GpMem s) {
    gpRm(GpOp.SUB, d, s);
  }

  public final void sub(Mem d, Gp s) {
    gpMr(GpOp.SUB, d, s);
  }

  public final void sub(GpMem d, int imm) {
    gpMi(GpOp.SUB, d, imm);
  }

  public final void xor(Gp d, GpMem s) {
    gpRm(GpOp.XOR, d, s);
  }

  public final void xor(Mem d, Gp s) {
    gpMr(GpOp.XOR, d, s);
  }

  public final void xor(GpMem d, int imm) {
    gpMi(GpOp.XOR, d, imm);
  }

  public final void cmp(Gp d, GpMem s) {
    gpRm(GpOp.CMP, d, s);
  }

  public final void cmp(Mem d, Gp s) {
    gpMr(GpOp.CMP, d, s);
  }

  public final void cmp(GpMem d, int imm) {
    gpMi(GpOp.CMP, d, imm);
  }

  /** Sets the flags of a AND b. */
  public final void test(GpMem a, Gp b) {
    gpMr(GpOp.TEST, a, b);
  }

  public final void test(GpMem a, int imm) {
    gpMi(GpOp.TEST, a, imm);
  }

  public final void imul(Gp d, GpMem s) {
    gpRm(GpOp.IMUL, d, s);
  }

  /** d = s * imm. */
  public final void imul(Gp d, GpMem s, int imm) {
    gpRmi(GpOp.IMUL, d, s, imm);
  }

  public final void inc(GpMem d) {
    gpM(GpOp.INC, d);
  }

  public final void dec(GpMem d) {
    gpM(GpOp.DEC, d);
  }

  public final void not(GpMem d) {
    gpM(GpOp.NOT, d);
  }

  public final void neg(GpMem d) {
    gpM(GpOp.NEG, d);
  }

  /** rdx:rax = rax * s, unsigned. */
  public final void mul(GpMem d) {
    gpM(GpOp.MUL, d);
  }

  /** rax = rdx:rax / s, rdx = the remainder, unsigned. */
  public final void div(GpMem d) {
    gpM(GpOp.DIV, d);
  }

  /** rax = rdx:rax / s, rdx = the remainder, signed. */
  public final void idiv(GpMem d) {
    gpM(GpOp.IDIV, d);
  }

  public final void shl(GpMem d, int count) {
    gpShift(GpOp.SHL, d, count);
  }

  /** Shifts by the count in cl. */
  public final void shlCl(GpMem d) {
    gpShiftCl(GpOp.SHL, d);
  }

  public final void shr(GpMem d, int count) {
    gpShift(GpOp.SHR, d, count);
  }

  /** Shifts by the count in cl. */
  public final void shrCl(GpMem d) {
    gpShiftCl(GpOp.SHR, d);
  }

  public final void sar(GpMem d, int count) {
    gpShift(GpOp.SAR, d, count);
  }

  /** Shifts by the count in cl. */
  public final void sarCl(GpMem d) {
    gpShiftCl(GpOp.SAR, d);
  }

  public final void rol(GpMem d, int count) {
    gpShift(GpOp.ROL, d, count);
  }

  /** Rotates by the count in cl. */
  public final void rolCl(GpMem d) {
    gpShiftCl(GpOp.ROL, d);
  }

  public final void ror(GpMem d, int count) {
    gpShift(GpOp.ROR, d, count);
  }

  /** Rotates by the count in cl. */
  public final void rorCl(GpMem d) {
    gpShiftCl(GpOp.ROR, d);
  }

  public final void bsf(Gp d, GpMem s) {
    gpRm(GpOp.BSF, d, s);
  }

  public final void bsr(Gp d, GpMem s) {
    gpRm(GpOp.BSR, d, s);
  }

  public final void tzcnt(Gp d, GpMem s) {
    gpRm(GpOp.TZCNT, d, s);
  }

  public final void lzcnt(Gp d, GpMem s) {
    gpRm(GpOp.LZCNT, d, s);
  }

  public final void popcnt(Gp d, GpMem s) {
    gpRm(GpOp.POPCNT, d, s);
  }

  /** d = s if c holds. */
  public final void cmov(Cond c, Gp d, GpMem s) {
    gpCondition(GpOp.CMOV, c, d, s);
  }

  /** The byte d = c holds ? 1 : 0; the upper bits of a register keep their value. */
  public final void set(Cond c, GpMem d) {
    gpCondition(GpOp.SET, c, null, d);
  }

  /** Exchanges memory and register, atomically. */
  public final void xchg(Mem d, Gp s) {
    gpMr(GpOp.XCHG, d, s);
  }

  /** s = d, d += s, atomically. */
  public final void lockXadd(Mem d, Gp s) {
    gpMr(GpOp.XADD, d, s, true);
  }

  /** If d equals rax then d = s, ZF = 1; else rax = d, ZF = 0; atomically. */
  public final void lockCmpxchg(Mem d, Gp s) {
    gpMr(GpOp.CMPXCHG, d, s, true);
  }

  public final void lockAdd(Mem d, Gp s) {
    gpMr(GpOp.ADD, d, s, true);
  }

  public final void lockAdd(Mem d, int imm) {
    gpMi(GpOp.ADD, d, imm, true);
  }

  public final void lockInc(Mem d) {
    gpM(GpOp.INC, d, true);
  }

  public final void lockDec(Mem d) {
    gpM(GpOp.DEC, d, true);
  }

  public final void prefetcht0(Mem s) {
    gpM(GpOp.PREFETCHT0, s);
  }

  public final void prefetcht1(Mem s) {
    gpM(GpOp.PREFETCHT1, s);
  }

  public final void prefetcht2(Mem s) {
    gpM(GpOp.PREFETCHT2, s);
  }

  public final void prefetchnta(Mem s) {
    gpM(GpOp.PREFETCHNTA, s);
  }

  public final void prefetchw(Mem s) {
    gpM(GpOp.PREFETCHW, s);
  }

  public final void ldmxcsr(Mem s) {
    gpM(GpOp.LDMXCSR, s);
  }

  public final void stmxcsr(Mem s) {
    gpM(GpOp.STMXCSR, s);
  }

  public final void push(Gp s) {
    gpStack("push", 0x50, s);
  }

  public final void pop(Gp d) {
    gpStack("pop", 0x58, d);
  }

  /** Calls the address in a register or memory. */
  public final void call(GpMem target) {
    gpM(GpOp.CALL, target);
  }

  public final void call(Label target) {
    jump("call", 0, 0xE8, target);
  }

  /** Jumps to the address in a register or memory. */
  public final void jmp(GpMem target) {
    gpM(GpOp.JMP, target);
  }

  public final void jmp(Label target) {
    jump("jmp", 0xEB, 0xE9, target);
  }

  /** Jumps to target if c holds. */
  public final void jcc(Cond c, Label target) {
    jump("j" + conditionName(c), 0x70 + c.code, 0x0F80 + c.code, target);
  }

  /** Jumps if equal (zero). */
  public final void je(Label target) {
    jump("je", 0x70 + Cond.E.code, 0x0F80 + Cond.E.code, target);
  }

  /** Jumps if not equal (not zero). */
  public final void jne(Label target) {
    jump("jne", 0x70 + Cond.NE.code, 0x0F80 + Cond.NE.code, target);
  }

  /** Jumps if less, signed. */
  public final void jl(Label target) {
    jump("jl", 0x70 + Cond.L.code, 0x0F80 + Cond.L.code, target);
  }

  /** Jumps if less or equal, signed. */
  public final void jle(Label target) {
    jump("jle", 0x70 + Cond.LE.code, 0x0F80 + Cond.LE.code, target);
  }

  /** Jumps if greater, signed. */
  public final void jg(Label target) {
    jump("jg", 0x70 + Cond.G.code, 0x0F80 + Cond.G.code, target);
  }

  /** Jumps if greater or equal, signed. */
  public final void jge(Label target) {
    jump("jge", 0x70 + Cond.GE.code, 0x0F80 + Cond.GE.code, target);
  }

  /** Jumps if below, unsigned (carry). */
  public final void jb(Label target) {
    jump("jb", 0x70 + Cond.B.code, 0x0F80 + Cond.B.code, target);
  }

  /** Jumps if below or equal, unsigned. */
  public final void jbe(Label target) {
    jump("jbe", 0x70 + Cond.BE.code, 0x0F80 + Cond.BE.code, target);
  }

  /** Jumps if above, unsigned. */
  public final void ja(Label target) {
    jump("ja", 0x70 + Cond.A.code, 0x0F80 + Cond.A.code, target);
  }

  /** Jumps if above or equal, unsigned (no carry). */
  public final void jae(Label target) {
    jump("jae", 0x70 + Cond.AE.code, 0x0F80 + Cond.AE.code, target);
  }

  /** Jumps if negative. */
  public final void js(Label target) {
    jump("js", 0x70 + Cond.S.code, 0x0F80 + Cond.S.code, target);
  }

  /** Jumps if not negative. */
  public final void jns(Label target) {
    jump("jns", 0x70 + Cond.NS.code, 0x0F80 + Cond.NS.code, target);
  }

  public final void ret() {
    fixed("ret", 1, 0xC3);
  }

  public final void pause() {
    fixed("pause", 2, 0xF390);
  }

  public final void mfence() {
    fixed("mfence", 3, 0x0FAEF0);
  }

  public final void lfence() {
    fixed("lfence", 3, 0x0FAEE8);
  }

  public final void sfence() {
    fixed("sfence", 3, 0x0FAEF8);
  }

  public final void rdtsc() {
    fixed("rdtsc", 2, 0x0F31);
  }

  public final void rdtscp() {
    fixed("rdtscp", 3, 0x0F01F9);
  }

  public final void cpuid() {
    fixed("cpuid", 2, 0x0FA2);
  }

  public final void xgetbv() {
    fixed("xgetbv", 3, 0x0F01D0);
  }

  public final void syscall() {
    fixed("syscall", 2, 0x0F05);
  }

  public final void cdq() {
    fixed("cdq", 1, 0x99);
  }

  public final void cqo() {
    fixed("cqo", 2, 0x4899);
  }

  public final void int3() {
    fixed("int3", 1, 0xCC);
  }

  public final void ud2() {
    fixed("ud2", 2, 0x0F0B);
  }

  public final void vzeroupper() {
    fixed("vzeroupper", 3, 0xC5F877);
  }

  /** Pads with long no-operations up to the next multiple of {@code bytes}, a power of two. */
  public final void align(int bytes) {
    int n = -size() & (bytes - 1);
    while (n > 0) {
      int k = Math.min(n, 8);
      switch (k) {
        case 1 -> fixed("nop", 1, 0x90);
        case 2 -> fixed("nop", 2, 0x6690);
        case 3 -> fixed("nop", 3, 0x0F1F00);
        case 4 -> fixed("nop", 4, 0x0F1F4000);
        case 5 -> fixed("nop", 5, 0x0F1F440000L);
        case 6 -> fixed("nop", 6, 0x660F1F440000L);
        case 7 -> fixed("nop", 7, 0x0F1F8000000000L);
        default -> fixed("nop", 8, 0x0F1F840000000000L);
      }
      n -= k;
    }
  }
}
