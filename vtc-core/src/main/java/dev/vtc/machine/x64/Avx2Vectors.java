package dev.vtc.machine.x64;

import dev.vtc.asm.x64.Mem;
import dev.vtc.asm.x64.Vec;
import dev.vtc.asm.x64.X64Assembler;
import dev.vtc.asm.x64.Ymm;
import java.util.Arrays;

/** Sixteen lanes are two YMM registers: everything but the dot products of codes. */
abstract class Avx2Vectors extends X64Lanes {
  private static final int ROUND_NEAREST = 0;
  private static final int LESS = 1;
  private static final int UNORDERED = 3;
  private static final int HALF = 8;
  static final int YMM = 32;

  /** Swaps the 128-bit halves, the 64-bit halves of each of those, and neighbours in those. */
  private static final int SWAP_128 = 1;

  private static final int SWAP_64 = 0b01_00_11_10;
  private static final int SWAP_32 = 0b10_11_00_01;

  /** Lanes 0 … 7 and 8 … 15. */
  private record Y(Ymm low, Ymm high) implements V {}

  // What an operation needs itself.
  final Ymm t;
  final Ymm t2;

  Avx2Vectors(String name) {
    super(name, X64Assembler.Vectors.AVX2);
    t = asm.ymm("spare");
    t2 = asm.ymm("spare");
  }

  static Ymm lo(V v) {
    return ((Y) v).low();
  }

  static Ymm hi(V v) {
    return ((Y) v).high();
  }

  @Override
  public V vec(String use) {
    return new Y(asm.ymm(use), asm.ymm(use));
  }

  @Override
  public void free(V... registers) {
    for (V v : registers) {
      asm.release(lo(v));
      asm.release(hi(v));
    }
  }

  @Override
  public int vectors() {
    return 7;
  }

  // ---- loads and stores ----

  @Override
  public void load(V d, R base, int disp) {
    asm.vmovups(lo(d), mem(base, disp));
    asm.vmovups(hi(d), mem(base, disp + YMM));
  }

  @Override
  public void store(R base, int disp, V s) {
    asm.vmovups(mem(base, disp), lo(s));
    asm.vmovups(mem(base, disp + YMM), hi(s));
  }

  /** The first {@code count} (1 … 7) of 8 lanes all ones. */
  private void first(Ymm mask, int count) {
    int[] lanes = new int[HALF];
    Arrays.fill(lanes, 0, count, -1);
    asm.vmovups(mask, asm.constant(lanes));
  }

  private void loadHalfPart(Ymm d, R base, int disp, int count) {
    if (count <= 0) {
      asm.vpxor(d, d, d);
    } else if (count >= HALF) {
      asm.vmovups(d, mem(base, disp));
    } else {
      first(d, count);
      asm.vmaskmovps(d, d, mem(base, disp));
    }
  }

  @Override
  public void loadPart(V d, R base, int disp, int count) {
    loadHalfPart(lo(d), base, disp, count);
    loadHalfPart(hi(d), base, disp + YMM, count - HALF);
  }

  private void storeHalfPart(R base, int disp, Ymm s, int count) {
    if (count >= HALF) {
      asm.vmovups(mem(base, disp), s);
    } else if (count > 0) {
      first(t, count);
      asm.vmaskmovps(mem(base, disp), t, s);
    }
  }

  @Override
  public void storePart(R base, int disp, V s, int count) {
    storeHalfPart(base, disp, lo(s), count);
    storeHalfPart(base, disp + YMM, hi(s), count - HALF);
  }

  @Override
  public void storeLane0(R base, int disp, V s) {
    asm.vmovss(mem(base, disp), lo(s).xmm());
  }

  @Override
  public void broadcast(V d, R base, int disp) {
    asm.vbroadcastss(lo(d), mem(base, disp));
    asm.vmovaps(hi(d), lo(d));
  }

  @Override
  public void broadcast(V d, R s) {
    asm.vmovd(lo(d).xmm(), g(s).r32());
    asm.vpbroadcastd(lo(d), lo(d).xmm());
    asm.vmovaps(hi(d), lo(d));
  }

  @Override
  public void constant(V d, float value) {
    constantInt(d, Float.floatToRawIntBits(value));
  }

  @Override
  public void constantInt(V d, int value) {
    asm.vbroadcastss(lo(d), asm.constant(value));
    asm.vmovaps(hi(d), lo(d));
  }

  @Override
  public void zero(V d) {
    asm.vpxor(lo(d), lo(d), lo(d));
    asm.vpxor(hi(d), hi(d), hi(d));
  }

  @Override
  public void move(V d, V s) {
    if (lo(d) != lo(s)) {
      asm.vmovaps(lo(d), lo(s));
      asm.vmovaps(hi(d), hi(s));
    }
  }

  @Override
  public void loadHalf(V d, R base, int disp) {
    asm.vcvtph2ps(lo(d), mem(base, disp));
    asm.vcvtph2ps(hi(d), mem(base, disp + YMM / 2));
  }

  @Override
  public void loadBfloat(V d, R base, int disp) {
    asm.vpmovzxwd(lo(d), mem(base, disp));
    asm.vpmovzxwd(hi(d), mem(base, disp + YMM / 2));
    shiftLeft(d, d, 16);
  }

  @Override
  public void storeHalf(R base, int disp, V s) {
    asm.vcvtps2ph(mem(base, disp), lo(s), ROUND_NEAREST);
    asm.vcvtps2ph(mem(base, disp + YMM / 2), hi(s), ROUND_NEAREST);
  }

  @Override
  public void storeBytes(R base, int disp, V s) {
    // Lanes below 256 pass through both packs unchanged; those go by halves of 128 bits.
    asm.vmovdqu(t2, constants(0xff));
    asm.vpand(t, lo(s), t2);
    asm.vpand(t2, hi(s), t2);
    asm.vpackusdw(t, t, t2);
    asm.vpermq(t, t, 0b11_01_10_00);
    asm.vextracti128(t2.xmm(), t, 1);
    asm.vpackuswb(t.xmm(), t.xmm(), t2.xmm());
    asm.vmovdqu(mem(base, disp), t.xmm());
  }

  @Override
  public void loadLane0(V d, R base, int disp) {
    asm.vmovss(lo(d).xmm(), mem(base, disp));
  }

  @Override
  public void loadHalfLane0(V d, R base, int disp) {
    asm.vpbroadcastw(lo(d).xmm(), mem(base, disp));
    asm.vcvtph2ps(lo(d).xmm(), lo(d).xmm());
  }

  @Override
  public void loadApart(V d, R base, int low, int high) {
    asm.vmovups(lo(d), mem(base, low));
    asm.vmovups(hi(d), mem(base, high));
  }

  @Override
  public void loadNibblesApart(V d, R base, int low, int high) {
    asm.vbroadcasti128(lo(d), mem(base, low));
    asm.vbroadcasti128(hi(d), mem(base, high));
    asm.vmovdqu(t, asm.constant(0, 0, 0, 0, 4, 4, 4, 4));
    asm.vpsrlvd(lo(d), lo(d), t);
    asm.vpsrlvd(hi(d), hi(d), t);
    bits(d, d, 0, 0x0f);
  }

  @Override
  public void broadcastHalfApart(V d, R base, int low, int high) {
    asm.vpbroadcastw(t.xmm(), mem(base, low));
    asm.vcvtph2ps(lo(d), t.xmm());
    asm.vpbroadcastw(t.xmm(), mem(base, high));
    asm.vcvtph2ps(hi(d), t.xmm());
  }

  final Mem constants(int value) {
    int[] lanes = new int[HALF];
    Arrays.fill(lanes, value);
    return asm.constant(lanes);
  }

  // ---- f32 ----

  @Override
  public void fma(V acc, V a, V b) {
    asm.vfmadd231ps(lo(acc), lo(a), lo(b));
    asm.vfmadd231ps(hi(acc), hi(a), hi(b));
  }

  @Override
  public void fmaLane0(V acc, V a, V b) {
    asm.vfmadd231ss(lo(acc).xmm(), lo(a).xmm(), lo(b).xmm());
  }

  @Override
  public void fma(V acc, V a, R base, int disp) {
    asm.vbroadcastss(t, mem(base, disp));
    asm.vfmadd231ps(lo(acc), lo(a), t);
    asm.vfmadd231ps(hi(acc), hi(a), t);
  }

  @Override
  public void fms(V acc, V a, V b) {
    asm.vfmsub231ps(lo(acc), lo(a), lo(b));
    asm.vfmsub231ps(hi(acc), hi(a), hi(b));
  }

  /** An operation of two registers. */
  private interface Op {
    void into(Vec d, Vec a, Ymm b);
  }

  private static void each(Op op, V d, V a, V b) {
    op.into(lo(d), lo(a), lo(b));
    op.into(hi(d), hi(a), hi(b));
  }

  @Override
  public void add(V d, V a, V b) {
    each((x, y, z) -> asm.vaddps(x, y, z), d, a, b);
  }

  @Override
  public void sub(V d, V a, V b) {
    each((x, y, z) -> asm.vsubps(x, y, z), d, a, b);
  }

  @Override
  public void mul(V d, V a, V b) {
    each((x, y, z) -> asm.vmulps(x, y, z), d, a, b);
  }

  @Override
  public void mul(V d, V a, R base, int disp) {
    asm.vbroadcastss(t, mem(base, disp));
    asm.vmulps(lo(d), lo(a), t);
    asm.vmulps(hi(d), hi(a), t);
  }

  @Override
  public void div(V d, V a, V b) {
    each((x, y, z) -> asm.vdivps(x, y, z), d, a, b);
  }

  @Override
  public void sqrt(V d, V s) {
    asm.vsqrtps(lo(d), lo(s));
    asm.vsqrtps(hi(d), hi(s));
  }

  @Override
  public void max(V d, V a, V b) {
    each((x, y, z) -> asm.vmaxps(x, y, z), d, a, b);
  }

  private void selectWhere(V d, V a, V b, int condition, V chosen) {
    asm.vcmpps(t, lo(a), lo(b), condition);
    asm.vcmpps(t2, hi(a), hi(b), condition);
    asm.vblendvps(lo(d), lo(d), lo(chosen), t);
    asm.vblendvps(hi(d), hi(d), hi(chosen), t2);
  }

  @Override
  public void selectLess(V d, V a, V b, V whenLess) {
    selectWhere(d, a, b, LESS, whenLess);
  }

  @Override
  public void zeroWhereLess(V d, V a, V b) {
    asm.vcmpps(t, lo(a), lo(b), LESS);
    asm.vcmpps(t2, hi(a), hi(b), LESS);
    asm.vandnps(lo(d), t, lo(d));
    asm.vandnps(hi(d), t2, hi(d));
  }

  @Override
  public void selectNaN(V d, V a, V whenNaN) {
    selectWhere(d, a, a, UNORDERED, whenNaN);
  }

  @Override
  public void keepBelow(V d, R count, V other) {
    // Signed, so that a negative count keeps none.
    asm.vmovd(t.xmm(), g(count).r32());
    asm.vpbroadcastd(t, t.xmm());
    asm.vpcmpgtd(t2, t, asm.constant(0, 1, 2, 3, 4, 5, 6, 7));
    asm.vblendvps(lo(d), lo(other), lo(d), t2);
    asm.vpcmpgtd(t2, t, asm.constant(8, 9, 10, 11, 12, 13, 14, 15));
    asm.vblendvps(hi(d), hi(other), hi(d), t2);
  }

  @Override
  public void duplicateEven(V d, V s) {
    asm.vmovsldup(lo(d), lo(s));
    asm.vmovsldup(hi(d), hi(s));
  }

  @Override
  public void duplicateOdd(V d, V s) {
    asm.vmovshdup(lo(d), lo(s));
    asm.vmovshdup(hi(d), hi(s));
  }

  /** Folds by 8, 4, 2, 1 lanes by swapping: every lane sees the same pairs. */
  private void fold(V v, V temp, Op f) {
    Ymm x = lo(v);
    Ymm y = lo(temp);
    f.into(x, x, hi(v));
    asm.vperm2f128(y, x, x, SWAP_128);
    f.into(x, x, y);
    asm.vpshufd(y, x, SWAP_64);
    f.into(x, x, y);
    asm.vpshufd(y, x, SWAP_32);
    f.into(x, x, y);
    asm.vmovaps(hi(v), x);
  }

  @Override
  public void fold(V v, V temp) {
    fold(v, temp, (d, a, b) -> asm.vaddps(d, a, b));
  }

  @Override
  public void foldMax(V v, V temp) {
    fold(v, temp, (d, a, b) -> asm.vmaxps(d, a, b));
  }

  @Override
  public void foldMaxInt(V v, V temp) {
    fold(v, temp, (d, a, b) -> asm.vpmaxsd(d, a, b));
  }

  @Override
  public void foldInt(V v, V temp) {
    fold(v, temp, (d, a, b) -> asm.vpaddd(d, a, b));
  }

  // ---- int32 ----

  @Override
  public void addInt(V d, V a, V b) {
    each((x, y, z) -> asm.vpaddd(x, y, z), d, a, b);
  }

  @Override
  public void subInt(V d, V a, V b) {
    each((x, y, z) -> asm.vpsubd(x, y, z), d, a, b);
  }

  @Override
  public void mulInt(V d, V a, V b) {
    each((x, y, z) -> asm.vpmulld(x, y, z), d, a, b);
  }

  @Override
  public void and(V d, V a, V b) {
    each((x, y, z) -> asm.vpand(x, y, z), d, a, b);
  }

  @Override
  public void or(V d, V a, V b) {
    each((x, y, z) -> asm.vpor(x, y, z), d, a, b);
  }

  @Override
  public void xor(V d, V a, V b) {
    each((x, y, z) -> asm.vpxor(x, y, z), d, a, b);
  }

  @Override
  public void shiftLeft(V d, V s, int bits) {
    asm.vpslld(lo(d), lo(s), bits);
    asm.vpslld(hi(d), hi(s), bits);
  }

  @Override
  public void shiftRight(V d, V s, int bits) {
    asm.vpsrld(lo(d), lo(s), bits);
    asm.vpsrld(hi(d), hi(s), bits);
  }

  @Override
  public void shiftRightSigned(V d, V s, int bits) {
    asm.vpsrad(lo(d), lo(s), bits);
    asm.vpsrad(hi(d), hi(s), bits);
  }

  @Override
  public void maxInt(V d, V a, V b) {
    each((x, y, z) -> asm.vpmaxsd(x, y, z), d, a, b);
  }

  @Override
  public void toFloat(V d, V s) {
    asm.vcvtdq2ps(lo(d), lo(s));
    asm.vcvtdq2ps(hi(d), hi(s));
  }

  @Override
  public void toInt(V d, V s) {
    asm.vcvtps2dq(lo(d), lo(s));
    asm.vcvtps2dq(hi(d), hi(s));
  }

  // ---- codes ----

  @Override
  public void bits(V d, V s, int shift, int byteMask) {
    if (shift > 0) {
      shiftRight(d, s, shift);
    } else if (shift < 0) {
      shiftLeft(d, s, -shift);
    }
    V from = shift == 0 ? s : d;
    asm.vmovdqu(t, constants(repeated(byteMask)));
    asm.vpand(lo(d), lo(from), t);
    asm.vpand(hi(d), hi(from), t);
  }

  @Override
  public void orBits(V d, V s, int shift, int byteMask, V temp) {
    bits(temp, s, shift, byteMask);
    or(d, d, temp);
  }

  @Override
  public void lookup(V d, V s, byte[] table) {
    asm.vbroadcasti128(t, asm.constant(table));
    asm.vpshufb(lo(d), t, lo(s));
    asm.vpshufb(hi(d), t, hi(s));
  }
}
