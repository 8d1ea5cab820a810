package dev.vtc.asm.x64;

import org.jspecify.annotations.Nullable;

/**
 * The only code that knows bits: one method per operand format for VEX and EVEX, a few for general
 * purpose instructions, and below them prefixes, ModRM, SIB and displacement. All operand checks
 * are here.
 *
 * <p>VEX is used where an instruction has it and the operands allow it (no register above 15, no
 * mask, no broadcast, at most 256 bits), EVEX otherwise.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, sections 2.1
 * to 2.7.
 */
public abstract sealed class Encoder extends CodeBuffer permits GeneralInstructions {
  /** Longest instruction in bytes. */
  private static final int MAX_LENGTH = 15;

  private final boolean evexAllowed;

  Encoder(boolean evexAllowed) {
    this.evexAllowed = evexAllowed;
  }

  // ---- VEX and EVEX, one method per operand format ----

  final void rvm(VecOp op, Reg d, Reg a, Object b) {
    record(op, d, a, b, null, 0);
    vector(op, d, a, (Operand) b, d, 0);
  }

  final void rvmi(VecOp op, Reg d, Reg a, Object b, int imm) {
    record(op, d, a, b, null, imm);
    vector(op, d, a, (Operand) b, d, 1);
    immediate8(op, imm);
  }

  final void rvmr(VecOp op, Reg d, Reg a, Object b, Reg mask) {
    record(op, d, a, b, mask, 0);
    if (mask.id > 15 || mask.kind != d.kind) {
      throw bad(op, "its last operand is a register 0..15 like the first, but got " + mask);
    }
    vector(op, d, a, (Operand) b, d, 1);
    put(mask.id << 4);
  }

  final void rmv(VecOp op, Reg d, Object b, Reg a) {
    record(op, d, b, a, null, 0);
    vector(op, d, a, (Operand) b, d, 0);
  }

  final void rm(VecOp op, Reg d, Object s) {
    record(op, d, s, null, null, 0);
    vector(op, d, null, (Operand) s, d, 0);
  }

  final void rmi(VecOp op, Reg d, Object s, int imm) {
    record(op, d, s, null, null, imm);
    vector(op, d, null, (Operand) s, d, 1);
    immediate8(op, imm);
  }

  final void mr(VecOp op, Object d, Reg s) {
    record(op, d, s, null, null, 0);
    vector(op, s, null, (Operand) d, (Operand) d, 0);
  }

  final void mri(VecOp op, Object d, Reg s, int imm) {
    record(op, d, s, null, null, imm);
    vector(op, s, null, (Operand) d, (Operand) d, 1);
    immediate8(op, imm);
  }

  final void mvr(VecOp op, Mem d, Reg mask, Reg s) {
    record(op, d, mask, s, null, 0);
    vector(op, s, mask, d, d, 0);
  }

  final void vmi(VecOp op, Reg d, Object s, int imm) {
    record(op, d, s, null, null, imm);
    vector(op, null, d, (Operand) s, d, 1);
    immediate8(op, imm);
  }

  /** Gather with a vector of sign bits as mask (VEX) or, {@code mask} null, with k1..k7 (EVEX). */
  final void gather(VecOp op, Reg d, Mem s, @Nullable Reg mask) {
    record(op, d, s, mask, null, 0);
    if (s.indexKind != d.kind) {
      throw bad(op, "the index vector must be as long as the destination, but got " + s);
    }
    if (mask == null ? d.mask == 0 || d.zero : d.mask != 0) {
      throw bad(op, "it needs one mask, either {k1..k7} without {z} or a vector, but got " + d);
    }
    if (s.index == d.id || (mask != null && (mask.id == d.id || mask.id == s.index))) {
      throw bad(op, "destination, index and mask must be distinct registers");
    }
    vector(op, d, mask, s, d, 0);
  }

  private void immediate8(VecOp op, int imm) {
    if (imm < -128 || imm > 255) {
      throw bad(op, "its immediate is one byte, but got " + imm);
    }
    put(imm);
  }

  /** Checks the operands, chooses the encoding and emits everything but the immediate. */
  private void vector(
      VecOp op, @Nullable Reg reg, @Nullable Reg v, Operand rm, Operand destination, int after) {
    reserve(MAX_LENGTH);
    Form form = op.form;
    int vl;
    if (form.regKind == Kind.V && reg != null) {
      vl = reg.kind - Kind.XMM;
    } else if (form.vKind == Kind.V && v != null) {
      vl = v.kind - Kind.XMM;
    } else if (form.rmKind == Kind.V && rm.kind != Kind.MEM) {
      vl = rm.kind - Kind.XMM;
    } else {
      vl = op.bits.fixedLength();
    }
    if (reg != null && reg.kind != Kind.resolve(form.regKind, vl)) {
      throw bad(op, reg, Kind.resolve(form.regKind, vl));
    }
    if (v != null && form.vKind != Kind.NONE && v.kind != Kind.resolve(form.vKind, vl)) {
      throw bad(op, v, Kind.resolve(form.vKind, vl));
    }
    boolean evex =
        vl == 2
            || destination.mask != 0
            || (reg != null && reg.id > 15)
            || (v != null && v.id > 15);
    Mem mem = null;
    int rmId = 0;
    if (rm instanceof Mem m) {
      mem = m;
      if (form.rmPolicy == Form.REG) {
        throw bad(op, "it takes no memory operand, but got " + m);
      }
      if (m.indexKind >= Kind.XMM && form.layout != Form.Layout.GATHER) {
        throw bad(op, "a vector index is for gathers, but got " + m);
      }
      evex |= m.broadcast || m.index > 15;
    } else {
      if (form.rmPolicy == Form.MEM) {
        throw bad(op, rm, Kind.MEM);
      }
      if (rm.kind != Kind.resolve(form.rmKind, vl)) {
        throw bad(op, rm, Kind.resolve(form.rmKind, vl));
      }
      rmId = ((Reg) rm).id;
      evex |= rmId > 15;
    }
    if ((reg != null && reg != destination && reg.mask != 0)
        || (v != null && v != destination && v.mask != 0)
        || (rm != destination && rm.mask != 0)) {
      throw bad(op, "only the destination can carry a mask");
    }
    int r = reg == null ? op.bits.ext() : reg.id;
    int vId = v == null ? 0 : v.id;
    if (!evex && op.bits.hasVex(vl)) {
      vex(op, r, vId, mem, rmId, vl, after);
    } else {
      checkEvex(op, vl, mem, destination);
      evex(op, r, vId, mem, rmId, vl, destination, after);
    }
  }

  private void checkEvex(VecOp op, int vl, @Nullable Mem mem, Operand destination) {
    if (!op.bits.hasEvex(vl)) {
      throw bad(
          op,
          "it has no "
              + (128 << vl)
              + "-bit form that takes a mask, a broadcast or registers above 15");
    }
    if (!evexAllowed) {
      throw bad(op, "these operands need AVX-512 (EVEX), which this assembler was made without");
    }
    if (destination.mask != 0 && !op.bits.maskable()) {
      throw bad(op, "it takes no mask");
    }
    if (mem != null && mem.broadcast && op.bits.broadcastBytes() == 0) {
      throw bad(op, "it has no broadcast from memory");
    }
  }

  private void vex(VecOp op, int r, int v, @Nullable Mem mem, int rmId, int vl, int after) {
    VecBits bits = op.bits;
    int x = 0;
    int b = rmId >> 3;
    if (mem != null) {
      x = mem.index < 0 ? 0 : mem.index >> 3;
      b = mem.base < 0 ? 0 : mem.base >> 3;
    }
    int w = bits.vexW() ? 1 : 0;
    int map = bits.map();
    int length = bits.vexLength(vl);
    int tail = (~v & 15) << 3 | length << 2 | bits.prefix();
    int notR = (~r & 8) << 4;
    if (x == 0 && b == 0 && w == 0 && map == 1) {
      put(0xC5);
      put(notR | tail);
    } else {
      put(0xC4);
      put(notR | (x ^ 1) << 6 | (b ^ 1) << 5 | map);
      put(w << 7 | tail);
    }
    put(bits.opcode());
    if (mem == null) {
      put(0xC0 | (r & 7) << 3 | (rmId & 7));
    } else {
      memory(r & 7, mem, 0, after);
    }
  }

  private void evex(
      VecOp op, int r, int v, @Nullable Mem mem, int rmId, int vl, Operand destination, int after) {
    VecBits bits = op.bits;
    int x = rmId >> 4;
    int b = rmId >> 3 & 1;
    int vHigh = v;
    int broadcast = 0;
    if (mem != null) {
      x = mem.index < 0 ? 0 : mem.index >> 3 & 1;
      b = mem.base < 0 ? 0 : mem.base >> 3;
      if (mem.indexKind >= Kind.XMM) {
        vHigh = mem.index;
      }
      broadcast = mem.broadcast ? 1 : 0;
    }
    int length = bits.evexLength(vl);
    put(0x62);
    put((~r & 8) << 4 | (x ^ 1) << 6 | (b ^ 1) << 5 | (~r & 16) | bits.map());
    put((bits.evexW() ? 0x80 : 0) | (~v & 15) << 3 | 4 | bits.prefix());
    put(
        (destination.zero ? 0x80 : 0)
            | length << 5
            | broadcast << 4
            | (~vHigh & 16) >> 1
            | destination.mask);
    put(bits.opcode());
    if (mem == null) {
      put(0xC0 | (r & 7) << 3 | (rmId & 7));
    } else {
      memory(r & 7, mem, bits.displacementShift(vl, broadcast != 0), after);
    }
  }

  // ---- general purpose ----

  /** {@code op reg, r/m}. */
  final void gpRm(GpOp op, Gp reg, Object rm) {
    record(op, reg, rm, null, null, 0);
    Operand o = (Operand) rm;
    boolean lowByte = op.memoryBytes == 1 && o instanceof Gp g && g.id >= 4;
    if (op.memoryBytes == 0 && o instanceof Gp g && g.kind != reg.kind) {
      throw bad(op, "its registers must have the same size, but got " + reg + " and " + g);
    }
    general(op.rm, reg.id, o, reg.kind == Kind.G64, lowByte, 0);
  }

  /** {@code op r/m, reg}. */
  final void gpMr(GpOp op, Object rm, Gp reg) {
    gpMr(op, rm, reg, false);
  }

  final void gpMr(GpOp op, Object rm, Gp reg, boolean lock) {
    record(lock ? "lock " + op.mnemonic() : op, rm, reg, null, null, 0);
    Operand o = (Operand) rm;
    if (o instanceof Gp g && g.kind != reg.kind) {
      throw bad(op, "its registers must have the same size, but got " + g + " and " + reg);
    }
    if (lock) {
      lock(op, o);
    }
    boolean wide = reg.kind == Kind.G64 && op.memoryBytes == 0;
    general(op.mr, reg.id, o, wide, op.memoryBytes == 1 && reg.id >= 4, 0);
  }

  /** {@code op r/m, imm}: the short form where the immediate fits in a byte. */
  final void gpMi(GpOp op, Object rm, int imm) {
    gpMi(op, rm, imm, false);
  }

  final void gpMi(GpOp op, Object rm, int imm, boolean lock) {
    record(lock ? "lock " + op.mnemonic() : op, rm, GpOp.IMMEDIATE, null, null, imm);
    Operand o = (Operand) rm;
    if (lock) {
      lock(op, o);
    }
    if (op.imm8 >= 0 && imm == (byte) imm) {
      general(op.imm8, op.ext, o, wide(op, o), false, 1);
      put(imm);
    } else {
      general(op.imm32, op.ext, o, wide(op, o), false, 4);
      put32(imm);
    }
  }

  /** {@code op reg, r/m, imm}. */
  final void gpRmi(GpOp op, Gp reg, Object rm, int imm) {
    record(op, reg, rm, GpOp.IMMEDIATE, null, imm);
    Operand o = (Operand) rm;
    if (o instanceof Gp g && g.kind != reg.kind) {
      throw bad(op, "its registers must have the same size, but got " + reg + " and " + g);
    }
    boolean small = imm == (byte) imm;
    general(small ? op.imm8 : op.imm32, reg.id, o, reg.kind == Kind.G64, false, small ? 1 : 4);
    if (small) {
      put(imm);
    } else {
      put32(imm);
    }
  }

  /** {@code op r/m}; the operand size is the register's or the one given to the memory operand. */
  final void gpM(GpOp op, Object rm) {
    gpM(op, rm, false);
  }

  final void gpM(GpOp op, Object rm, boolean lock) {
    record(lock ? "lock " + op.mnemonic() : op, rm, null, null, null, 0);
    Operand o = (Operand) rm;
    if (lock) {
      lock(op, o);
    }
    general(op.mr, op.ext, o, op.memoryBytes == 0 && wide(op, o), false, 0);
  }

  /** A shift by {@code count} bits. */
  final void gpShift(GpOp op, Object rm, int count) {
    record(op, rm, GpOp.IMMEDIATE, null, null, count);
    Operand o = (Operand) rm;
    boolean wide = wide(op, o);
    if (count < 0 || count > (wide ? 63 : 31)) {
      throw bad(op, "it cannot shift by " + count);
    }
    if (count == 1) {
      general(op.imm8 | 0x10, op.ext, o, wide, false, 0); // D1 without the byte
      return;
    }
    general(op.imm8, op.ext, o, wide, false, 1);
    put(count);
  }

  /** A shift by cl. */
  final void gpShiftCl(GpOp op, Object rm) {
    record(op, rm, "cl", null, null, 0);
    Operand o = (Operand) rm;
    general(op.mr, op.ext, o, wide(op, o), false, 0);
  }

  /** cmovcc and setcc: the condition is added to the opcode. */
  final void gpCondition(GpOp op, Cond c, @Nullable Gp reg, Object rm) {
    String name = op.mnemonic() + conditionName(c);
    Operand o = (Operand) rm;
    if (reg == null) {
      record(name, o instanceof Gp g ? g.name8() : "byte ptr " + o, null, null, null, 0);
      general(op.mr + c.code, 0, o, false, o instanceof Gp g && g.id >= 4, 0);
    } else {
      record(name, reg, o, null, null, 0);
      if (o instanceof Gp g && g.kind != reg.kind) {
        throw bad(op, "its registers must have the same size, but got " + reg + " and " + g);
      }
      general(op.rm + c.code, reg.id, o, reg.kind == Kind.G64, false, 0);
    }
  }

  static String conditionName(Cond c) {
    return c.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** push and pop: the register is part of the opcode. */
  final void gpStack(String name, int opcode, Gp reg) {
    record(name, reg, null, null, null, 0);
    reserve(MAX_LENGTH);
    if (reg.kind != Kind.G64) {
      throw new IllegalArgumentException(name + " takes a 64-bit register, but got " + reg);
    }
    if (reg.id > 7) {
      put(0x41);
    }
    put(opcode | (reg.id & 7));
  }

  /** An instruction without operands; {@code code} is written from its highest byte on. */
  final void fixed(String name, int bytes, long code) {
    record(name, null, null, null, null, 0);
    reserve(MAX_LENGTH);
    for (int i = bytes - 1; i >= 0; i--) {
      put((int) (code >> (8 * i)));
    }
  }

  /** A jump or call: two bytes where the target is known and near enough, else 32-bit. */
  final void jump(String name, int shortOpcode, int nearOpcode, Label target) {
    record(name, target, null, null, null, 0);
    reserve(MAX_LENGTH);
    if (target.position >= 0 && shortOpcode != 0) {
      int distance = target.position - (size() + 2);
      if (distance >= -128) {
        put(shortOpcode);
        put(distance);
        return;
      }
    }
    if (nearOpcode > 0xFF) {
      put(nearOpcode >> 8);
    }
    put(nearOpcode);
    putReference(target, 0, 0);
  }

  private boolean wide(GpOp op, Operand o) {
    if (o instanceof Mem m) {
      if (m.size != 4 && m.size != 8) {
        throw bad(op, "say the size of " + m + " with dword() or qword()");
      }
      return m.size == 8;
    }
    return o.kind == Kind.G64;
  }

  private void lock(GpOp op, Operand o) {
    if (o.kind != Kind.MEM) {
      throw bad(op, "lock needs a memory operand, but got " + o);
    }
    reserve(1);
    put(0xF0);
  }

  private void general(int opcode, int reg, Operand rm, boolean w, boolean rex, int after) {
    reserve(MAX_LENGTH);
    if (rm.mask != 0) {
      throw new IllegalArgumentException("general purpose instructions take no mask: " + rm);
    }
    if (opcode > 0xFFFF) {
      put(opcode >> 16);
    }
    int x = 0;
    int b;
    Mem mem = null;
    int rmId = 0;
    if (rm instanceof Mem m) {
      mem = m;
      if (m.indexKind >= Kind.XMM || m.broadcast) {
        throw new IllegalArgumentException(
            "general purpose instructions take neither a vector index nor a broadcast: " + m);
      }
      x = m.index < 0 ? 0 : m.index >> 3;
      b = m.base < 0 ? 0 : m.base >> 3;
    } else {
      rmId = ((Reg) rm).id;
      b = rmId >> 3;
    }
    int prefix = (w ? 8 : 0) | (reg >> 3) << 2 | x << 1 | b;
    if (prefix != 0 || rex) {
      put(0x40 | prefix);
    }
    if ((opcode & 0xFF00) != 0) {
      put(opcode >> 8);
    }
    put(opcode);
    if (mem == null) {
      put(0xC0 | (reg & 7) << 3 | (rmId & 7));
    } else {
      memory(reg & 7, mem, 0, after);
    }
  }

  // ---- ModRM, SIB, displacement ----

  /**
   * Emits ModRM, SIB and displacement of a memory operand.
   *
   * @param reg low three bits of the register field
   * @param shift log2 of the unit in which EVEX counts an 8-bit displacement; 0 without EVEX
   * @param after bytes of the instruction behind the displacement, which rip already counts in
   */
  private void memory(int reg, Mem m, int shift, int after) {
    int field = reg << 3;
    if (m.label != null) {
      put(field | 5);
      putReference(m.label, m.disp, after);
      return;
    }
    int disp = m.disp;
    if (m.base < 0) {
      // No base: SIB with base 101 and a 32-bit displacement; plain ModRM 101 would be rip.
      put(field | 4);
      put(m.scaleLog << 6 | (m.index < 0 ? 4 : m.index & 7) << 3 | 5);
      put32(disp);
      return;
    }
    int base = m.base & 7;
    int mod;
    int scaled = disp >> shift;
    if (disp == 0 && base != 5) {
      mod = 0;
    } else if (scaled << shift == disp && scaled == (byte) scaled) {
      mod = 0x40;
    } else {
      mod = 0x80;
    }
    if (m.index >= 0) {
      put(mod | field | 4);
      put(m.scaleLog << 6 | (m.index & 7) << 3 | base);
    } else if (base == 4) {
      put(mod | field | 4);
      put(0x24);
    } else {
      put(mod | field | base);
    }
    if (mod == 0x40) {
      put(scaled);
    } else if (mod == 0x80) {
      put32(disp);
    }
  }

  // ---- errors ----

  private static IllegalArgumentException bad(VecOp op, Operand got, int wanted) {
    return bad(op, "it takes " + Kind.name(wanted) + " here, but got " + got);
  }

  private static IllegalArgumentException bad(VecOp op, String what) {
    return new IllegalArgumentException(op.mnemonic() + ": " + what);
  }

  private static IllegalArgumentException bad(GpOp op, String what) {
    return new IllegalArgumentException(op.mnemonic() + ": " + what);
  }
}
