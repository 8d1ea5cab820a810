package dev.vtc.asm.a64;

/**
 * A function under construction: an assembler with registers under names, arguments and loops, by
 * the procedure call standard (AAPCS64), which Linux and macOS share as far as it is used here.
 *
 * <p>Without {@link #prologue} the pools hold what a function may overwrite: x0 to x17, v0 to v7
 * and v16 to v31. x18 belongs to the platform and is never handed out. {@link #prologue} saves more
 * registers and adds them; {@link #epilogue} restores them and returns.
 *
 * <pre>{@code
 * // y[0..4) = sum over k of w[4k..4k+4) * x[k]; count >= 1.
 * final class Gemv4 extends A64Kernel {
 *   Gemv4() {
 *     super(4);
 *     X w = arg(0), x = arg(1), y = arg(2), count = arg(3);
 *     V acc = v("acc"), weights = v("weights"), xk = v("x[k]");
 *     movi(acc.s4, 0);
 *     loopDown(count, 1, () -> {
 *       ldr(weights.q, post(w, 16));
 *       ldr(xk.s, post(x, 4));
 *       fmla(acc.s4, weights.s4, xk.s(0));
 *     });
 *     str(acc.q, mem(y));
 *     ret();
 *   }
 * }
 * }</pre>
 */
public class A64Kernel extends A64Assembler {
  private static final int VOLATILE_X = 0x3ffff;
  private static final int VOLATILE_V = 0xffff00ff;

  private final RegisterPool general = new RegisterPool("x", VOLATILE_X);
  private final RegisterPool vectors = new RegisterPool("v", VOLATILE_V);
  private final int arguments;
  private int savedPairs = -1;
  private boolean savedVectors;

  /**
   * A function.
   *
   * @param arguments number of pointer and integer arguments, 0 to 8: they stand in x0, x1, ...,
   *     which are taken from the pool
   */
  public A64Kernel(int arguments) {
    if (arguments < 0 || arguments > 8) {
      throw new IllegalArgumentException("Only 0 to 8 arguments are passed in registers.");
    }
    this.arguments = arguments;
    for (int i = 0; i < arguments; i++) {
      general.take("arg" + i, i);
    }
  }

  /** The register of a pointer or integer argument. */
  public final X arg(int i) {
    if (i < 0 || i >= arguments) {
      throw new IllegalArgumentException("There is no argument " + i + " of " + arguments + ".");
    }
    return X.of(i);
  }

  /**
   * A general register.
   *
   * @throws IllegalStateException if none is left
   */
  public final X x(String name) {
    int index = general.take(name);
    if (listing != null) {
      comment("x" + index + " = " + name);
    }
    return X.of(index);
  }

  /**
   * A vector register.
   *
   * @throws IllegalStateException if none is left
   */
  public final V v(String name) {
    int index = vectors.take(name);
    if (listing != null) {
      comment("v" + index + " = " + name);
    }
    return V.of(index);
  }

  /**
   * Takes the certain register {@code v number}, as by-element operands of 16 bits need v0 to v15.
   */
  public final V v(String name, int number) {
    return V.of(vectors.take(name, V.of(number).index));
  }

  /** Vector registers {@code name[0]}, ..., {@code name[count-1]}. */
  public final V[] vs(String name, int count) {
    V[] registers = new V[count];
    for (int i = 0; i < count; i++) {
      registers[i] = v(name + "[" + i + "]");
    }
    return registers;
  }

  /** Returns registers to their pool. */
  public final void release(X... registers) {
    for (X register : registers) {
      general.release(register.index);
    }
  }

  /** Returns registers to their pool. */
  public final void release(V... registers) {
    for (V register : registers) {
      vectors.release(register.index);
    }
  }

  /**
   * Saves the frame record (x29, x30) and callee-saved registers, and adds those to the pools. At
   * most once, before any other instruction.
   *
   * @param generals how many of x19 to x28 are needed; rounded up to pairs
   * @param lowVectors whether v8 to v15 are needed
   */
  public final void prologue(int generals, boolean lowVectors) {
    if (savedPairs >= 0 || size() != 0) {
      throw new IllegalStateException("prologue() comes once and first.");
    }
    if (generals < 0 || generals > 10) {
      throw new IllegalArgumentException("Only x19 to x28, ten registers, can be saved.");
    }
    savedPairs = (generals + 1) / 2;
    savedVectors = lowVectors;
    stp(X.of(29), X.of(30), pre(X.SP, -frameBytes()));
    mov(X.of(29), X.SP);
    for (int i = 0; i < savedPairs; i++) {
      stp(X.of(19 + 2 * i), X.of(20 + 2 * i), mem(X.SP, 16 + 16 * i));
      general.add(3 << (19 + 2 * i));
    }
    if (lowVectors) {
      for (int i = 0; i < 4; i++) {
        stp(V.of(8 + 2 * i).d, V.of(9 + 2 * i).d, mem(X.SP, 16 + 16 * (savedPairs + i)));
      }
      vectors.add(0xff00);
    }
  }

  private int frameBytes() {
    return 16 * (1 + savedPairs + (savedVectors ? 4 : 0));
  }

  /** Restores what {@link #prologue} saved, if it was called, and returns. */
  public final void epilogue() {
    if (savedPairs >= 0) {
      for (int i = 0; i < savedPairs; i++) {
        ldp(X.of(19 + 2 * i), X.of(20 + 2 * i), mem(X.SP, 16 + 16 * i));
      }
      for (int i = 0; savedVectors && i < 4; i++) {
        ldp(V.of(8 + 2 * i).d, V.of(9 + 2 * i).d, mem(X.SP, 16 + 16 * (savedPairs + i)));
      }
      ldp(X.of(29), X.of(30), post(X.SP, frameBytes()));
    }
    ret();
  }

  /**
   * Runs the body, subtracts {@code step} from the counter, and repeats while it is above 0
   * (signed): {@code do { body } while ((counter -= step) > 0)}. The body runs at least once.
   */
  public final void loopDown(Gp counter, int step, Runnable body) {
    Label top = here("loop");
    body.run();
    subs(counter, counter, step);
    b(Cond.GT, top);
  }

  /**
   * As {@link #loopDown}, the body running not at all if the counter is below 1 (signed) at first.
   */
  public final void whileDown(Gp counter, int step, Runnable body) {
    Label done = label("done");
    cmp(counter, 0);
    b(Cond.LE, done);
    loopDown(counter, step, body);
    bind(done);
  }
}
