package dev.vtc.asm.a64;

/**
 * The function that makes freshly written code visible to instruction fetch, as AArch64 requires:
 * {@code void flush(void* start, long bytes)}.
 *
 * <p>Cleans each data cache line to the point of unification, invalidates each instruction cache
 * line, with barriers between (DDI 0487, B2.7.4 "Ordering and completion of data and instruction
 * cache instructions"). The line sizes come from CTR_EL0. It does not look at CTR_EL0.IDC and DIC,
 * which would allow to skip the loops: it runs once for each kernel.
 *
 * <p>The stub itself has to become executable once without its own help: write it into a fresh
 * anonymous mapping and change that to executable. The kernel maintains the caches for pages that
 * become executable for the first time, so no stale line of them can exist. On macOS, where reading
 * CTR_EL0 may trap, use {@code sys_icache_invalidate} of the C library instead.
 */
public final class InstructionCache {
  private InstructionCache() {}

  /** Position-independent code of {@code flush}; keeps the callee-saved registers. */
  public static byte[] flushStub() {
    return emit(new A64Kernel(2)).code();
  }

  /** Emits the function into a kernel of two arguments. */
  static A64Kernel emit(A64Kernel k) {
    X start = k.arg(0);
    X end = k.arg(1);
    X ctr = k.x("ctr");
    X dataLine = k.x("dataLine");
    X codeLine = k.x("codeLine");
    X at = k.x("at");
    X mask = k.x("mask");

    k.add(end, start, end);
    k.mrs(ctr, SystemRegister.CTR_EL0);
    k.mov(mask, 4);
    k.ubfx(dataLine, ctr, 16, 4); // DminLine: log2 of 4-byte words
    k.lsl(dataLine, mask, dataLine);
    k.ubfx(codeLine, ctr, 0, 4); // IminLine
    k.lsl(codeLine, mask, codeLine);

    lines(k, at, start, end, dataLine, mask, true);
    k.dsb(Barrier.ISH);
    lines(k, at, start, end, codeLine, mask, false);
    k.dsb(Barrier.ISH);
    k.isb();
    k.ret();
    return k;
  }

  /** For each line that [start, end) touches. */
  private static void lines(A64Kernel k, X at, X start, X end, X line, X mask, boolean clean) {
    Label done = k.label("done");
    k.sub(mask, line, 1);
    k.bic(at, start, mask);
    Label top = k.here("lines");
    k.cmp(at, end);
    k.b(Cond.HS, done);
    if (clean) {
      k.dcCvau(at);
    } else {
      k.icIvau(at);
    }
    k.add(at, at, line);
    k.b(top);
    k.bind(done);
  }
}
