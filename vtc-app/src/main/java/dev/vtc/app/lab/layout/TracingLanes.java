package dev.vtc.app.lab.layout;

import dev.vtc.asm.MachineCode;
import dev.vtc.machine.lanes.LaneAssembler;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine that computes addresses and nothing else: what a kernel emits on it can be run, and
 * tells every load that the kernel makes, in order. Vector registers have no values, for no address
 * depends on one.
 *
 * <p>A register of 16 lanes is loaded at once, as AVX-512 does; AVX2 takes two loads for it and
 * NEON four, of the same bytes.
 */
final class TracingLanes extends LaneAssembler {
  /** Hears of loads. */
  interface Listener {
    /** {@code bytes} bytes at {@code address} are loaded by one instruction. */
    void load(long address, int bytes);
  }

  /** One instruction: what it does to the registers, and where the next is, -1 at the end. */
  private interface Op {
    int run(long[] registers, int next);
  }

  private record Reg(int number) implements R {}

  private record Vector() implements V {}

  private static final class Target implements Place {
    private int at = -1;
  }

  private static final V VECTOR = new Vector();
  private static final int LINE = 64;
  private static final int ARGUMENTS = 4;

  private final List<Op> code = new ArrayList<>();
  private int registers = ARGUMENTS;
  private Listener listener = (address, bytes) -> {};

  /**
   * Runs what was emitted.
   *
   * @param to hears of every load
   * @param arguments of the function, four at most
   */
  void run(Listener to, long... arguments) {
    listener = to;
    long[] values = new long[registers];
    System.arraycopy(arguments, 0, values, 0, arguments.length);
    Op[] ops = code.toArray(Op[]::new);
    for (int at = 0; at >= 0; ) {
      at = ops[at].run(values, at + 1);
    }
  }

  private static int n(R r) {
    return ((Reg) r).number();
  }

  private interface Effect {
    void on(long[] r);
  }

  private void op(Effect effect) {
    code.add((r, next) -> {
      effect.on(r);
      return next;
    });
  }

  private void loads(R base, int disp, int bytes) {
    int b = n(base);
    op(r -> listener.load(r[b] + disp, bytes));
  }

  private static UnsupportedOperationException valueNeeded() {
    return new UnsupportedOperationException("An address depends on a value.");
  }

  // ---- registers ----

  @Override
  public R arg(int i) {
    return new Reg(i);
  }

  @Override
  public void enter() {}

  @Override
  public void leave() {
    code.add((r, next) -> -1);
  }

  @Override
  public R kept(String use) {
    return new Reg(registers++);
  }

  @Override
  public R temp(String use) {
    return new Reg(registers++);
  }

  @Override
  public void free(R... registers) {}

  @Override
  public V vec(String use) {
    return VECTOR;
  }

  @Override
  public void free(V... registers) {}

  @Override
  public int vectors() {
    return 30;
  }

  // ---- integers and control ----

  @Override
  public void move(R d, R s) {
    int to = n(d);
    int from = n(s);
    op(r -> r[to] = r[from]);
  }

  @Override
  public void set(R d, long value) {
    int to = n(d);
    op(r -> r[to] = value);
  }

  /** What was loaded is not known; whatever is computed from it must not become an address. */
  private void unknown(R d, R base, int disp, int bytes) {
    loads(base, disp, bytes);
    set(d, 0);
  }

  @Override
  public void load64(R d, R base, int disp) {
    unknown(d, base, disp, Long.BYTES);
  }

  @Override
  public void load32(R d, R base, int disp) {
    unknown(d, base, disp, Integer.BYTES);
  }

  @Override
  public void load16(R d, R base, int disp) {
    unknown(d, base, disp, Short.BYTES);
  }

  @Override
  public void load8(R d, R base, int disp) {
    unknown(d, base, disp, 1);
  }

  @Override
  public void loadSigned8(R d, R base, int disp) {
    unknown(d, base, disp, 1);
  }

  @Override
  public void store64(R base, int disp, R s) {}

  @Override
  public void store32(R base, int disp, R s) {}

  @Override
  public void store16(R base, int disp, R s) {}

  @Override
  public void add(R d, R s) {
    int to = n(d);
    int from = n(s);
    op(r -> r[to] += r[from]);
  }

  @Override
  public void add(R d, int value) {
    int to = n(d);
    op(r -> r[to] += value);
  }

  @Override
  public void sub(R d, R s) {
    int to = n(d);
    int from = n(s);
    op(r -> r[to] -= r[from]);
  }

  @Override
  public void mul(R d, R s) {
    int to = n(d);
    int from = n(s);
    op(r -> r[to] *= r[from]);
  }

  @Override
  public void mul(R d, R s, int value) {
    int to = n(d);
    int from = n(s);
    op(r -> r[to] = r[from] * value);
  }

  @Override
  public void shiftLeft(R d, int bits) {
    int to = n(d);
    op(r -> r[to] <<= bits);
  }

  @Override
  public void shiftRight(R d, int bits) {
    int to = n(d);
    op(r -> r[to] >>>= bits);
  }

  @Override
  public void and(R d, int value) {
    int to = n(d);
    op(r -> r[to] &= value);
  }

  @Override
  public Place place(String name) {
    return new Target();
  }

  @Override
  public void bind(Place place) {
    ((Target) place).at = code.size();
  }

  @Override
  public void jump(Place target) {
    Target to = (Target) target;
    code.add((r, next) -> to.at);
  }

  private static boolean holds(Compare c, long a, long b) {
    return switch (c) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case GE -> a >= b;
      case GT -> a > b;
      case LE -> a <= b;
    };
  }

  @Override
  public void jumpIf(Compare c, R a, R b, Place target) {
    Target to = (Target) target;
    int x = n(a);
    int y = n(b);
    code.add((r, next) -> holds(c, r[x], r[y]) ? to.at : next);
  }

  @Override
  public void jumpIf(Compare c, R a, int b, Place target) {
    Target to = (Target) target;
    int x = n(a);
    code.add((r, next) -> holds(c, r[x], b) ? to.at : next);
  }

  @Override
  public void call(R target) {
    throw valueNeeded();
  }

  @Override
  public void callKernel(R target, R a0, R a1, R a2, R a3) {
    throw valueNeeded();
  }

  @Override
  public void fetchAdd(R old, R base, int disp, R value) {
    throw valueNeeded();
  }

  @Override
  public void loadAcquire(R d, R base, int disp) {
    throw valueNeeded();
  }

  @Override
  public void spinHint() {}

  /** Not a load: it asks for a line that is loaded later, or for none of the matrix. */
  @Override
  public void prefetch(R base, int disp) {}

  @Override
  public void ticks(R d) {
    set(d, 0);
  }

  // ---- loads and stores of 16 lanes ----

  @Override
  public void load(V d, R base, int disp) {
    loads(base, disp, LINE);
  }

  @Override
  public void store(R base, int disp, V s) {}

  @Override
  public void loadPart(V d, R base, int disp, int count) {
    loads(base, disp, 4 * count);
  }

  @Override
  public void storePart(R base, int disp, V s, int count) {}

  @Override
  public void storeLane0(R base, int disp, V s) {}

  @Override
  public void broadcast(V d, R base, int disp) {
    loads(base, disp, Float.BYTES);
  }

  @Override
  public void broadcast(V d, R s) {}

  @Override
  public void constant(V d, float value) {}

  @Override
  public void constantInt(V d, int value) {}

  @Override
  public void zero(V d) {}

  @Override
  public void move(V d, V s) {}

  @Override
  public void loadHalf(V d, R base, int disp) {
    loads(base, disp, LINE / 2);
  }

  @Override
  public void loadBfloat(V d, R base, int disp) {
    loads(base, disp, LINE / 2);
  }

  @Override
  public void storeHalf(R base, int disp, V s) {}

  @Override
  public void storeBytes(R base, int disp, V s) {}

  @Override
  public void loadLane0(V d, R base, int disp) {
    loads(base, disp, Float.BYTES);
  }

  @Override
  public void loadHalfLane0(V d, R base, int disp) {
    loads(base, disp, Short.BYTES);
  }

  @Override
  public void loadApart(V d, R base, int low, int high) {
    loads(base, low, LINE / 2);
    loads(base, high, LINE / 2);
  }

  @Override
  public void loadNibblesApart(V d, R base, int low, int high) {
    loads(base, low, LINE / 4);
    loads(base, high, LINE / 4);
  }

  @Override
  public void broadcastHalfApart(V d, R base, int low, int high) {
    loads(base, low, Short.BYTES);
    loads(base, high, Short.BYTES);
  }

  // ---- f32 ----

  @Override
  public void fma(V acc, V a, V b) {}

  @Override
  public void fmaLane0(V acc, V a, V b) {}

  @Override
  public void fma(V acc, V a, R base, int disp) {
    loads(base, disp, Float.BYTES);
  }

  @Override
  public void fms(V acc, V a, V b) {}

  @Override
  public void add(V d, V a, V b) {}

  @Override
  public void sub(V d, V a, V b) {}

  @Override
  public void mul(V d, V a, V b) {}

  @Override
  public void mul(V d, V a, R base, int disp) {
    loads(base, disp, Float.BYTES);
  }

  @Override
  public void div(V d, V a, V b) {}

  @Override
  public void sqrt(V d, V s) {}

  @Override
  public void max(V d, V a, V b) {}

  @Override
  public void selectLess(V d, V a, V b, V whenLess) {}

  @Override
  public void zeroWhereLess(V d, V a, V b) {}

  @Override
  public void selectNaN(V d, V a, V whenNaN) {}

  @Override
  public void keepBelow(V d, R count, V other) {}

  @Override
  public void duplicateEven(V d, V s) {}

  @Override
  public void duplicateOdd(V d, V s) {}

  @Override
  public void fold(V v, V temp) {}

  @Override
  public void foldMax(V v, V temp) {}

  @Override
  public void foldMaxInt(V v, V temp) {}

  @Override
  public void foldInt(V v, V temp) {}

  // ---- int32 ----

  @Override
  public int byteProducts(V d, V a, V b) {
    return 2 * LINE;
  }

  @Override
  public void addInt(V d, V a, V b) {}

  @Override
  public void subInt(V d, V a, V b) {}

  @Override
  public void mulInt(V d, V a, V b) {}

  @Override
  public void and(V d, V a, V b) {}

  @Override
  public void or(V d, V a, V b) {}

  @Override
  public void xor(V d, V a, V b) {}

  @Override
  public void shiftLeft(V d, V s, int bits) {}

  @Override
  public void shiftRight(V d, V s, int bits) {}

  @Override
  public void shiftRightSigned(V d, V s, int bits) {}

  @Override
  public void maxInt(V d, V a, V b) {}

  @Override
  public void toFloat(V d, V s) {}

  @Override
  public void toInt(V d, V s) {}

  // ---- codes ----

  @Override
  public void bits(V d, V s, int shift, int mask) {}

  @Override
  public void orBits(V d, V s, int shift, int mask, V temp) {}

  @Override
  public void lookup(V d, V s, byte[] table) {}

  private void activations(boolean own, R base, int disp) {
    loads(base, disp, own ? LINE : Integer.BYTES);
  }

  @Override
  public void dotBegin(V acc, Codes codes, boolean own, R base, int disp, int shift) {
    if (codes.offsetShift() >= 0) {
      activations(own, base, disp);
    }
  }

  @Override
  public void dotPrepare(V line, Codes codes) {}

  @Override
  public void dotPrepareSigned(V line, Codes codes) {}

  @Override
  public void dot(V acc, V line, Codes codes, boolean own, R base, int disp) {
    activations(own, base, disp);
  }

  @Override
  public void dotEnd(V acc, Codes codes, boolean own, R base, int disp, int shift, V temp) {}

  @Override
  public MachineCode finish() {
    throw new UnsupportedOperationException("What was traced is no code of a CPU.");
  }
}
