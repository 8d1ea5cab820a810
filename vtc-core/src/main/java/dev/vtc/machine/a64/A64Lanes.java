package dev.vtc.machine.a64;

import static dev.vtc.asm.a64.A64Assembler.mem;
import static dev.vtc.asm.a64.A64Assembler.post;
import static dev.vtc.asm.a64.A64Assembler.pre;

import dev.vtc.asm.MachineCode;
import dev.vtc.asm.a64.A64Assembler;
import dev.vtc.asm.a64.Barrier;
import dev.vtc.asm.a64.Cond;
import dev.vtc.asm.a64.Label;
import dev.vtc.asm.a64.Mem;
import dev.vtc.asm.a64.Prefetch;
import dev.vtc.asm.a64.SystemRegister;
import dev.vtc.asm.a64.X;
import dev.vtc.machine.lanes.LaneAssembler;

/**
 * General registers, control flow and atomics, by the AArch64 procedure call standard (AAPCS64).
 *
 * <pre>
 * x0 … x3    arguments        x15  status of a store-exclusive
 * x4 … x14   temporaries      x16  constants, addresses of calls
 * x19 … x28  kept             x17  addresses that no load can express
 * </pre>
 *
 * x18 belongs to the platform. A function that calls or is called from outside begins with {@link
 * #enter}; others may use every vector register, for only functions of a machine call them.
 */
abstract class A64Lanes extends LaneAssembler {
  private static final X STATUS = X.of(15);
  static final X VALUE = X.of(16);
  static final X ADDRESS = X.of(17);
  private static final int FIRST_KEPT = 19;
  private static final int LAST_KEPT = 28;

  /** Where temporaries come from: those that hold no argument first, then kept ones. */
  private static final int[] TEMPORARIES = {
    14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19
  };

  /** Bytes of x29, x30, x19 … x28, d8 … d15 on the stack. */
  private static final int FRAME = 16 + 80 + 64;

  /** A general register. */
  private record G(X x, int number) implements R {}

  private record At(Label label) implements Place {}

  final A64Assembler asm = new A64Assembler();
  private final String name;
  private final boolean[] taken = new boolean[32];
  private boolean entered;

  A64Lanes(String name) {
    this.name = name;
  }

  static X x(R r) {
    return ((G) r).x();
  }

  private R take(int number) {
    taken[number] = true;
    return new G(X.of(number), number);
  }

  // ---- registers ----

  @Override
  public final R arg(int i) {
    if (taken[i]) {
      throw new IllegalStateException("The register of argument " + i + " is taken.");
    }
    return take(i);
  }

  @Override
  public final void enter() {
    entered = true;
    asm.stp(X.of(29), X.of(30), pre(X.SP, -FRAME));
    asm.mov(X.of(29), X.SP);
    for (int i = 0; i < 5; i++) {
      asm.stp(X.of(19 + 2 * i), X.of(20 + 2 * i), mem(X.SP, 16 + 16 * i));
    }
    for (int i = 0; i < 4; i++) {
      asm.stp(low(8 + 2 * i), low(9 + 2 * i), mem(X.SP, 96 + 16 * i));
    }
  }

  private static dev.vtc.asm.a64.D low(int vector) {
    return dev.vtc.asm.a64.V.of(vector).d;
  }

  @Override
  public final void leave() {
    if (entered) {
      for (int i = 0; i < 5; i++) {
        asm.ldp(X.of(19 + 2 * i), X.of(20 + 2 * i), mem(X.SP, 16 + 16 * i));
      }
      for (int i = 0; i < 4; i++) {
        asm.ldp(low(8 + 2 * i), low(9 + 2 * i), mem(X.SP, 96 + 16 * i));
      }
      asm.ldp(X.of(29), X.of(30), post(X.SP, FRAME));
    }
    asm.ret();
  }

  @Override
  public final R kept(String use) {
    for (int i = FIRST_KEPT; entered && i <= LAST_KEPT; i++) {
      if (!taken[i]) {
        return take(i);
      }
    }
    throw new IllegalStateException("No kept register is left for " + use + " in " + name + ".");
  }

  @Override
  public final R temp(String use) {
    for (int i : TEMPORARIES) {
      if (!taken[i] && (entered || i < FIRST_KEPT)) {
        return take(i);
      }
    }
    throw new IllegalStateException("No register is left for " + use + " in " + name + ".");
  }

  @Override
  public final void free(R... registers) {
    for (R r : registers) {
      int number = ((G) r).number();
      if (!taken[number]) {
        throw new IllegalStateException(x(r) + " is freed but was not taken.");
      }
      taken[number] = false;
    }
  }

  // ---- addresses ----

  /**
   * A memory operand for an access of {@code 1 << log2Size} bytes: with the displacement where the
   * instruction can express it, else by way of {@link #ADDRESS}.
   */
  final Mem at(R base, int disp, int log2Size) {
    boolean scaled = disp >= 0 && (disp & (1 << log2Size) - 1) == 0 && disp >> log2Size < 4096;
    if (scaled || (disp >= -256 && disp <= 255)) {
      return mem(x(base), disp);
    }
    return mem(address(base, disp));
  }

  /** base + disp, in {@link #ADDRESS} unless disp is 0. */
  final X address(R base, int disp) {
    if (disp == 0) {
      return x(base);
    }
    add(ADDRESS, x(base), disp);
    return ADDRESS;
  }

  private void add(X d, X s, int value) {
    int magnitude = Math.abs(value);
    int sign = Integer.signum(value);
    if (magnitude <= 4095 || ((magnitude & 4095) == 0 && magnitude < 1 << 24 && magnitude > 0)) {
      asm.add(d, s, value);
    } else if (magnitude > 0 && magnitude < 1 << 24) {
      asm.add(d, s, sign * (magnitude & ~4095));
      asm.add(d, d, sign * (magnitude & 4095));
    } else {
      asm.mov(VALUE, value);
      asm.add(d, s, VALUE);
    }
  }

  // ---- integers and control ----

  @Override
  public final void move(R d, R s) {
    if (x(d) != x(s)) {
      asm.mov(x(d), x(s));
    }
  }

  @Override
  public final void set(R d, long value) {
    asm.mov(x(d), value);
  }

  @Override
  public final void load64(R d, R base, int disp) {
    asm.ldr(x(d), at(base, disp, 3));
  }

  @Override
  public final void load32(R d, R base, int disp) {
    asm.ldr(x(d).w(), at(base, disp, 2));
  }

  @Override
  public final void load16(R d, R base, int disp) {
    asm.ldrh(x(d).w(), at(base, disp, 1));
  }

  @Override
  public final void load8(R d, R base, int disp) {
    asm.ldrb(x(d).w(), at(base, disp, 0));
  }

  @Override
  public final void loadSigned8(R d, R base, int disp) {
    asm.ldrsb(x(d), at(base, disp, 0));
  }

  @Override
  public final void store64(R base, int disp, R s) {
    asm.str(x(s), at(base, disp, 3));
  }

  @Override
  public final void store32(R base, int disp, R s) {
    asm.str(x(s).w(), at(base, disp, 2));
  }

  @Override
  public final void store16(R base, int disp, R s) {
    asm.strh(x(s).w(), at(base, disp, 1));
  }

  @Override
  public final void add(R d, R s) {
    asm.add(x(d), x(d), x(s));
  }

  @Override
  public final void add(R d, int value) {
    add(x(d), x(d), value);
  }

  @Override
  public final void sub(R d, R s) {
    asm.sub(x(d), x(d), x(s));
  }

  @Override
  public final void mul(R d, R s) {
    asm.mul(x(d), x(d), x(s));
  }

  @Override
  public final void mul(R d, R s, int value) {
    asm.mov(VALUE, value);
    asm.mul(x(d), x(s), VALUE);
  }

  @Override
  public final void shiftLeft(R d, int bits) {
    asm.lsl(x(d), x(d), bits);
  }

  @Override
  public final void shiftRight(R d, int bits) {
    asm.lsr(x(d), x(d), bits);
  }

  @Override
  public final void and(R d, int value) {
    asm.mov(VALUE, value);
    asm.and(x(d), x(d), VALUE);
  }

  @Override
  public final Place place(String use) {
    return new At(asm.label(use));
  }

  private static Label label(Place p) {
    return ((At) p).label();
  }

  @Override
  public final void bind(Place place) {
    arrive();
    asm.bind(label(place));
  }

  /** Called where control arrives from elsewhere: nothing is known of temporaries any more. */
  abstract void arrive();

  @Override
  public final void jump(Place target) {
    asm.b(label(target));
  }

  private static Cond cond(Compare c) {
    return switch (c) {
      case EQ -> Cond.EQ;
      case NE -> Cond.NE;
      case LT -> Cond.LT;
      case GE -> Cond.GE;
      case GT -> Cond.GT;
      case LE -> Cond.LE;
    };
  }

  @Override
  public final void jumpIf(Compare c, R a, R b, Place target) {
    asm.cmp(x(a), x(b));
    asm.b(cond(c), label(target));
  }

  @Override
  public final void jumpIf(Compare c, R a, int b, Place target) {
    if (b == 0 && c == Compare.EQ) {
      asm.cbz(x(a), label(target));
    } else if (b == 0 && c == Compare.NE) {
      asm.cbnz(x(a), label(target));
    } else if (b >= 0 && b <= 4095) {
      asm.cmp(x(a), b);
      asm.b(cond(c), label(target));
    } else {
      asm.mov(VALUE, b);
      asm.cmp(x(a), VALUE);
      asm.b(cond(c), label(target));
    }
  }

  @Override
  public final void call(R target) {
    asm.blr(x(target));
    arrive();
  }

  @Override
  public final void callKernel(R target, R a0, R a1, R a2, R a3) {
    // By way of the stack, whatever the registers are: a call is made once a panel or less often.
    asm.stp(x(a2), x(a3), pre(X.SP, -32));
    asm.stp(x(a0), x(a1), mem(X.SP, 16));
    asm.mov(VALUE, x(target));
    asm.ldp(X.of(0), X.of(1), mem(X.SP, 16));
    asm.ldp(X.of(2), X.of(3), post(X.SP, 32));
    asm.blr(VALUE);
    arrive();
  }

  @Override
  public final void fetchAdd(R old, R base, int disp, R value) {
    if (x(old) == x(base) || x(old) == x(value)) {
      throw new IllegalArgumentException("The result would overwrite an operand.");
    }
    // Not LDADDAL, which ARMv8.0 lacks: a claim or a barrier comes some hundred times a step.
    X address = address(base, disp);
    Label retry = asm.here("retry");
    asm.ldaxr(x(old), mem(address));
    asm.add(VALUE, x(old), x(value));
    asm.stlxr(STATUS.w(), VALUE, mem(address));
    asm.cbnz(STATUS.w(), retry);
    asm.dmb(Barrier.ISH);
  }

  @Override
  public final void loadAcquire(R d, R base, int disp) {
    asm.ldar(x(d), mem(address(base, disp)));
  }

  @Override
  public final void spinHint() {
    asm.yield_();
  }

  @Override
  public final void prefetch(R base, int disp) {
    boolean direct = disp >= 0 && disp < 1 << 15 && disp % 8 == 0;
    asm.prfm(Prefetch.PLDL1KEEP, direct ? mem(x(base), disp) : mem(address(base, disp)));
  }

  @Override
  public final void ticks(R d) {
    asm.isb(); // else the counter may be read before what precedes it is done
    asm.mrs(x(d), SystemRegister.CNTVCT_EL0);
  }

  @Override
  public final MachineCode finish() {
    return new MachineCode(name, asm.code(), MachineCode.CACHE_LINE);
  }
}
