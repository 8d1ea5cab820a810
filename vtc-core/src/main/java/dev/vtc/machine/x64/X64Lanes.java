package dev.vtc.machine.x64;

import dev.vtc.asm.MachineCode;
import dev.vtc.asm.x64.Cond;
import dev.vtc.asm.x64.Gp;
import dev.vtc.asm.x64.Label;
import dev.vtc.asm.x64.Mem;
import dev.vtc.asm.x64.X64Assembler;
import dev.vtc.machine.lanes.LaneAssembler;

/**
 * General registers, control flow and atomics: what both x86-64 backends share. System V calling
 * convention.
 */
abstract class X64Lanes extends LaneAssembler {
  private static final int[] ARGUMENTS = {7, 6, 2, 1};
  private static final int[] KEPT = {3, 5, 12, 13, 14, 15};

  /** A general register. */
  record G(Gp gp) implements R {}

  private record At(Label label) implements Place {}

  final X64Assembler asm;
  private final boolean[] keptTaken = new boolean[16];
  private boolean entered;

  X64Lanes(String name, X64Assembler.Vectors vectors) {
    asm = new X64Assembler(name, vectors);
  }

  static Gp g(R r) {
    return ((G) r).gp();
  }

  final Mem mem(R base, int disp) {
    return asm.mem(g(base), disp);
  }

  private static Label label(Place p) {
    return ((At) p).label();
  }

  // ---- registers ----

  @Override
  public final R arg(int i) {
    return new G(asm.gp(Gp.of(ARGUMENTS[i]), "argument"));
  }

  @Override
  public final void enter() {
    asm.enter(KEPT.length);
    // Seven words lie on the stack now, the return address among them: one more aligns it for calls
    // into C.
    asm.sub(Gp.RSP, 8);
    entered = true;
  }

  @Override
  public final void leave() {
    if (entered) {
      asm.add(Gp.RSP, 8);
    }
    asm.leave();
  }

  @Override
  public final R kept(String use) {
    for (int id : KEPT) {
      if (!keptTaken[id]) {
        keptTaken[id] = true;
        return new G(asm.gp(Gp.of(id), use));
      }
    }
    throw new IllegalStateException("No kept register is left for " + use + ".");
  }

  @Override
  public final R temp(String use) {
    Gp gp = asm.gp(use);
    keptTaken[number(gp)] = true;
    return new G(gp);
  }

  private static int number(Gp gp) {
    for (int i = 0; i < 16; i++) {
      if (Gp.of(i) == gp) {
        return i;
      }
    }
    throw new IllegalArgumentException(gp.name());
  }

  @Override
  public final void free(R... registers) {
    for (R r : registers) {
      keptTaken[number(g(r))] = false;
      asm.release(g(r));
    }
  }

  /** On Intel vpmulld is two operations on one of two ports: Q6K tiles were a fifth slower. */
  @Override
  public final boolean slowIntegerProducts() {
    return true;
  }

  // ---- integers and control ----

  @Override
  public final void move(R d, R s) {
    if (g(d) != g(s)) {
      asm.mov(g(d), g(s));
    }
  }

  @Override
  public final void set(R d, long value) {
    asm.mov(g(d), value);
  }

  @Override
  public final void load64(R d, R base, int disp) {
    asm.mov(g(d), mem(base, disp));
  }

  @Override
  public final void load32(R d, R base, int disp) {
    asm.mov(g(d).r32(), mem(base, disp));
  }

  @Override
  public final void load16(R d, R base, int disp) {
    asm.movzx16(g(d).r32(), mem(base, disp));
  }

  @Override
  public final void load8(R d, R base, int disp) {
    asm.movzx8(g(d).r32(), mem(base, disp));
  }

  @Override
  public final void loadSigned8(R d, R base, int disp) {
    asm.movsx8(g(d), mem(base, disp));
  }

  @Override
  public final void store64(R base, int disp, R s) {
    asm.mov(mem(base, disp), g(s));
  }

  @Override
  public final void store32(R base, int disp, R s) {
    asm.mov(mem(base, disp), g(s).r32());
  }

  @Override
  public final void store16(R base, int disp, R s) {
    asm.mov16(mem(base, disp), g(s));
  }

  @Override
  public final void add(R d, R s) {
    asm.add(g(d), g(s));
  }

  @Override
  public final void add(R d, int value) {
    asm.add(g(d), value);
  }

  @Override
  public final void sub(R d, R s) {
    asm.sub(g(d), g(s));
  }

  @Override
  public final void mul(R d, R s) {
    asm.imul(g(d), g(s));
  }

  @Override
  public final void mul(R d, R s, int value) {
    asm.imul(g(d), g(s), value);
  }

  @Override
  public final void shiftLeft(R d, int bits) {
    asm.shl(g(d), bits);
  }

  @Override
  public final void shiftRight(R d, int bits) {
    asm.shr(g(d), bits);
  }

  @Override
  public final void and(R d, int value) {
    asm.and(g(d), value);
  }

  @Override
  public final Place place(String name) {
    return new At(asm.label(name));
  }

  @Override
  public final void bind(Place place) {
    asm.bind(label(place));
  }

  @Override
  public final void jump(Place target) {
    asm.jmp(label(target));
  }

  private static Cond cond(Compare c) {
    return switch (c) {
      case EQ -> Cond.E;
      case NE -> Cond.NE;
      case LT -> Cond.L;
      case GE -> Cond.GE;
      case GT -> Cond.G;
      case LE -> Cond.LE;
    };
  }

  @Override
  public final void jumpIf(Compare c, R a, R b, Place target) {
    asm.cmp(g(a), g(b));
    asm.jcc(cond(c), label(target));
  }

  @Override
  public final void jumpIf(Compare c, R a, int b, Place target) {
    asm.cmp(g(a), b);
    asm.jcc(cond(c), label(target));
  }

  @Override
  public final void call(R target) {
    asm.call(g(target));
  }

  @Override
  public final void callKernel(R target, R a0, R a1, R a2, R a3) {
    // By way of the stack, whatever the registers are: a call is made once a panel or less often.
    asm.push(g(a3));
    asm.push(g(a2));
    asm.push(g(a1));
    asm.push(g(a0));
    asm.mov(Gp.RAX, g(target));
    for (int argument : ARGUMENTS) {
      asm.pop(Gp.of(argument));
    }
    asm.call(Gp.RAX);
  }

  @Override
  public final void fetchAdd(R old, R base, int disp, R value) {
    if (g(old) == g(base)) {
      throw new IllegalArgumentException("The result would overwrite the base.");
    }
    move(old, value);
    asm.lockXadd(mem(base, disp), g(old));
  }

  @Override
  public final void loadAcquire(R d, R base, int disp) {
    asm.mov(g(d), mem(base, disp));
  }

  @Override
  public final void spinHint() {
    asm.pause();
  }

  @Override
  public final void prefetch(R base, int disp) {
    asm.prefetcht0(mem(base, disp));
  }

  @Override
  public final void ticks(R d) {
    boolean keepLow = g(d) != Gp.RAX;
    boolean keepHigh = g(d) != Gp.RDX;
    if (keepLow) {
      asm.push(Gp.RAX);
    }
    if (keepHigh) {
      asm.push(Gp.RDX);
    }
    // RDTSC alone may run before what precedes it, and RDTSCP would destroy RCX as well.
    asm.lfence();
    asm.rdtsc();
    asm.shl(Gp.RDX, 32);
    asm.or(Gp.RDX, Gp.RAX);
    if (keepHigh) {
      asm.mov(g(d), Gp.RDX);
      asm.pop(Gp.RDX);
    }
    if (keepLow) {
      asm.pop(Gp.RAX);
    }
  }

  @Override
  public final MachineCode finish() {
    return asm.finish();
  }

  static int repeated(int mask) {
    return mask * 0x01010101;
  }
}
