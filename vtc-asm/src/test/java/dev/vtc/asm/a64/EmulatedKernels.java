package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.A64Assembler.mem;
import static dev.vtc.asm.a64.A64Assembler.post;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.MachineCode;
import dev.vtc.asm.NativeCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A program to be run on an AArch64 CPU, emulated or real: executes small kernels and compares them
 * with plain Java, bit for bit. Prints a line for each that agrees; throws where one does not.
 */
final class EmulatedKernels {
  /**
   * Before a kernel's name: with one bit wrong in one kind of its instructions, which makes it
   * another instruction.
   */
  static final String WRONG = "wrong:";

  /** Bits of an instruction on an element that are neither registers nor the element's number. */
  private static final int FIXED = 0xbfc0f400;

  /** A bit that is flipped wherever these instructions are loaded. */
  private record Flip(Row row, int bit) {
    int of(int word) {
      return (word & FIXED) == (row.bits() & FIXED) ? word ^ 1 << bit : word;
    }
  }

  /** FMLA becomes FMLS, SDOT becomes UDOT, USDOT becomes SUDOT. */
  private static final Map<String, Flip> FLIPS =
      Map.of(
          "fmla", new Flip(FloatRows.FMLA_ELEMENT, 14),
          "sdot", new Flip(NeonRows.SDOT_ELEMENT, 29),
          "usdot", new Flip(NeonRows.USDOT_ELEMENT, 23));

  private final Random random;
  private final Arena arena = Arena.ofConfined();
  private @Nullable Flip flip;

  private EmulatedKernels(long seed) {
    random = new Random(seed);
  }

  /** Arguments: the seed, then names of kernels. */
  public static void main(String[] arguments) {
    EmulatedKernels kernels = new EmulatedKernels(Long.parseLong(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      String name = arguments[i];
      if (name.startsWith(WRONG)) {
        name = name.substring(WRONG.length());
        kernels.flip = Objects.requireNonNull(FLIPS.get(name));
      }
      int compared =
          switch (name) {
            case "fmla" -> kernels.fmla();
            case "half" -> kernels.half();
            case "round" -> kernels.round();
            case "calls" -> kernels.calls();
            case "cache" -> kernels.cache();
            case "exclusive" -> kernels.exclusive();
            case "lse" -> kernels.lse();
            case "sdot" -> kernels.dot("sdot");
            case "usdot" -> kernels.dot("usdot");
            case "smmla" -> kernels.matrix("smmla");
            case "ummla" -> kernels.matrix("ummla");
            case "usmmla" -> kernels.matrix("usmmla");
            default -> throw new IllegalArgumentException(arguments[i]);
          };
      System.out.println("ok " + arguments[i] + " " + compared);
    }
  }

  private ExecutableMemory load(A64Kernel kernel) {
    byte[] code = kernel.code();
    if (flip != null) {
      IntBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
      int flipped = 0;
      for (int i = 0; i < words.limit(); i++) {
        int word = flip.of(words.get(i));
        flipped += word == words.get(i) ? 0 : 1;
        words.put(i, word);
      }
      System.out.println(flipped + " instructions are wrong on purpose");
    }
    return ExecutableMemory.load(new MachineCode("kernel", code, MachineCode.CACHE_LINE));
  }

  private static long call(
      ExecutableMemory code, MemorySegment a, MemorySegment b, MemorySegment c, long n) {
    return NativeCalls.call(code.address("kernel"), a.address(), b.address(), c.address(), n, 0, 0);
  }

  private static void expect(String what, long actual, long expected) {
    if (actual != expected) {
      throw new AssertionError(what + ": " + actual + ", not " + expected);
    }
  }

  private MemorySegment bytes(int count) {
    MemorySegment segment = arena.allocate(count, 64);
    for (int i = 0; i < count; i++) {
      // Extremes often: they are where signed and unsigned part.
      int value = random.nextInt(4) == 0 ? random.nextInt(2) * 255 - 128 : random.nextInt(256);
      segment.set(JAVA_BYTE, i, (byte) value);
    }
    return segment;
  }

  /**
   * y[r] = sum over k of w[16k + r] * x[k], r in 0..15, one fused multiply-add each, k ascending.
   */
  private int fmla() {
    A64Kernel kernel = new A64Kernel(4);
    X w = kernel.arg(0);
    X x = kernel.arg(1);
    X y = kernel.arg(2);
    V[] acc = kernel.vs("acc", 4);
    V[] wk = kernel.vs("w[k]", 4);
    V xk = kernel.v("x[k..k+3]");
    for (V a : acc) {
      kernel.movi(a.s4, 0);
    }
    kernel.loopDown(
        kernel.arg(3),
        4,
        () -> {
          kernel.ldr(xk.q, post(x, 16));
          for (int k = 0; k < 4; k++) {
            kernel.ldp(wk[0].q, wk[1].q, post(w, 32));
            kernel.ldp(wk[2].q, wk[3].q, post(w, 32));
            for (int v = 0; v < 4; v++) {
              kernel.fmla(acc[v].s4, wk[v].s4, xk.s(k));
            }
          }
        });
    kernel.st1(A64Assembler.list(acc[0].s4, acc[1].s4, acc[2].s4, acc[3].s4), mem(y));
    kernel.ret();
    int n = 172;
    MemorySegment weights = arena.allocate(64L * n, 64);
    MemorySegment inputs = arena.allocate(4L * n, 64);
    MemorySegment outputs = arena.allocate(64, 64);
    for (int i = 0; i < 16 * n; i++) {
      weights.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    for (int i = 0; i < n; i++) {
      inputs.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    try (ExecutableMemory code = load(kernel)) {
      call(code, weights, inputs, outputs, n);
    }
    for (int r = 0; r < 16; r++) {
      float sum = 0;
      for (int k = 0; k < n; k++) {
        sum =
            Math.fma(
                weights.getAtIndex(JAVA_FLOAT, 16L * k + r), inputs.getAtIndex(JAVA_FLOAT, k), sum);
      }
      float got = outputs.getAtIndex(JAVA_FLOAT, r);
      expect("row " + r, Float.floatToRawIntBits(got), Float.floatToRawIntBits(sum));
    }
    return 16;
  }

  /** Every half to single, and singles to half. */
  private int half() {
    A64Kernel widen = new A64Kernel(4);
    V h = widen.v("h");
    V f = widen.v("f");
    widen.loopDown(
        widen.arg(3),
        8,
        () -> {
          widen.ldr(h.q, post(widen.arg(0), 16));
          widen.fcvtl(f.s4, h.h4);
          widen.str(f.q, post(widen.arg(2), 16));
          widen.fcvtl2(f.s4, h.h8);
          widen.str(f.q, post(widen.arg(2), 16));
        });
    widen.ret();
    int n = 65536;
    MemorySegment halves = arena.allocate(2L * n, 64);
    MemorySegment singles = arena.allocate(4L * n, 64);
    for (int i = 0; i < n; i++) {
      halves.setAtIndex(JAVA_SHORT, i, (short) i);
    }
    try (ExecutableMemory code = load(widen)) {
      call(code, halves, halves, singles, n);
    }
    for (int i = 0; i < n; i++) {
      float expected = Float.float16ToFloat((short) i);
      float got = singles.getAtIndex(JAVA_FLOAT, i);
      if (Float.isNaN(expected) ? !Float.isNaN(got) : got != expected) {
        throw new AssertionError("half " + Integer.toHexString(i) + ": " + got);
      }
    }
    A64Kernel narrow = new A64Kernel(4);
    V a = narrow.v("a");
    V b = narrow.v("b");
    narrow.loopDown(
        narrow.arg(3),
        8,
        () -> {
          narrow.ldp(a.q, b.q, post(narrow.arg(0), 32));
          narrow.fcvtn(a.h4, a.s4);
          narrow.fcvtn2(a.h8, b.s4);
          narrow.str(a.q, post(narrow.arg(2), 16));
        });
    narrow.ret();
    for (int i = 0; i < n; i++) {
      int bits = random.nextInt();
      if (Float.isNaN(Float.intBitsToFloat(bits))) {
        bits = 0x477fe000 + i % 0x3000; // around the greatest half
      } else if (i % 2 == 0) {
        bits = (bits & 0x80ffffff) | ((0x33 + random.nextInt(0x14)) << 24); // the range of halves
      }
      singles.setAtIndex(JAVA_INT, i, bits);
    }
    try (ExecutableMemory code = load(narrow)) {
      call(code, singles, singles, halves, n);
    }
    for (int i = 0; i < n; i++) {
      float single = singles.getAtIndex(JAVA_FLOAT, i);
      expect("of " + single, halves.getAtIndex(JAVA_SHORT, i), Float.floatToFloat16(single));
    }
    return 2 * n;
  }

  /** Rounding to integers, ties to even: fcvtns, frintn and the narrowing to bytes. */
  private int round() {
    A64Kernel kernel = new A64Kernel(4);
    V f = kernel.v("f");
    V i = kernel.v("i");
    kernel.loopDown(
        kernel.arg(3),
        4,
        () -> {
          kernel.ldr(f.q, post(kernel.arg(0), 16));
          kernel.fcvtns(i.s4, f.s4);
          kernel.sqxtn(i.h4, i.s4);
          kernel.sqxtn(i.b8, i.h8);
          kernel.str(i.s, post(kernel.arg(2), 4));
        });
    kernel.ret();
    int n = 4096;
    MemorySegment singles = arena.allocate(4L * n, 64);
    MemorySegment bytes = arena.allocate(n, 64);
    for (int k = 0; k < n; k++) {
      singles.setAtIndex(JAVA_FLOAT, k, k % 3 == 0 ? k / 2f - 700 : random.nextFloat() * 400 - 200);
    }
    try (ExecutableMemory code = load(kernel)) {
      call(code, singles, singles, bytes, n);
    }
    for (int k = 0; k < n; k++) {
      double rounded = Math.rint(singles.getAtIndex(JAVA_FLOAT, k));
      expect("byte " + k, bytes.get(JAVA_BYTE, k), (byte) Math.clamp(rounded, -128, 127));
    }
    return n;
  }

  /** A function that overwrites every register it saves, called by one that looks at them after. */
  private int calls() {
    A64Kernel callee = new A64Kernel(0);
    callee.prologue(10, true);
    for (int i = 19; i < 29; i++) {
      callee.mov(X.of(i), -i);
    }
    for (int i = 8; i < 16; i++) {
      callee.movi(V.of(i).d2, -1L);
    }
    callee.epilogue();
    A64Kernel caller = new A64Kernel(2);
    caller.prologue(10, true);
    X target = caller.x("target");
    X out = X.of(28);
    caller.mov(target, caller.arg(0));
    caller.mov(out, caller.arg(1));
    for (int i = 19; i < 28; i++) {
      caller.mov(X.of(i), 0x1234567800000000L + i);
    }
    for (int i = 8; i < 16; i++) {
      caller.ldr(V.of(i).d, caller.literal(0x7766554433221100L + i));
    }
    caller.blr(target);
    for (int i = 19; i < 28; i++) {
      caller.str(X.of(i), post(out, 8));
    }
    for (int i = 8; i < 16; i++) {
      caller.str(V.of(i).d, post(out, 8));
    }
    caller.mov(X.of(0), 77);
    caller.epilogue();
    MemorySegment seen = arena.allocate(17 * 8, 64);
    try (ExecutableMemory inner = load(callee);
        ExecutableMemory code = load(caller)) {
      MemorySegment address = MemorySegment.ofAddress(inner.address("kernel"));
      expect("result", call(code, address, seen, seen, 0), 77);
    }
    for (int i = 0; i < 17; i++) {
      long expected = i < 9 ? 0x1234567800000000L + 19 + i : 0x7766554433221100L + 8 + i - 9;
      expect("saved register " + i, seen.getAtIndex(JAVA_LONG, i), expected);
    }
    return 17;
  }

  /** The cache stub runs over ranges of awkward ends without a fault. */
  private int cache() {
    byte[] stub = InstructionCache.flushStub();
    int runs = 0;
    try (ExecutableMemory code = ExecutableMemory.load(new MachineCode("kernel", stub, 64))) {
      long start = code.address("kernel");
      for (int offset = 0; offset < 70; offset += 3) {
        for (int length = 0; length < 200; length += 13) {
          NativeCalls.call(start, start + offset, length, 0, 0, 0, 0);
          runs++;
        }
      }
    }
    return runs;
  }

  /** Adds arg(1) to memory with an exclusive loop; returns what was there. */
  private int exclusive() {
    A64Kernel kernel = new A64Kernel(2);
    X at = kernel.x("at");
    X sum = kernel.x("sum");
    X old = kernel.x("old");
    kernel.mov(at, kernel.arg(0));
    Label again = kernel.here("again");
    kernel.ldaxr(old, mem(at));
    kernel.add(sum, old, kernel.arg(1));
    W status = W.of(17);
    kernel.stlxr(status, sum, mem(at));
    kernel.cbnz(status, again);
    kernel.mov(X.of(0), old);
    kernel.ret();
    return counter(kernel);
  }

  /** The same with one instruction. */
  private int lse() {
    A64Kernel kernel = new A64Kernel(2);
    kernel.ldaddal(kernel.arg(1), X.of(0), mem(X.of(0)));
    kernel.ret();
    return counter(kernel);
  }

  private int counter(A64Kernel kernel) {
    MemorySegment counter = arena.allocate(8, 64);
    try (ExecutableMemory code = load(kernel)) {
      long expected = 0;
      for (int i = 0; i < 100; i++) {
        long step = random.nextLong();
        long old = NativeCalls.call(code.address("kernel"), counter.address(), step, 0, 0, 0, 0);
        expect("old value", old, expected);
        expected += step;
        expect("new value", counter.get(JAVA_LONG, 0), expected);
      }
    }
    return 100;
  }

  /** y[r] = sum over k of w[r][k] * a[k], r in 0..3, w as lines of 4 columns: 4r + j. */
  private int dot(String name) {
    boolean unsigned = name.equals("usdot");
    A64Kernel kernel = new A64Kernel(4);
    V acc = kernel.v("acc");
    V w = kernel.v("w");
    V a = kernel.v("a");
    kernel.movi(acc.s4, 0);
    kernel.loopDown(
        kernel.arg(3),
        16,
        () -> {
          kernel.ldr(a.q, post(kernel.arg(1), 16));
          for (int i = 0; i < 4; i++) {
            kernel.ldr(w.q, post(kernel.arg(0), 16));
            if (unsigned) {
              kernel.usdot(acc.s4, w.b16, a.b4(i));
            } else {
              kernel.sdot(acc.s4, w.b16, a.b4(i));
            }
          }
        });
    kernel.str(acc.q, mem(kernel.arg(2)));
    kernel.ret();
    int n = 576;
    MemorySegment weights = bytes(4 * n);
    MemorySegment inputs = bytes(n);
    MemorySegment outputs = arena.allocate(16, 64);
    try (ExecutableMemory code = load(kernel)) {
      call(code, weights, inputs, outputs, n);
    }
    for (int r = 0; r < 4; r++) {
      int sum = 0;
      for (int k = 0; k < n; k++) {
        int code = weights.get(JAVA_BYTE, 16L * (k / 4) + 4L * r + k % 4);
        sum += (unsigned ? code & 255 : code) * inputs.get(JAVA_BYTE, k);
      }
      expect(name + " row " + r, outputs.getAtIndex(JAVA_INT, r), sum);
    }
    return 4 * n;
  }

  /** d[2r + c] = sum over k of n[r][k] * m[c][k], in lines of 8 columns: 8r + j. */
  private int matrix(String name) {
    A64Kernel kernel = new A64Kernel(4);
    V acc = kernel.v("acc");
    V n = kernel.v("n");
    V m = kernel.v("m");
    kernel.movi(acc.d2, 0);
    kernel.loopDown(
        kernel.arg(3),
        8,
        () -> {
          kernel.ldr(n.q, post(kernel.arg(0), 16));
          kernel.ldr(m.q, post(kernel.arg(1), 16));
          switch (name) {
            case "smmla" -> kernel.smmla(acc.s4, n.b16, m.b16);
            case "ummla" -> kernel.ummla(acc.s4, n.b16, m.b16);
            default -> kernel.usmmla(acc.s4, n.b16, m.b16);
          }
        });
    kernel.str(acc.q, mem(kernel.arg(2)));
    kernel.ret();
    int columns = 344;
    MemorySegment left = bytes(2 * columns);
    MemorySegment right = bytes(2 * columns);
    MemorySegment outputs = arena.allocate(16, 64);
    try (ExecutableMemory code = load(kernel)) {
      call(code, left, right, outputs, columns);
    }
    for (int i = 0; i < 4; i++) {
      int sum = 0;
      for (int k = 0; k < columns; k++) {
        int l = left.get(JAVA_BYTE, 16L * (k / 8) + 8L * (i / 2) + k % 8);
        int r = right.get(JAVA_BYTE, 16L * (k / 8) + 8L * (i % 2) + k % 8);
        l = name.startsWith("u") ? l & 255 : l;
        r = name.equals("ummla") ? r & 255 : r;
        sum += l * r;
      }
      expect(name + " " + i, outputs.getAtIndex(JAVA_INT, i), sum);
    }
    return 4 * columns;
  }
}
