package dev.vtc.asm.x64;

import dev.vtc.asm.MachineCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An assembler for x86-64 functions under the System V calling convention (Linux, macOS): the
 * mnemonics of its superclasses, operands, register pools, labels, loops and constants. A kernel
 * extends it, or makes one and calls it.
 *
 * <pre>{@code
 * var a = new X64Assembler("sum", Vectors.AVX2);
 * Gp x = a.arg(0), n = a.arg(1);
 * Ymm sum = a.ymm("sum");
 * a.vxorps(sum, sum, sum);
 * a.loopDown(n, () -> {
 *   a.vaddps(sum, sum, a.mem(x));
 *   a.add(x, 32);
 * });
 * ...
 * a.leave();
 * MachineCode code = a.finish();
 * }</pre>
 *
 * <p>Registers come from pools by name and are given back with {@code release}; an exhausted pool
 * throws and says who holds what. Until {@link #enter} only registers that a callee may destroy are
 * in the pool. Not thread-safe; use one assembler per function.
 */
public non-sealed class X64Assembler extends MaskInstructions {
  /** Which vector encodings and registers may be used. */
  public enum Vectors {
    /** VEX only: 16 registers of up to 256 bits; what needs EVEX is an error. */
    AVX2,
    /** VEX and EVEX: 32 registers of up to 512 bits and masks. */
    AVX512
  }

  private static final int[] ARGUMENTS = {7, 6, 2, 1, 8, 9};
  private static final int[] CALLEE_SAVED = {3, 5, 12, 13, 14, 15};

  // Caller-saved registers first, arguments from the last; the callee-saved ones are held by their
  // caller until enter() has saved them. rsp is never in the pool.
  private static final int[] GP_ORDER = {0, 11, 10, 9, 8, 1, 2, 6, 7, 3, 5, 12, 13, 14, 15};

  private final String name;
  private final RegisterPool gps = new RegisterPool("general purpose", 16, GP_ORDER);
  private final RegisterPool vectors;
  private final RegisterPool masks = new RegisterPool("mask", 8, new int[] {1, 2, 3, 4, 5, 6, 7});
  private int saved;

  /**
   * An empty function.
   *
   * @param name of the code, see {@link MachineCode#name}
   */
  public X64Assembler(String name, Vectors vectors) {
    super(vectors == Vectors.AVX512);
    this.name = name;
    int n = vectors == Vectors.AVX512 ? 32 : 16;
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    this.vectors = new RegisterPool("vector", n, order);
    for (int id : CALLEE_SAVED) {
      gps.take(id, "the caller");
    }
  }

  /** Returns the name of the code. */
  public final String name() {
    return name;
  }

  // ---- frame ----

  /** Saves the first {@code n} (0..6) of rbx, rbp, r12..r15 and adds them to the pool. */
  public final void enter(int n) {
    for (int i = saved; i < n; i++) {
      push(Gp.of(CALLEE_SAVED[i]));
      gps.release(CALLEE_SAVED[i]);
    }
    saved = Math.max(saved, n);
  }

  /** Clears the upper vector halves, restores what {@link #enter} saved and returns. */
  public final void leave() {
    vzeroupper();
    for (int i = saved - 1; i >= 0; i--) {
      pop(Gp.of(CALLEE_SAVED[i]));
    }
    ret();
  }

  /** Returns the register of integer or pointer argument {@code i}, 0..5, and takes it. */
  public final Gp arg(int i) {
    gps.take(ARGUMENTS[i], "an argument");
    return Gp.of(ARGUMENTS[i]);
  }

  // ---- pools ----

  /** Takes a 64-bit general purpose register. */
  public final Gp gp(String use) {
    return Gp.of(gps.take(use));
  }

  /** Takes this very register, such as rcx for a shift or rdx:rax for a multiplication. */
  public final Gp gp(Gp wanted, String use) {
    gps.take(wanted.id, use);
    return wanted;
  }

  /** Takes a 128-bit vector register. */
  public final Xmm xmm(String use) {
    return Xmm.of(vectors.take(use));
  }

  /** Takes a 256-bit vector register. */
  public final Ymm ymm(String use) {
    return Ymm.of(vectors.take(use));
  }

  /** Takes a 512-bit vector register. */
  public final Zmm zmm(String use) {
    return Zmm.of(vectors.take(use));
  }

  /** Takes {@code n} 128-bit vector registers. */
  public final Xmm[] xmms(String use, int n) {
    Xmm[] r = new Xmm[n];
    for (int i = 0; i < n; i++) {
      r[i] = xmm(use);
    }
    return r;
  }

  /** Takes {@code n} 256-bit vector registers. */
  public final Ymm[] ymms(String use, int n) {
    Ymm[] r = new Ymm[n];
    for (int i = 0; i < n; i++) {
      r[i] = ymm(use);
    }
    return r;
  }

  /** Takes {@code n} 512-bit vector registers. */
  public final Zmm[] zmms(String use, int n) {
    Zmm[] r = new Zmm[n];
    for (int i = 0; i < n; i++) {
      r[i] = zmm(use);
    }
    return r;
  }

  /** Takes a mask register k1..k7. */
  public final Mask mask(String use) {
    return Mask.of(masks.take(use));
  }

  /** Gives a register back to its pool. */
  public final void release(Reg r) {
    // No pattern switch: its first use costs a cold JVM milliseconds.
    if (r instanceof Gp) {
      gps.release(r.id);
    } else if (r instanceof Vec) {
      vectors.release(r.id);
    } else {
      masks.release(r.id);
    }
  }

  /** Gives registers back to their pool. */
  public final void release(Reg[] registers) {
    for (Reg r : registers) {
      release(r);
    }
  }

  /** Returns how many vector registers are free. */
  public final int freeVectors() {
    return vectors.free();
  }

  /** Returns how many general purpose registers are free. */
  public final int freeGps() {
    return gps.free();
  }

  // ---- operands ----

  /** Returns {@code [base]}. */
  public final Mem mem(Gp base) {
    return Mem.of(base, 0);
  }

  /** Returns {@code [base + disp]}, {@code disp} in bytes. */
  public final Mem mem(Gp base, int disp) {
    return Mem.of(base, disp);
  }

  /** Returns {@code [base + index * scale]}; scale 1, 2, 4 or 8. */
  public final Mem mem(Gp base, Gp index, int scale) {
    return Mem.of(base, index, scale, 0);
  }

  /** Returns {@code [base + index * scale + disp]}; scale 1, 2, 4 or 8, {@code disp} in bytes. */
  public final Mem mem(Gp base, Gp index, int scale, int disp) {
    return Mem.of(base, index, scale, disp);
  }

  /** Returns the addresses {@code base + index[lane] * scale + disp} of a gather. */
  public final Mem mem(Gp base, Vec index, int scale, int disp) {
    return Mem.gather(base, index, scale, disp);
  }

  /** Returns the place of a label in this code. */
  public final Mem mem(Label label) {
    return Mem.of(label, 0);
  }

  // ---- constants: 64-byte aligned behind the code, addressed from rip ----

  /** Returns the place of these bytes among the constants; equal constants are stored once. */
  public final Mem constant(byte... value) {
    if (value.length == 0) {
      throw new IllegalArgumentException("a constant has at least one byte");
    }
    return Mem.of(constantLabel(value), 0);
  }

  /** Returns the place of these 32-bit integers among the constants. */
  public final Mem constant(int... value) {
    ByteBuffer b = ByteBuffer.allocate(4 * value.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : value) {
      b.putInt(v);
    }
    return constant(b.array());
  }

  /** Returns the place of these floats among the constants. */
  public final Mem constant(float... value) {
    ByteBuffer b = ByteBuffer.allocate(4 * value.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : value) {
      b.putFloat(v);
    }
    return constant(b.array());
  }

  // ---- labels and loops ----

  /** Returns a new label, to be bound with {@link #bind}. */
  public final Label label(String labelName) {
    return new Label(labelName);
  }

  /** Binds a label here. */
  public final void bind(Label label) {
    bindHere(label);
  }

  /** Emits {@code do { body } while (--count != 0)}; count ≥ 1 at run time. */
  public final void loopDown(Gp count, Runnable body) {
    loopDown(count, 1, body);
  }

  /** Emits {@code do { body } while ((count -= step) > 0)}, signed. */
  public final void loopDown(Gp count, int step, Runnable body) {
    Loop loop = loopDown(count, step);
    body.run();
    loop.close();
  }

  /**
   * Opens {@code do { … } while ((count -= step) > 0)}, which {@link Loop#close} ends; for code on
   * the start-up path, where the first lambda would cost milliseconds.
   */
  public final Loop loopDown(Gp count, int step) {
    align(16);
    Label head = label("loop");
    bind(head);
    return new Loop(this, count, step, head);
  }

  /** A loop that is open until it is closed: {@code try (Loop _ = loopDown(k, 1)) { … }}. */
  public static final class Loop implements AutoCloseable {
    private final X64Assembler assembler;
    private final Gp count;
    private final int step;
    private final Label head;

    private Loop(X64Assembler assembler, Gp count, int step, Label head) {
      this.assembler = assembler;
      this.count = count;
      this.step = step;
      this.head = head;
    }

    /** Emits the decrement and the jump back. */
    @Override
    public void close() {
      if (step == 1) {
        assembler.dec(count);
        assembler.jne(head);
      } else {
        assembler.sub(count, step);
        assembler.jg(head);
      }
    }
  }

  /** Returns the code with its constants. The assembler takes no more instructions. */
  public final MachineCode finish() {
    return new MachineCode(name, finishBytes(), MachineCode.CACHE_LINE);
  }
}
