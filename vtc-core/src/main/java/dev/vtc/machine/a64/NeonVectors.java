package dev.vtc.machine.a64;

import static dev.vtc.asm.a64.A64Assembler.list;
import static dev.vtc.asm.a64.A64Assembler.mem;

import dev.vtc.asm.a64.X;
import dev.vtc.tvl.TvlFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Sixteen lanes are four Q registers: lanes 0 to 3, 4 to 7, 8 to 11, 12 to 15. Seven such quads are
 * for kernels, v28 to v31 for what an operation needs itself.
 */
abstract class NeonVectors extends A64Lanes {
  private static final int QUADS = 7;
  private static final int LINE = TvlFormat.LINE_BYTES;

  /** Four Q registers. */
  private record Quad(int number) implements V {
    dev.vtc.asm.a64.V q(int i) {
      return dev.vtc.asm.a64.V.of(4 * number + i);
    }
  }

  static final dev.vtc.asm.a64.V T0 = dev.vtc.asm.a64.V.of(28);
  static final dev.vtc.asm.a64.V T1 = dev.vtc.asm.a64.V.of(29);
  static final dev.vtc.asm.a64.V T2 = dev.vtc.asm.a64.V.of(30);

  /** Holds {@link #cachedByte} in every byte, and nothing else ever. */
  static final dev.vtc.asm.a64.V BYTE = dev.vtc.asm.a64.V.of(31);

  private final boolean[] taken = new boolean[QUADS];

  /** What {@link #BYTE} is known to hold; -1 where control may have come from elsewhere. */
  private int cachedByte = -1;

  /** Memory that is in registers, see {@link #hold}. */
  private record Held(R base, int disp, Quad quad) {}

  private final List<Held> held = new ArrayList<>();

  NeonVectors(String name) {
    super(name);
  }

  static dev.vtc.asm.a64.V q(V v, int i) {
    return ((Quad) v).q(i);
  }

  @Override
  public V vec(String use) {
    for (int i = 0; i < QUADS; i++) {
      if (!taken[i]) {
        taken[i] = true;
        return new Quad(i);
      }
    }
    throw new IllegalStateException("No vector register is left for " + use + ".");
  }

  @Override
  public void free(V... registers) {
    for (V v : registers) {
      int number = ((Quad) v).number();
      if (!taken[number]) {
        throw new IllegalStateException("A vector register is freed but was not taken.");
      }
      taken[number] = false;
    }
  }

  @Override
  public int vectors() {
    return QUADS;
  }

  @Override
  void arrive() {
    cachedByte = -1;
    if (!held.isEmpty()) {
      throw new IllegalStateException("Memory is held where control arrives from elsewhere.");
    }
  }

  // ---- held memory ----

  @Override
  public void hold(R base, int disp) {
    for (int i = 0; i < QUADS; i++) {
      if (!taken[i]) {
        Quad quad = (Quad) vec("held memory");
        load(quad, base, disp);
        held.add(new Held(base, disp, quad));
        return;
      }
    }
  }

  @Override
  public void release() {
    for (Held h : held) {
      free(h.quad());
    }
    held.clear();
  }

  /** 32 bits of memory as an element: of a register that holds them, else loaded into T0. */
  final Element element(R base, int disp) {
    for (Held h : held) {
      int at = disp - h.disp();
      if (h.base().equals(base) && at >= 0 && at < LINE) {
        return new Element(h.quad().q(at / 16), at % 16 / 4);
      }
    }
    asm.ldr(T0.s, at(base, disp, 2));
    return new Element(T0, 0);
  }

  record Element(dev.vtc.asm.a64.V v, int i) {}

  /** {@link #BYTE}, with this value in every byte. */
  final dev.vtc.asm.a64.V everyByte(int value) {
    if (cachedByte != value) {
      asm.movi(BYTE.b16, value);
      cachedByte = value;
    }
    return BYTE;
  }

  // ---- loads and stores ----

  /** An address from which 64 bytes can be reached by pairs of Q registers. */
  private X lineBase(R base, int disp) {
    return pairsReach(disp) ? x(base) : address(base, disp);
  }

  private static int lineDisp(int disp) {
    return pairsReach(disp) ? disp : 0;
  }

  private static boolean pairsReach(int disp) {
    return disp % 16 == 0 && disp >= -1024 && disp <= 1008 - 32;
  }

  @Override
  public void load(V d, R base, int disp) {
    X from = lineBase(base, disp);
    int at = lineDisp(disp);
    asm.ldp(q(d, 0).q, q(d, 1).q, mem(from, at));
    asm.ldp(q(d, 2).q, q(d, 3).q, mem(from, at + 32));
  }

  @Override
  public void store(R base, int disp, V s) {
    X to = lineBase(base, disp);
    int at = lineDisp(disp);
    asm.stp(q(s, 0).q, q(s, 1).q, mem(to, at));
    asm.stp(q(s, 2).q, q(s, 3).q, mem(to, at + 32));
  }

  @Override
  public void loadPart(V d, R base, int disp, int count) {
    if (count == 16) {
      load(d, base, disp);
      return;
    }
    for (int i = 0; i < 4; i++) {
      dev.vtc.asm.a64.V to = q(d, i);
      int at = disp + 16 * i;
      switch (Math.clamp(count - 4 * i, 0, 4)) {
        case 0 -> asm.movi(to.b16, 0);
        case 1 -> asm.ldr(to.s, at(base, at, 2));
        case 2 -> asm.ldr(to.d, at(base, at, 3));
        case 3 -> {
          asm.ldr(to.d, at(base, at, 3));
          asm.ld1(to.s(2), mem(address(base, at + 8)));
        }
        default -> asm.ldr(to.q, at(base, at, 4));
      }
    }
  }

  @Override
  public void storePart(R base, int disp, V s, int count) {
    if (count == 16) {
      store(base, disp, s);
      return;
    }
    for (int i = 0; 4 * i < count; i++) {
      dev.vtc.asm.a64.V from = q(s, i);
      int at = disp + 16 * i;
      switch (Math.min(count - 4 * i, 4)) {
        case 1 -> asm.str(from.s, at(base, at, 2));
        case 2 -> asm.str(from.d, at(base, at, 3));
        case 3 -> {
          asm.str(from.d, at(base, at, 3));
          asm.st1(from.s(2), mem(address(base, at + 8)));
        }
        default -> asm.str(from.q, at(base, at, 4));
      }
    }
  }

  @Override
  public void storeLane0(R base, int disp, V s) {
    asm.str(q(s, 0).s, at(base, disp, 2));
  }

  @Override
  public void broadcast(V d, R base, int disp) {
    asm.ldr(T0.s, at(base, disp, 2));
    for (int i = 0; i < 4; i++) {
      asm.dup(q(d, i).s4, T0.s(0));
    }
  }

  @Override
  public void broadcast(V d, R s) {
    for (int i = 0; i < 4; i++) {
      asm.dup(q(d, i).s4, x(s).w());
    }
  }

  @Override
  public void constant(V d, float value) {
    constantInt(d, Float.floatToRawIntBits(value));
  }

  @Override
  public void constantInt(V d, int value) {
    if (value >= 0 && value <= 255) {
      for (int i = 0; i < 4; i++) {
        asm.movi(q(d, i).s4, value);
      }
      return;
    }
    asm.ldr(q(d, 0).q, asm.literal(value, value, value, value));
    for (int i = 1; i < 4; i++) {
      asm.mov(q(d, i).b16, q(d, 0).b16);
    }
  }

  @Override
  public void zero(V d) {
    for (int i = 0; i < 4; i++) {
      asm.movi(q(d, i).b16, 0);
    }
  }

  @Override
  public void move(V d, V s) {
    if (!d.equals(s)) {
      for (int i = 0; i < 4; i++) {
        asm.mov(q(d, i).b16, q(s, i).b16);
      }
    }
  }

  private void loadHalfLine(R base, int disp) {
    boolean reached = disp % 16 == 0 && disp >= -1024 && disp <= 1008;
    asm.ldp(T0.q, T1.q, reached ? mem(x(base), disp) : mem(address(base, disp)));
  }

  @Override
  public void loadHalf(V d, R base, int disp) {
    loadHalfLine(base, disp);
    asm.fcvtl(q(d, 0).s4, T0.h4);
    asm.fcvtl2(q(d, 1).s4, T0.h8);
    asm.fcvtl(q(d, 2).s4, T1.h4);
    asm.fcvtl2(q(d, 3).s4, T1.h8);
  }

  @Override
  public void loadBfloat(V d, R base, int disp) {
    loadHalfLine(base, disp);
    asm.shll(q(d, 0).s4, T0.h4, 16);
    asm.shll2(q(d, 1).s4, T0.h8, 16);
    asm.shll(q(d, 2).s4, T1.h4, 16);
    asm.shll2(q(d, 3).s4, T1.h8, 16);
  }

  @Override
  public void loadLane0(V d, R base, int disp) {
    asm.ldr(q(d, 0).s, at(base, disp, 2));
  }

  @Override
  public void loadHalfLane0(V d, R base, int disp) {
    asm.ldr(T0.h, at(base, disp, 1));
    asm.fcvt(q(d, 0).s, T0.h);
  }

  @Override
  public void loadApart(V d, R base, int low, int high) {
    for (int i = 0; i < 4; i++) {
      asm.ldr(q(d, i).q, at(base, (i < 2 ? low : high - 32) + 16 * i, 4));
    }
  }

  @Override
  public void loadNibblesApart(V d, R base, int low, int high) {
    dev.vtc.asm.a64.V every = everyByte(0x0f);
    for (int i = 0; i < 4; i += 2) {
      asm.ldr(T0.q, at(base, i == 0 ? low : high, 4));
      asm.and(q(d, i).b16, T0.b16, every.b16);
      asm.ushr(q(d, i + 1).b16, T0.b16, 4);
    }
  }

  @Override
  public void broadcastHalfApart(V d, R base, int low, int high) {
    for (int i = 0; i < 4; i += 2) {
      asm.ld1r(list(T0.h8), mem(address(base, i == 0 ? low : high)));
      asm.fcvtl(q(d, i).s4, T0.h4);
      asm.mov(q(d, i + 1).b16, q(d, i).b16);
    }
  }

  @Override
  public void storeHalf(R base, int disp, V s) {
    asm.fcvtn(T0.h4, q(s, 0).s4);
    asm.fcvtn2(T0.h8, q(s, 1).s4);
    asm.fcvtn(T1.h4, q(s, 2).s4);
    asm.fcvtn2(T1.h8, q(s, 3).s4);
    boolean reached = disp % 16 == 0 && disp >= -1024 && disp <= 1008;
    asm.stp(T0.q, T1.q, reached ? mem(x(base), disp) : mem(address(base, disp)));
  }

  @Override
  public void storeBytes(R base, int disp, V s) {
    asm.uzp1(T0.h8, q(s, 0).h8, q(s, 1).h8);
    asm.uzp1(T1.h8, q(s, 2).h8, q(s, 3).h8);
    asm.uzp1(T0.b16, T0.b16, T1.b16);
    asm.str(T0.q, at(base, disp, 4));
  }

  // ---- lane by lane ----

  interface Unary {
    void emit(dev.vtc.asm.a64.V d, dev.vtc.asm.a64.V s);
  }

  interface Binary {
    void emit(dev.vtc.asm.a64.V d, dev.vtc.asm.a64.V a, dev.vtc.asm.a64.V b);
  }

  static void each(V d, V s, Unary f) {
    for (int i = 0; i < 4; i++) {
      f.emit(q(d, i), q(s, i));
    }
  }

  static void each(V d, V a, V b, Binary f) {
    for (int i = 0; i < 4; i++) {
      f.emit(q(d, i), q(a, i), q(b, i));
    }
  }

  // ---- f32 ----

  @Override
  public void fmaLane0(V acc, V a, V b) {
    asm.fmadd(q(acc, 0).s, q(a, 0).s, q(b, 0).s, q(acc, 0).s);
  }

  @Override
  public void fma(V acc, V a, V b) {
    each(acc, a, b, (d, n, m) -> asm.fmla(d.s4, n.s4, m.s4));
  }

  @Override
  public void fma(V acc, V a, R base, int disp) {
    Element e = element(base, disp);
    each(acc, a, (d, n) -> asm.fmla(d.s4, n.s4, e.v().s(e.i())));
  }

  @Override
  public void fms(V acc, V a, V b) {
    each(
        acc,
        a,
        b,
        (d, n, m) -> {
          asm.fneg(d.s4, d.s4);
          asm.fmla(d.s4, n.s4, m.s4);
        });
  }

  @Override
  public void add(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.fadd(r.s4, n.s4, m.s4));
  }

  @Override
  public void sub(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.fsub(r.s4, n.s4, m.s4));
  }

  @Override
  public void mul(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.fmul(r.s4, n.s4, m.s4));
  }

  @Override
  public void mul(V d, V a, R base, int disp) {
    asm.ldr(T0.s, at(base, disp, 2));
    each(d, a, (r, n) -> asm.fmul(r.s4, n.s4, T0.s(0)));
  }

  @Override
  public void div(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.fdiv(r.s4, n.s4, m.s4));
  }

  @Override
  public void sqrt(V d, V s) {
    each(d, s, (r, n) -> asm.fsqrt(r.s4, n.s4));
  }

  @Override
  public void max(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.fmaxnm(r.s4, n.s4, m.s4));
  }

  @Override
  public void selectLess(V d, V a, V b, V whenLess) {
    for (int i = 0; i < 4; i++) {
      asm.fcmgt(T0.s4, q(b, i).s4, q(a, i).s4);
      asm.bit(q(d, i).b16, q(whenLess, i).b16, T0.b16);
    }
  }

  @Override
  public void zeroWhereLess(V d, V a, V b) {
    for (int i = 0; i < 4; i++) {
      asm.fcmgt(T0.s4, q(b, i).s4, q(a, i).s4);
      asm.bic(q(d, i).b16, q(d, i).b16, T0.b16);
    }
  }

  @Override
  public void selectNaN(V d, V a, V whenNaN) {
    for (int i = 0; i < 4; i++) {
      asm.fcmeq(T0.s4, q(a, i).s4, q(a, i).s4);
      asm.bif(q(d, i).b16, q(whenNaN, i).b16, T0.b16);
    }
  }

  @Override
  public void keepBelow(V d, R count, V other) {
    asm.dup(T0.s4, x(count).w());
    for (int i = 0; i < 4; i++) {
      asm.ldr(T1.q, asm.literal(4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3));
      asm.cmgt(T1.s4, T0.s4, T1.s4);
      asm.bif(q(d, i).b16, q(other, i).b16, T1.b16);
    }
  }

  @Override
  public void duplicateEven(V d, V s) {
    each(d, s, (r, n) -> asm.trn1(r.s4, n.s4, n.s4));
  }

  @Override
  public void duplicateOdd(V d, V s) {
    each(d, s, (r, n) -> asm.trn2(r.s4, n.s4, n.s4));
  }

  /** Folds by 8, 4, 2 and 1 lanes; then the other quarters are copies of the first. */
  private void foldAll(V v, Binary f) {
    dev.vtc.asm.a64.V sum = q(v, 0);
    f.emit(sum, sum, q(v, 2));
    f.emit(q(v, 1), q(v, 1), q(v, 3));
    f.emit(sum, sum, q(v, 1));
    asm.ext(T0.b16, sum.b16, sum.b16, 8);
    f.emit(sum, sum, T0);
    asm.rev64(T0.s4, sum.s4);
    f.emit(sum, sum, T0);
    for (int i = 1; i < 4; i++) {
      asm.mov(q(v, i).b16, sum.b16);
    }
  }

  @Override
  public void fold(V v, V temp) {
    foldAll(v, (r, n, m) -> asm.fadd(r.s4, n.s4, m.s4));
  }

  @Override
  public void foldMax(V v, V temp) {
    foldAll(v, (r, n, m) -> asm.fmaxnm(r.s4, n.s4, m.s4));
  }

  @Override
  public void foldMaxInt(V v, V temp) {
    foldAll(v, (r, n, m) -> asm.smax(r.s4, n.s4, m.s4));
  }

  @Override
  public void foldInt(V v, V temp) {
    foldAll(v, (r, n, m) -> asm.add(r.s4, n.s4, m.s4));
  }

  // ---- int32 ----

  @Override
  public void addInt(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.add(r.s4, n.s4, m.s4));
  }

  @Override
  public void subInt(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.sub(r.s4, n.s4, m.s4));
  }

  @Override
  public void mulInt(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.mul(r.s4, n.s4, m.s4));
  }

  @Override
  public void and(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.and(r.b16, n.b16, m.b16));
  }

  @Override
  public void or(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.orr(r.b16, n.b16, m.b16));
  }

  @Override
  public void xor(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.eor(r.b16, n.b16, m.b16));
  }

  @Override
  public void shiftLeft(V d, V s, int bits) {
    if (bits == 0) {
      move(d, s);
    } else {
      each(d, s, (r, n) -> asm.shl(r.s4, n.s4, bits));
    }
  }

  @Override
  public void shiftRight(V d, V s, int bits) {
    if (bits == 0) {
      move(d, s);
    } else {
      each(d, s, (r, n) -> asm.ushr(r.s4, n.s4, bits));
    }
  }

  @Override
  public void shiftRightSigned(V d, V s, int bits) {
    if (bits == 0) {
      move(d, s);
    } else {
      each(d, s, (r, n) -> asm.sshr(r.s4, n.s4, bits));
    }
  }

  @Override
  public void maxInt(V d, V a, V b) {
    each(d, a, b, (r, n, m) -> asm.smax(r.s4, n.s4, m.s4));
  }

  @Override
  public void toFloat(V d, V s) {
    each(d, s, (r, n) -> asm.scvtf(r.s4, n.s4));
  }

  @Override
  public void toInt(V d, V s) {
    each(d, s, (r, n) -> asm.fcvtns(r.s4, n.s4));
  }
}
