package dev.vtc.machine.lanes;

import dev.vtc.asm.MachineCode;
import dev.vtc.program.Buffer;
import dev.vtc.tvl.TvlFormat;

/**
 * An assembler for a CPU with registers of sixteen 32-bit lanes, whatever the CPU has instead: the
 * surface that kernels are written on. One instance emits one function, under the platform's
 * calling convention.
 *
 * <p>{@code V} is a register of 16 lanes, {@code R} a 64-bit general register; both come from pools
 * and throw when exhausted. Addresses are a register and a displacement in bytes. Where a lane-wise
 * operation is named without a type it is f32; {@code …Int} works on int32, wrapping. All
 * arithmetic is IEEE with one rounding, as docs/numerics.md asks.
 */
public abstract class LaneAssembler {
  /** Bytes of a line of packed weights. */
  static final int LINE = 64;

  /**
   * How products ask for weights before they use them.
   *
   * @param ahead bytes between what is asked for and what is used; 0 where the CPU's own
   *     prefetchers are left alone
   * @param step bytes between two requests, the CPU's cache line: a multiple of 64
   * @param tokens of the largest tile that asks; larger ones meet a panel that an earlier tile has
   *     brought into the cache
   */
  public record Fetching(int ahead, int step, int tokens) {
    public Fetching {
      if (ahead < 0 || ahead % LINE != 0 || step < LINE || step % LINE != 0) {
        throw new IllegalArgumentException(
            ahead + " bytes ahead in steps of " + step + " are not whole lines.");
      }
    }
  }

  /**
   * On Zen 5, SmolLM2 Q4_1, two threads, without and with: a step of 8 tokens took 2.05 and 1.44
   * times a step of one, which itself took 0.95 of the time; with one thread a step of one took
   * 0.86 (2026-11-26). 2048 and 4096 bytes gave less. Tiles of 12 ask too: on a Xeon, 12 tokens
   * times 94 MB with two threads took 9.0 and 10.4 ms without and 5.0 and 6.7 with it, a prefill of
   * 512 the same.
   */
  private static final Fetching FETCHING = new Fetching(8192, LINE, 12);

  private static final int DENSE_COLUMNS = 16;

  /** Lanes of a register. */
  static final int LANES = 16;

  /** Sixteen lanes of 32 bits. */
  public interface V {}

  /** A general register. */
  public interface R {}

  /** A place in the code. */
  public interface Place {}

  /** A condition between two signed integers. */
  public enum Compare {
    EQ,
    NE,
    LT,
    GE,
    GT,
    LE
  }

  /** The codes of a weight format as dot products see them. */
  public record Codes(int max, int offsetShift) {
    /**
     * Codes up to {@code max}; the integer they stand for is code - (1 << offsetShift), or the code
     * itself if negative.
     */
    public Codes {
      if (max > 255) {
        throw new IllegalArgumentException("A code of more than a byte: " + max);
      }
    }

    /** Those of a format; a codebook's values are made unsigned, see {@link #table}. */
    public static Codes of(TvlFormat format) {
      return switch (format) {
        case IQ4NL, IQ4XS -> new Codes(255, 7);
        case MXFP4 -> new Codes(28, 4);
        default -> {
          int max = format.isDense() ? 0 : (1 << (format.lowBits() + format.highBits())) - 1;
          int offset = format.codeOffset();
          yield new Codes(max, offset == 0 ? -1 : Integer.numberOfTrailingZeros(offset));
        }
      };
    }

    /** Shift of the block sums in a Q8 row that dot products of these codes begin with. */
    public int sumsShift() {
      return offsetShift >= Buffer.OFFSET_128 ? Buffer.OFFSET_128 : Buffer.OFFSET_8;
    }

    /** The codebook of a format that has one, as a table for {@link LaneAssembler#lookup}. */
    public byte[] table(TvlFormat format) {
      byte[] table = new byte[16];
      for (int c = 0; c < 16; c++) {
        table[c] = (byte) (format.codeValue(c) + (1 << offsetShift));
      }
      return table;
    }
  }

  // ---- registers ----

  /** Argument 0 … 3 of the function, taken from the pool. */
  public abstract R arg(int i);

  /**
   * Saves the registers that a callee must keep, and adds them to the pool; {@link #leave} restores
   * them.
   */
  public abstract void enter();

  /** Returns from the function. */
  public abstract void leave();

  /** A register that survives calls (after {@link #enter}); there are five at least. */
  public abstract R kept(String use);

  /** A register that calls destroy. */
  public abstract R temp(String use);

  public abstract void free(R... registers);

  public abstract V vec(String use);

  public abstract void free(V... registers);

  /** How many vector registers kernels may hold at a time. */
  public abstract int vectors();

  // ---- integers and control ----

  public abstract void move(R d, R s);

  public abstract void set(R d, long value);

  public abstract void load64(R d, R base, int disp);

  /** Zero-extends. */
  public abstract void load32(R d, R base, int disp);

  /** Zero-extends. */
  public abstract void load16(R d, R base, int disp);

  /** Zero-extends. */
  public abstract void load8(R d, R base, int disp);

  /** Sign-extends. */
  public abstract void loadSigned8(R d, R base, int disp);

  public abstract void store64(R base, int disp, R s);

  public abstract void store32(R base, int disp, R s);

  public abstract void store16(R base, int disp, R s);

  public abstract void add(R d, R s);

  public abstract void add(R d, int value);

  public abstract void sub(R d, R s);

  public abstract void mul(R d, R s);

  public abstract void mul(R d, R s, int value);

  public abstract void shiftLeft(R d, int bits);

  public abstract void shiftRight(R d, int bits);

  public abstract void and(R d, int value);

  public abstract Place place(String name);

  public abstract void bind(Place place);

  public abstract void jump(Place target);

  public abstract void jumpIf(Compare c, R a, R b, Place target);

  public abstract void jumpIf(Compare c, R a, int b, Place target);

  /**
   * Calls a function without arguments. Only kept registers survive, and no vector register does.
   */
  public abstract void call(R target);

  /**
   * Calls a function with four arguments: the values of any registers. Only kept registers survive,
   * and no vector register does.
   */
  public abstract void callKernel(R target, R a0, R a1, R a2, R a3);

  /**
   * old = [base + disp]; [base + disp] += value, as one step, ordered against all other memory
   * accesses.
   */
  public abstract void fetchAdd(R old, R base, int disp, R value);

  /** A load that later accesses do not overtake. */
  public abstract void loadAcquire(R d, R base, int disp);

  /** The hint that this thread spins. */
  public abstract void spinHint();

  public abstract void prefetch(R base, int disp);

  /**
   * d = the time in ticks of this CPU, which go on at one speed and are the same for all cores,
   * once everything before is done. Destroys nothing else.
   */
  public abstract void ticks(R d);

  /**
   * Emits {@code body} so that it runs {@code count} times: not at all, in line, or in a loop whose
   * counter takes a temporary register.
   */
  public final void repeat(int count, Runnable body) {
    if (count == 0) {
      return;
    }
    if (count == 1) {
      body.run();
      return;
    }
    R n = temp("count");
    set(n, count);
    Place head = place("repeat");
    bind(head);
    body.run();
    add(n, -1);
    jumpIf(Compare.NE, n, 0, head);
    free(n);
  }

  /**
   * Asks for {@code lines} lines of a panel, as far behind those at {@code disp} as {@link
   * #fetching} says, which a product with so many tokens is about to use.
   */
  public final void fetchWeights(R panel, int disp, int lines, int tokens) {
    Fetching f = fetching();
    if (f.ahead() > 0 && tokens <= f.tokens()) {
      for (int at = 0; at < lines * LINE; at += f.step()) {
        prefetch(panel, disp + at + f.ahead());
      }
    }
  }

  // ---- loads and stores of 16 lanes ----

  public abstract void load(V d, R base, int disp);

  public abstract void store(R base, int disp, V s);

  /** The first {@code count} lanes (1 … 16), the others zero. Reads nothing behind them. */
  public abstract void loadPart(V d, R base, int disp, int count);

  /** The first {@code count} lanes (1 … 16). Writes nothing behind them. */
  public abstract void storePart(R base, int disp, V s, int count);

  /** Lane 0, 32 bits. */
  public abstract void storeLane0(R base, int disp, V s);

  /** 32 bits of memory in every lane. */
  public abstract void broadcast(V d, R base, int disp);

  /** The low 32 bits of a register in every lane. */
  public abstract void broadcast(V d, R s);

  /** A constant in every lane. */
  public abstract void constant(V d, float value);

  /** A constant in every lane. */
  public abstract void constantInt(V d, int value);

  public abstract void zero(V d);

  public abstract void move(V d, V s);

  /** 16 × f16 to f32, exact. */
  public abstract void loadHalf(V d, R base, int disp);

  /** 16 × bf16 to f32, exact. */
  public abstract void loadBfloat(V d, R base, int disp);

  /** f32 to 16 × f16, rounded to nearest even. */
  public abstract void storeHalf(R base, int disp, V s);

  /** The low bytes of the 16 lanes, 16 bytes. */
  public abstract void storeBytes(R base, int disp, V s);

  // ---- loads of matrices that are not in TVL: baselines of the lab ----

  /** 32 bits in lane 0; the other lanes are anything. */
  public abstract void loadLane0(V d, R base, int disp);

  /** An f16 in lane 0 as f32, exact; the other lanes are anything. */
  public abstract void loadHalfLane0(V d, R base, int disp);

  /** 32 bytes at {@code low} in lanes 0 … 7, 32 bytes at {@code high} in lanes 8 … 15. */
  public abstract void loadApart(V d, R base, int low, int high);

  /**
   * The sixteen bytes at {@code low} as 32 bytes of 4 bits, first all low nibbles, then all high
   * ones, in lanes 0 … 7; those at {@code high} in lanes 8 … 15.
   */
  public abstract void loadNibblesApart(V d, R base, int low, int high);

  /** The f16 at {@code low} as f32 in lanes 0 … 7, that at {@code high} in lanes 8 … 15. */
  public abstract void broadcastHalfApart(V d, R base, int low, int high);

  // ---- f32 ----

  /** acc = a · b + acc, rounded once. */
  public abstract void fma(V acc, V a, V b);

  /** Lane 0 of acc = a · b + acc, rounded once; the other lanes are anything. */
  public abstract void fmaLane0(V acc, V a, V b);

  /** acc = a · (32 bits of memory in every lane) + acc, rounded once. */
  public abstract void fma(V acc, V a, R base, int disp);

  /** acc = a · b - acc, rounded once. */
  public abstract void fms(V acc, V a, V b);

  public abstract void add(V d, V a, V b);

  public abstract void sub(V d, V a, V b);

  public abstract void mul(V d, V a, V b);

  /** d = a · (32 bits of memory in every lane). */
  public abstract void mul(V d, V a, R base, int disp);

  public abstract void div(V d, V a, V b);

  public abstract void sqrt(V d, V s);

  public abstract void max(V d, V a, V b);

  /** d = whenLess in lanes where a &lt; b; other lanes, unordered ones too, keep d. */
  public abstract void selectLess(V d, V a, V b, V whenLess);

  /** d = +0 in lanes where a &lt; b; other lanes, unordered ones too, keep d. */
  public abstract void zeroWhereLess(V d, V a, V b);

  /** d = whenNaN in lanes where a is not a number. */
  public abstract void selectNaN(V d, V a, V whenNaN);

  /** Lanes count … 15 of d become those of other; count is 0 or more. */
  public abstract void keepBelow(V d, R count, V other);

  /** d = elements 0 0 2 2 4 4 … of s. */
  public abstract void duplicateEven(V d, V s);

  /** d = elements 1 1 3 3 5 5 … of s. */
  public abstract void duplicateOdd(V d, V s);

  /** Every lane = the sum of the 16 lanes, folded by 8, 4, 2, 1. Destroys temp. */
  public abstract void fold(V v, V temp);

  /** Every lane = the largest lane, as f32 without NaN. Destroys temp. */
  public abstract void foldMax(V v, V temp);

  // ---- int32 ----

  public abstract void addInt(V d, V a, V b);

  public abstract void subInt(V d, V a, V b);

  public abstract void mulInt(V d, V a, V b);

  /** Whether {@link #mulInt} takes longer than {@link #mul(V, V, V)}. */
  public boolean slowIntegerProducts() {
    return false;
  }

  public abstract void and(V d, V a, V b);

  public abstract void or(V d, V a, V b);

  public abstract void xor(V d, V a, V b);

  public abstract void shiftLeft(V d, V s, int bits);

  public abstract void shiftRight(V d, V s, int bits);

  public abstract void shiftRightSigned(V d, V s, int bits);

  public abstract void maxInt(V d, V a, V b);

  /** Every lane = the largest lane, signed. Destroys temp. */
  public abstract void foldMaxInt(V v, V temp);

  /** Every lane = the sum of the lanes. Destroys temp. */
  public abstract void foldInt(V v, V temp);

  /** Signed integer to f32. */
  public abstract void toFloat(V d, V s);

  /** f32 to signed integer, rounded to nearest even. */
  public abstract void toInt(V d, V s);

  /**
   * As many products of bytes as this machine's kernels get out of one step of theirs, added to d:
   * for measuring what is possible, so that which lane has which sum is left open, and with values
   * that are not small sums overflow. Destroys no other register of the pool.
   *
   * @return multiplications and additions: two for each product
   */
  public abstract int byteProducts(V d, V a, V b);

  // ---- codes: 64 bytes, 16 lanes × 4 ----

  /**
   * d = (every byte of s moved right by shift (left if negative)) & mask, the mask repeated in
   * every byte.
   */
  public abstract void bits(V d, V s, int shift, int mask);

  /** d |= (every byte of s moved right by shift (left if negative)) & mask. Destroys temp. */
  public abstract void orBits(V d, V s, int shift, int mask, V temp);

  /** Each byte of d = table[byte of s]; bytes are below 16. */
  public abstract void lookup(V d, V s, byte[] table);

  /**
   * Begins 16 integer dot products.
   *
   * @param acc the sums
   * @param own whether each lane has activations of its own: 64 bytes where {@link #dot} reads
   *     them, and 16 sums where this does; else all lanes have the same 4 bytes, and one sum
   * @param base where, at disp, {@code -(Σq << shift)} of the activations that will be met lies, as
   *     int32; unused without an offset
   * @param shift at most that of the codes' offset
   */
  public abstract void dotBegin(V acc, Codes codes, boolean own, R base, int disp, int shift);

  /** {@link #dotBegin(V, Codes, boolean, R, int, int)}, all lanes with the same activations. */
  public final void dotBegin(V acc, Codes codes, R base, int disp, int shift) {
    dotBegin(acc, codes, false, base, disp, shift);
  }

  /**
   * Makes ready a line of codes that meets several tokens. Each line of codes goes through here
   * once, before its dots.
   */
  public abstract void dotPrepare(V line, Codes codes);

  /**
   * {@link #dotPrepare} for bytes with a sign: code - 128 instead of code, where the offset is 128.
   */
  public abstract void dotPrepareSigned(V line, Codes codes);

  /**
   * acc[lane] += Σ over j of (code - offset)[4·lane + j] · q[j], 4 bytes q at base + disp; with
   * {@code own}, q[4·lane + j] of 64 bytes. At most 8 times between begin and end.
   */
  public abstract void dot(V acc, V line, Codes codes, boolean own, R base, int disp);

  /** {@link #dot(V, V, Codes, boolean, R, int)} with the same activations for all lanes. */
  public final void dot(V acc, V line, Codes codes, R base, int disp) {
    dot(acc, line, codes, false, base, disp);
  }

  /** Ends the dot products, with what dotBegin had: acc holds exact int32 sums. Destroys temp. */
  public abstract void dotEnd(V acc, Codes codes, boolean own, R base, int disp, int shift, V temp);

  /** {@link #dotEnd(V, Codes, boolean, R, int, int, V)}, all lanes with the same activations. */
  public final void dotEnd(V acc, Codes codes, R base, int disp, int shift, V temp) {
    dotEnd(acc, codes, false, base, disp, shift, temp);
  }

  /**
   * Says that {@link #dot} and {@link #fma(V, V, R, int)} will read the 64 bytes at base + disp,
   * each of them readable, until {@link #release}. A machine with registers to spare reads them
   * once. Neither base nor the memory changes until then, and no place is bound.
   *
   * @param disp a multiple of 16
   */
  public void hold(R base, int disp) {}

  /** Ends all that {@link #hold} has begun. */
  public void release() {}

  // ---- whole kernels ----

  /** How products ask for weights before they use them. */
  public Fetching fetching() {
    return FETCHING;
  }

  /** Columns of a dense format in a round of its loop: 16 or a multiple. */
  public int denseColumns() {
    return DENSE_COLUMNS;
  }

  /**
   * Whether the machine has a product kernel of its own for a tile of so many tokens, better than
   * what {@link ProductTile} makes of the operations above. If for 12, then for 8, 4 and every even
   * number between, too.
   */
  public boolean hasOwnTile(TvlFormat format, int tokens) {
    return false;
  }

  /** Emits that kernel, with the arguments and results of {@link ProductTile}. */
  public void ownTile(TvlFormat format, int columns, Buffer in, int tokens) {
    throw new UnsupportedOperationException();
  }

  /** The finished code. */
  public abstract MachineCode finish();
}
