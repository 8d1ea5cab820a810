package dev.vtc.machine.x64;

import dev.vtc.asm.x64.Gp;
import dev.vtc.asm.x64.Mask;
import dev.vtc.asm.x64.Mem;
import dev.vtc.asm.x64.Vec;
import dev.vtc.asm.x64.X64Assembler;
import dev.vtc.asm.x64.Zmm;

/** Sixteen lanes are one ZMM register; dot products by AVX-512 VNNI. */
final class Avx512Lanes extends X64Lanes {
  private static final int ROUND_NEAREST = 0;
  private static final int LESS = 1;
  private static final int LESS_OR_EQUAL = 2;
  private static final int UNORDERED = 3;

  private record Z(Zmm zmm) implements V {}

  private final Mask mask;

  Avx512Lanes(String name) {
    super(name, X64Assembler.Vectors.AVX512);
    mask = asm.mask("mask");
  }

  private static Zmm z(V v) {
    return ((Z) v).zmm();
  }

  @Override
  public V vec(String use) {
    return new Z(asm.zmm(use));
  }

  @Override
  public void free(V... registers) {
    for (V v : registers) {
      asm.release(z(v));
    }
  }

  @Override
  public int vectors() {
    // Two are left for what an operation here needs itself.
    return 30;
  }

  // ---- loads and stores ----

  @Override
  public void load(V d, R base, int disp) {
    asm.vmovups(z(d), mem(base, disp));
  }

  @Override
  public void store(R base, int disp, V s) {
    asm.vmovups(mem(base, disp), z(s));
  }

  private Mask first(int count) {
    Gp t = asm.gp("mask");
    asm.mov(t, (1 << count) - 1);
    asm.kmovw(mask, t.r32());
    asm.release(t);
    return mask;
  }

  @Override
  public void loadPart(V d, R base, int disp, int count) {
    if (count == 16) {
      load(d, base, disp);
    } else {
      asm.vmovups(z(d).kz(first(count)), mem(base, disp));
    }
  }

  @Override
  public void storePart(R base, int disp, V s, int count) {
    if (count == 16) {
      store(base, disp, s);
    } else {
      asm.vmovups(mem(base, disp).k(first(count)), z(s));
    }
  }

  @Override
  public void storeLane0(R base, int disp, V s) {
    asm.vmovss(mem(base, disp), z(s).xmm());
  }

  @Override
  public void broadcast(V d, R base, int disp) {
    asm.vbroadcastss(z(d), mem(base, disp));
  }

  @Override
  public void broadcast(V d, R s) {
    asm.vpbroadcastd(z(d), g(s).r32());
  }

  @Override
  public void constant(V d, float value) {
    constantInt(d, Float.floatToRawIntBits(value));
  }

  @Override
  public void constantInt(V d, int value) {
    asm.vpbroadcastd(z(d), asm.constant(value));
  }

  @Override
  public void zero(V d) {
    asm.vpxord(z(d), z(d), z(d));
  }

  @Override
  public void move(V d, V s) {
    if (z(d) != z(s)) {
      asm.vmovaps(z(d), z(s));
    }
  }

  @Override
  public void loadHalf(V d, R base, int disp) {
    asm.vcvtph2ps(z(d), mem(base, disp));
  }

  @Override
  public void loadBfloat(V d, R base, int disp) {
    asm.vpmovzxwd(z(d), mem(base, disp));
    asm.vpslld(z(d), z(d), 16);
  }

  @Override
  public void storeHalf(R base, int disp, V s) {
    asm.vcvtps2ph(mem(base, disp), z(s), ROUND_NEAREST);
  }

  @Override
  public void storeBytes(R base, int disp, V s) {
    asm.vpmovdb(mem(base, disp), z(s));
  }

  @Override
  public void loadLane0(V d, R base, int disp) {
    asm.vmovss(z(d).xmm(), mem(base, disp));
  }

  @Override
  public void loadHalfLane0(V d, R base, int disp) {
    asm.vpbroadcastw(z(d).xmm(), mem(base, disp));
    asm.vcvtph2ps(z(d).xmm(), z(d).xmm());
  }

  @Override
  public void loadApart(V d, R base, int low, int high) {
    asm.vmovups(z(d).ymm(), mem(base, low));
    asm.vinserti64x4(z(d), z(d), mem(base, high), 1);
  }

  @Override
  public void loadNibblesApart(V d, R base, int low, int high) {
    Zmm t = asm.zmm("other half");
    asm.vbroadcasti32x4(z(d), mem(base, low));
    asm.vbroadcasti32x4(t, mem(base, high));
    asm.vinserti64x4(z(d), z(d), t.ymm(), 1);
    asm.release(t);
    asm.vpsrlvd(z(d), z(d), asm.constant(0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4));
    bits(d, d, 0, 0x0f);
  }

  @Override
  public void broadcastHalfApart(V d, R base, int low, int high) {
    Zmm t = asm.zmm("other half");
    asm.vpbroadcastw(z(d).ymm(), mem(base, low));
    asm.vpbroadcastw(t.xmm(), mem(base, high));
    asm.vinserti32x4(z(d).ymm(), z(d).ymm(), t.xmm(), 1);
    asm.release(t);
    asm.vcvtph2ps(z(d), z(d).ymm());
  }

  // ---- f32 ----

  @Override
  public void fmaLane0(V acc, V a, V b) {
    asm.vfmadd231ss(z(acc).xmm(), z(a).xmm(), z(b).xmm());
  }

  @Override
  public void fma(V acc, V a, V b) {
    asm.vfmadd231ps(z(acc), z(a), z(b));
  }

  @Override
  public void fma(V acc, V a, R base, int disp) {
    asm.vfmadd231ps(z(acc), z(a), mem(base, disp).bcst());
  }

  @Override
  public void fms(V acc, V a, V b) {
    asm.vfmsub231ps(z(acc), z(a), z(b));
  }

  @Override
  public void add(V d, V a, V b) {
    asm.vaddps(z(d), z(a), z(b));
  }

  @Override
  public void sub(V d, V a, V b) {
    asm.vsubps(z(d), z(a), z(b));
  }

  @Override
  public void mul(V d, V a, V b) {
    asm.vmulps(z(d), z(a), z(b));
  }

  @Override
  public void mul(V d, V a, R base, int disp) {
    asm.vmulps(z(d), z(a), mem(base, disp).bcst());
  }

  @Override
  public void div(V d, V a, V b) {
    asm.vdivps(z(d), z(a), z(b));
  }

  @Override
  public void sqrt(V d, V s) {
    asm.vsqrtps(z(d), z(s));
  }

  @Override
  public void max(V d, V a, V b) {
    asm.vmaxps(z(d), z(a), z(b));
  }

  @Override
  public void selectLess(V d, V a, V b, V whenLess) {
    asm.vcmpps(mask, z(a), z(b), LESS);
    asm.vmovaps(z(d).k(mask), z(whenLess));
  }

  @Override
  public void zeroWhereLess(V d, V a, V b) {
    asm.vcmpps(mask, z(a), z(b), LESS);
    asm.vpxord(z(d).k(mask), z(d), z(d));
  }

  @Override
  public void selectNaN(V d, V a, V whenNaN) {
    asm.vcmpps(mask, z(a), z(a), UNORDERED);
    asm.vmovaps(z(d).k(mask), z(whenNaN));
  }

  @Override
  public void keepBelow(V d, R count, V other) {
    // Lanes at and above count: those whose number is not less than it, signed, so that a negative
    // count keeps none.
    Zmm t = asm.zmm("count");
    asm.vpbroadcastd(t, g(count).r32());
    Mem numbers = asm.constant(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    asm.vpcmpd(mask, t, numbers, LESS_OR_EQUAL);
    asm.release(t);
    asm.vmovaps(z(d).k(mask), z(other));
  }

  @Override
  public void duplicateEven(V d, V s) {
    asm.vmovsldup(z(d), z(s));
  }

  @Override
  public void duplicateOdd(V d, V s) {
    asm.vmovshdup(z(d), z(s));
  }

  /** How two registers are folded into one. */
  private interface Fold {
    void into(Vec d, Vec a, Vec b);
  }

  /**
   * Folds by 8, 4, 2, 1 lanes by rotating: every lane sees the same pairs, so every lane has the
   * same sum.
   */
  private void fold(V v, V temp, Fold f) {
    asm.vshuff64x2(z(temp), z(v), z(v), 0b01_00_11_10);
    f.into(z(v), z(v), z(temp));
    asm.vshuff64x2(z(temp), z(v), z(v), 0b10_11_00_01);
    f.into(z(v), z(v), z(temp));
    asm.vpshufd(z(temp), z(v), 0b01_00_11_10);
    f.into(z(v), z(v), z(temp));
    asm.vpshufd(z(temp), z(v), 0b10_11_00_01);
    f.into(z(v), z(v), z(temp));
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
  public int byteProducts(V d, V a, V b) {
    asm.vpdpbusd(z(d), z(a), z(b));
    return 2 * 64;
  }

  @Override
  public void addInt(V d, V a, V b) {
    asm.vpaddd(z(d), z(a), z(b));
  }

  @Override
  public void subInt(V d, V a, V b) {
    asm.vpsubd(z(d), z(a), z(b));
  }

  @Override
  public void mulInt(V d, V a, V b) {
    asm.vpmulld(z(d), z(a), z(b));
  }

  @Override
  public void and(V d, V a, V b) {
    asm.vpandd(z(d), z(a), z(b));
  }

  @Override
  public void or(V d, V a, V b) {
    asm.vpord(z(d), z(a), z(b));
  }

  @Override
  public void xor(V d, V a, V b) {
    asm.vpxord(z(d), z(a), z(b));
  }

  @Override
  public void shiftLeft(V d, V s, int bits) {
    asm.vpslld(z(d), z(s), bits);
  }

  @Override
  public void shiftRight(V d, V s, int bits) {
    asm.vpsrld(z(d), z(s), bits);
  }

  @Override
  public void shiftRightSigned(V d, V s, int bits) {
    asm.vpsrad(z(d), z(s), bits);
  }

  @Override
  public void maxInt(V d, V a, V b) {
    asm.vpmaxsd(z(d), z(a), z(b));
  }

  @Override
  public void toFloat(V d, V s) {
    asm.vcvtdq2ps(z(d), z(s));
  }

  @Override
  public void toInt(V d, V s) {
    asm.vcvtps2dq(z(d), z(s));
  }

  // ---- codes ----

  @Override
  public void bits(V d, V s, int shift, int byteMask) {
    if (shift > 0) {
      asm.vpsrld(z(d), z(s), shift);
    } else if (shift < 0) {
      asm.vpslld(z(d), z(s), -shift);
    }
    asm.vpandd(z(d), shift == 0 ? z(s) : z(d), asm.constant(repeated(byteMask)).bcst());
  }

  @Override
  public void orBits(V d, V s, int shift, int byteMask, V temp) {
    bits(temp, s, shift, byteMask);
    asm.vpord(z(d), z(d), z(temp));
  }

  @Override
  public void lookup(V d, V s, byte[] table) {
    Zmm t = asm.zmm("table");
    asm.vbroadcasti32x4(t, asm.constant(table));
    asm.vpshufb(z(d), t, z(s));
    asm.release(t);
  }

  @Override
  public void dotBegin(V acc, Codes codes, boolean own, R base, int disp, int shift) {
    if (codes.offsetShift() < 0) {
      zero(acc);
      return;
    }
    if (own) {
      load(acc, base, disp);
    } else {
      asm.vpbroadcastd(z(acc), mem(base, disp));
    }
    if (shift < codes.offsetShift()) {
      asm.vpslld(z(acc), z(acc), codes.offsetShift() - shift);
    }
  }

  @Override
  public void dotPrepare(V line, Codes codes) {}

  @Override
  public void dotPrepareSigned(V line, Codes codes) {
    asm.vpxord(z(line), z(line), asm.constant(repeated(0x80)).bcst());
  }

  @Override
  public void dot(V acc, V line, Codes codes, boolean own, R base, int disp) {
    asm.vpdpbusd(z(acc), z(line), own ? mem(base, disp) : mem(base, disp).bcst());
  }

  @Override
  public void dotEnd(V acc, Codes codes, boolean own, R base, int disp, int shift, V temp) {}
}
