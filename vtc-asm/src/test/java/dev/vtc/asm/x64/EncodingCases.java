package dev.vtc.asm.x64;

import dev.vtc.asm.x64.X64Assembler.Vectors;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Emits every row of both tables with all registers in every position, awkward displacements, all
 * bases, all indices and scales, masks and broadcasts.
 */
final class EncodingCases {
  /** One emitted instruction, its bytes as hexadecimal digits. */
  record Case(Enum<?> row, String text, String hex) {}

  private static final int[] DISPLACEMENTS = {
    0,
    1,
    -1,
    127,
    -127,
    128,
    -128,
    -129,
    129,
    -1024,
    1024,
    8128,
    8192,
    -8192,
    -8256,
    0x12345678,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE
  };

  private final Random random;
  private final Consumer<Case> sink;
  private X64Assembler asm = new X64Assembler("cases", Vectors.AVX512);

  EncodingCases(long seed, Consumer<Case> sink) {
    this.random = new Random(seed);
    this.sink = sink;
  }

  private void emit(Enum<?> row, Runnable instruction) {
    int from = asm.size();
    instruction.run();
    sink.accept(new Case(row, asm.lastLine(), HexFormat.of().formatHex(asm.bytesFrom(from))));
  }

  // ---- VEX and EVEX ----

  void vector(VecOp op) {
    asm = new X64Assembler("cases", Vectors.AVX512);
    boolean lengthFromOperands =
        op.form.regKind == Kind.V || op.form.vKind == Kind.V || op.form.rmKind == Kind.V;
    for (int vl = 0; vl < 3; vl++) {
      if ((lengthFromOperands || vl == op.bits.fixedLength())
          && (op.bits.hasVex(vl) || op.bits.hasEvex(vl))) {
        new Rows(op, vl).all();
      }
    }
  }

  /** All cases of one row at one vector length. */
  private final class Rows {
    final VecOp op;
    final Form form;
    final int vl;
    final boolean evex;
    final boolean gather;

    Rows(VecOp op, int vl) {
      this.op = op;
      this.form = op.form;
      this.vl = vl;
      this.evex = op.bits.hasEvex(vl);
      this.gather = form.layout == Form.Layout.GATHER;
    }

    int count(int kind) {
      int k = Kind.resolve(kind, vl);
      return k == Kind.MASK ? 8 : k == Kind.G32 || k == Kind.G64 || !evex ? 16 : 32;
    }

    Reg reg(int kind, int id) {
      return switch (Kind.resolve(kind, vl)) {
        case Kind.G32 -> Gp.of(id).r32();
        case Kind.G64 -> Gp.of(id);
        case Kind.MASK -> Mask.of(id);
        case Kind.XMM -> Xmm.of(id);
        case Kind.YMM -> Ymm.of(id);
        case Kind.ZMM -> Zmm.of(id);
        default -> throw new AssertionError(kind);
      };
    }

    Reg any(int kind) {
      return reg(kind, random.nextInt(count(kind)));
    }

    void all() {
      if (form.rmPolicy != Form.MEM) {
        registers();
      }
      if (form.rmPolicy != Form.REG) {
        addresses(false);
        if (evex && op.bits.broadcastBytes() != 0) {
          addresses(true);
        }
      }
      if (evex && op.bits.maskable() && !gather && takesMask()) {
        masks();
      }
    }

    boolean takesMask() {
      return form.regKind >= Kind.V
          || form.regKind == Kind.XMM
          || form.layout == Form.Layout.RVM
          || form.layout == Form.Layout.RVMI
          || form.layout == Form.Layout.VMI;
    }

    void registers() {
      if (form.regKind != Kind.NONE) {
        for (int i = 0; i < count(form.regKind); i++) {
          put(reg(form.regKind, i), anyV(), any(form.rmKind));
        }
      }
      if (form.vKind != Kind.NONE) {
        for (int i = 0; i < count(form.vKind); i++) {
          put(anyReg(), reg(form.vKind, i), any(form.rmKind));
        }
      }
      for (int i = 0; i < count(form.rmKind); i++) {
        put(anyReg(), anyV(), reg(form.rmKind, i));
      }
    }

    Reg anyReg() {
      return form.regKind == Kind.NONE ? Gp.RAX : any(form.regKind);
    }

    Reg anyV() {
      return form.vKind == Kind.NONE ? Gp.RAX : any(form.vKind);
    }

    Mem mem(Gp base, int index, int disp) {
      Mem m;
      if (gather) {
        m = Mem.gather(base, (Vec) reg(Kind.V, index), 1 << random.nextInt(4), disp);
      } else if (index == 4) {
        m = Mem.of(base, disp);
      } else {
        m = Mem.of(base, Gp.of(index & 15), 1 << random.nextInt(4), disp);
      }
      return sized(m);
    }

    Mem sized(Mem m) {
      return form.rmKind == Kind.G64
          ? m.qword()
          : form.rmKind == Kind.G32 && op.name().startsWith("VCVT") ? m.dword() : m;
    }

    void addresses(boolean broadcast) {
      int unit = evex ? 1 << op.bits.displacementShift(vl, broadcast) : 1;
      int[] disps = java.util.Arrays.copyOf(DISPLACEMENTS, DISPLACEMENTS.length + 6);
      int n = DISPLACEMENTS.length;
      disps[n++] = 127 * unit;
      disps[n++] = 128 * unit;
      disps[n++] = -128 * unit;
      disps[n++] = -129 * unit;
      disps[n++] = unit;
      disps[n++] = unit / 2;
      for (int disp : disps) {
        putMem(mem(Gp.of(random.nextInt(16)), noIndex(), disp), broadcast);
      }
      for (int base = 0; base < 16; base++) {
        putMem(mem(Gp.of(base), noIndex(), 0), broadcast);
        putMem(mem(Gp.of(base), noIndex(), disps[random.nextInt(disps.length)]), broadcast);
        putMem(mem(Gp.of(base), random.nextInt(16), 64), broadcast);
      }
      for (int index = 0; index < (gather ? count(Kind.V) : 16); index++) {
        int disp = disps[random.nextInt(disps.length)];
        putMem(mem(Gp.of(random.nextInt(16)), index, disp), broadcast);
        if (!gather && index != 4) {
          putMem(sized(Mem.indexed(Gp.of(index), 1 << random.nextInt(4), disp)), broadcast);
        }
      }
    }

    int noIndex() {
      return gather ? random.nextInt(count(Kind.V)) : 4;
    }

    void putMem(Mem m, boolean broadcast) {
      put(anyReg(), anyV(), broadcast ? m.bcst() : m);
    }

    void masks() {
      for (int k = 1; k < 8; k++) {
        Mask mask = Mask.of(k);
        boolean toRm = form.layout == Form.Layout.MR || form.layout == Form.Layout.MRI;
        Reg d = toRm || form.layout == Form.Layout.VMI ? anyReg() : masked(anyReg(), mask, k);
        Reg v = form.layout == Form.Layout.VMI ? masked(anyV(), mask, k) : anyV();
        if (form.rmPolicy != Form.MEM) {
          Reg s = any(form.rmKind);
          put(d, v, toRm ? masked(s, mask, k) : s);
        }
        if (form.rmPolicy != Form.REG) {
          Mem m = mem(Gp.of(random.nextInt(16)), random.nextInt(16), 64 * k);
          put(d, v, toRm ? m.k(mask) : m);
        }
      }
    }

    Reg masked(Reg r, Mask mask, int k) {
      return switch (r) {
        case Vec v -> (k & 1) == 0 ? v.kz(mask) : v.k(mask);
        case Mask m -> m.k(mask);
        case Gp g -> throw new AssertionError(g);
      };
    }

    void put(Reg r, Reg v, Operand s) {
      int imm = random.nextInt(256);
      X64Assembler a = asm;
      switch (form.layout) {
        case RVM -> emit(op, () -> a.rvm(op, r, v, s));
        case RVMI -> emit(op, () -> a.rvmi(op, r, v, s, imm));
        case RVMR -> emit(op, () -> a.rvmr(op, r, v, s, reg(Kind.V, imm & 15)));
        case RMV -> emit(op, () -> a.rmv(op, r, s, v));
        case MVR -> emit(op, () -> a.mvr(op, (Mem) s, v, r));
        case RM -> emit(op, () -> a.rm(op, r, s));
        case RMI -> emit(op, () -> a.rmi(op, r, s, imm));
        case MR -> emit(op, () -> a.mr(op, s, r));
        case MRI -> emit(op, () -> a.mri(op, s, r, imm));
        case VMI -> emit(op, () -> a.vmi(op, v, s, imm));
        case GATHER -> gather((Vec) r, (Vec) v, (Mem) s);
      }
    }

    void gather(Vec d, Vec v, Mem s) {
      X64Assembler a = asm;
      int index = s.index;
      Vec distinct = (Vec) reg(Kind.V, d.id == index ? index ^ 1 : d.id);
      if (evex) {
        Mask k = Mask.of(1 + random.nextInt(7));
        emit(op, () -> a.gather(op, distinct.k(k), s, null));
      }
      if (op.bits.hasVex(vl) && distinct.id < 16 && index < 16) {
        int m = v.id & 15;
        while (m == distinct.id || m == index) {
          m = (m + 1) & 15;
        }
        Reg mask = reg(Kind.V, m);
        emit(op, () -> a.gather(op, distinct, s, mask));
      }
    }
  }

  // ---- general purpose ----

  void general(GpOp op) {
    asm = new X64Assembler("cases", Vectors.AVX512);
    for (int wide = 0; wide < 2; wide++) {
      for (int i = 0; i < 16; i++) {
        generalRegisters(op, view(i, wide), view(random.nextInt(16), wide), wide);
        generalRegisters(op, view(random.nextInt(16), wide), view(i, wide), wide);
        generalMemory(op, view(i, wide), Mem.of(Gp.of(random.nextInt(16)), 8 * i), wide);
        generalMemory(op, view(i, wide), Mem.of(Gp.of(i), 0), wide);
        generalMemory(op, view(i, wide), Mem.of(Gp.of(i), -1024), wide);
        if (i != 4) {
          int scale = 1 << random.nextInt(4);
          generalMemory(op, view(i, wide), Mem.of(Gp.of(i ^ 8), Gp.of(i), scale, i), wide);
          generalMemory(op, view(i, wide), Mem.indexed(Gp.of(i), scale, i), wide);
        }
      }
      for (int disp : DISPLACEMENTS) {
        Gp r = view(random.nextInt(16), wide);
        generalMemory(op, r, Mem.of(Gp.of(random.nextInt(16)), disp), wide);
      }
    }
  }

  private static Gp view(int id, int wide) {
    return wide == 1 ? Gp.of(id) : Gp.of(id).r32();
  }

  private void generalRegisters(GpOp op, Gp d, Gp s, int wide) {
    X64Assembler a = asm;
    int small = random.nextInt(256) - 128;
    int imm = random.nextInt();
    switch (op) {
      case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP -> {
        emit(op, () -> a.gpRm(op, d, s));
        emit(op, () -> a.gpMi(op, d, small));
        emit(op, () -> a.gpMi(op, d, imm));
      }
      case TEST -> {
        emit(op, () -> a.gpMr(op, d, s));
        emit(op, () -> a.gpMi(op, d, imm));
      }
      case MOV -> {
        emit(op, () -> a.gpRm(op, d, s));
        emit(op, () -> a.mov(d, wide == 1 ? small : imm));
        emit(op, () -> a.mov(d, imm & 0xFFFFFFFFL));
        if (wide == 1) {
          emit(op, () -> a.mov(d, random.nextLong() | (1L << 62)));
        }
      }
      case IMUL -> {
        emit(op, () -> a.gpRm(op, d, s));
        emit(op, () -> a.gpRmi(op, d, s, small));
        emit(op, () -> a.gpRmi(op, d, s, imm));
      }
      case BSF, BSR, TZCNT, LZCNT, POPCNT, MOVZX8, MOVZX16, MOVSX8, MOVSX16 ->
          emit(op, () -> a.gpRm(op, d, s));
      case MOVSXD -> {
        if (wide == 1) {
          emit(op, () -> a.gpRm(op, d, s));
        }
      }
      case INC, DEC, NOT, NEG, MUL, DIV, IDIV -> emit(op, () -> a.gpM(op, d));
      case ROL, ROR, SHL, SHR, SAR -> {
        emit(op, () -> a.gpShift(op, d, small & 31));
        emit(op, () -> a.gpShiftCl(op, d));
      }
      case CALL, JMP -> {
        if (wide == 1) {
          emit(op, () -> a.gpM(op, d));
        }
      }
      case CMOV -> {
        for (Cond c : Cond.values()) {
          emit(op, () -> a.gpCondition(op, c, d, s));
        }
      }
      case SET -> {
        for (Cond c : Cond.values()) {
          emit(op, () -> a.gpCondition(op, c, null, d));
        }
      }
      case LEA,
          MOV8,
          MOV16,
          XADD,
          CMPXCHG,
          XCHG,
          PREFETCHT0,
          PREFETCHT1,
          PREFETCHT2,
          PREFETCHNTA,
          PREFETCHW,
          LDMXCSR,
          STMXCSR -> {
        // memory only
      }
    }
  }

  private void generalMemory(GpOp op, Gp r, Mem m, int wide) {
    X64Assembler a = asm;
    int small = random.nextInt(256) - 128;
    int imm = random.nextInt();
    Mem sized = wide == 1 ? m.qword() : m.dword();
    switch (op) {
      case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP -> {
        emit(op, () -> a.gpRm(op, r, m));
        emit(op, () -> a.gpMr(op, m, r));
        emit(op, () -> a.gpMi(op, sized, small));
        emit(op, () -> a.gpMi(op, sized, imm));
        if (op == GpOp.ADD) {
          emit(op, () -> a.lockAdd(m, r));
          emit(op, () -> a.lockAdd(sized, small));
        }
      }
      case TEST -> {
        emit(op, () -> a.gpMr(op, m, r));
        emit(op, () -> a.gpMi(op, sized, imm));
      }
      case MOV -> {
        emit(op, () -> a.gpRm(op, r, m));
        emit(op, () -> a.gpMr(op, m, r));
        emit(op, () -> a.gpMi(op, sized, imm));
      }
      case IMUL -> {
        emit(op, () -> a.gpRm(op, r, m));
        emit(op, () -> a.gpRmi(op, r, m, small));
        emit(op, () -> a.gpRmi(op, r, m, imm));
      }
      case LEA, BSF, BSR, TZCNT, LZCNT, POPCNT, MOVZX8, MOVZX16, MOVSX8, MOVSX16 ->
          emit(op, () -> a.gpRm(op, r, m));
      case MOVSXD -> {
        if (wide == 1) {
          emit(op, () -> a.gpRm(op, r, m));
        }
      }
      case MOV8, MOV16 -> emit(op, () -> a.gpMr(op, m, r));
      case XCHG -> emit(op, () -> a.gpMr(op, m, r));
      case XADD, CMPXCHG -> emit(op, () -> a.gpMr(op, m, r, true));
      case INC, DEC -> {
        emit(op, () -> a.gpM(op, sized));
        emit(op, () -> a.gpM(op, sized, true));
      }
      case NOT, NEG, MUL, DIV, IDIV -> emit(op, () -> a.gpM(op, sized));
      case ROL, ROR, SHL, SHR, SAR -> {
        emit(op, () -> a.gpShift(op, sized, small & 31));
        emit(op, () -> a.gpShiftCl(op, sized));
      }
      case CALL,
          JMP,
          PREFETCHT0,
          PREFETCHT1,
          PREFETCHT2,
          PREFETCHNTA,
          PREFETCHW,
          LDMXCSR,
          STMXCSR ->
          emit(op, () -> a.gpM(op, m));
      case CMOV -> emit(op, () -> a.gpCondition(op, Cond.AE, r, m));
      case SET -> emit(op, () -> a.gpCondition(op, Cond.LE, null, m));
    }
  }
}
