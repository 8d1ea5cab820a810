package dev.vtc.machine.x64;

import dev.vtc.asm.x64.Mem;
import dev.vtc.asm.x64.Ymm;

/**
 * Products of codes and activations by AVX-VNNI where there is one, else by {@code vpmaddubsw},
 * whose sums of two products saturate at 16 bits: which way a line of codes goes depends on how
 * large they can be.
 */
final class Avx2Lanes extends Avx2Vectors {
  /** The largest magnitude of a quantized activation. */
  private static final int MAX_Q = 127;

  /** Dot products between dotBegin and dotEnd, at most. */
  private static final int MAX_DOTS = 8;

  /** How a line of codes meets activations. */
  private enum Way {
    /** vpdpbusd. */
    VNNI,
    /** vpmaddubsw, summed in 16 bits: all sums between begin and end fit. */
    WORDS,
    /** vpmaddubsw, widened at once: a sum of two products fits 16 bits. */
    WIDENED,
    /** Codes up to 255 as signed bytes, their sign moved to the activation. */
    SIGNED
  }

  private final boolean vnni;

  /**
   * @param vnni whether AVX-VNNI may be used
   */
  Avx2Lanes(String name, boolean vnni) {
    super(name);
    this.vnni = vnni;
  }

  @Override
  public int byteProducts(V d, V a, V b) {
    if (vnni) {
      asm.vpdpbusdVex(lo(d), lo(a), lo(b));
      asm.vpdpbusdVex(hi(d), hi(a), hi(b));
    } else {
      asm.vpmaddubsw(t, lo(a), lo(b));
      asm.vpaddw(lo(d), lo(d), t);
      asm.vpmaddubsw(t2, hi(a), hi(b));
      asm.vpaddw(hi(d), hi(d), t2);
    }
    return 2 * 64;
  }

  private Way way(Codes codes) {
    int pair = 2 * codes.max() * MAX_Q;
    return vnni
        ? Way.VNNI
        : pair * MAX_DOTS <= Short.MAX_VALUE
            ? Way.WORDS
            : pair <= Short.MAX_VALUE ? Way.WIDENED : Way.SIGNED;
  }

  @Override
  public void dotBegin(V acc, Codes codes, boolean own, R base, int disp, int shift) {
    Way way = way(codes);
    boolean offset = codes.offsetShift() >= 0 && (way == Way.VNNI || way == Way.WIDENED);
    if (offset) {
      sums(lo(acc), codes, own, base, disp, shift);
      if (own) {
        sums(hi(acc), codes, own, base, disp + YMM, shift);
      } else {
        asm.vmovdqa(hi(acc), lo(acc));
      }
      return;
    }
    zero(acc);
    if (way == Way.SIGNED && codes.offsetShift() != 7) {
      throw new IllegalArgumentException("Codes up to " + codes.max() + " must be bytes + 128.");
    }
  }

  /** d = -offset · Σq. */
  private void sums(Ymm d, Codes codes, boolean own, R base, int disp, int shift) {
    if (own) {
      asm.vmovdqu(d, mem(base, disp));
    } else {
      asm.vpbroadcastd(d, mem(base, disp));
    }
    if (shift < codes.offsetShift()) {
      asm.vpslld(d, d, codes.offsetShift() - shift);
    }
  }

  /** t = the activations, or their sums, of one half of the lanes. */
  private void forLow(boolean own, R base, int disp) {
    if (own) {
      asm.vmovdqu(t, mem(base, disp));
    } else {
      asm.vpbroadcastd(t, mem(base, disp));
    }
  }

  /** t = those of the other half, t being what {@link #forLow} left. */
  private void forHigh(boolean own, R base, int disp) {
    if (own) {
      asm.vmovdqu(t, mem(base, disp + YMM));
    }
  }

  @Override
  public void dotPrepare(V line, Codes codes) {
    if (way(codes) == Way.SIGNED) {
      flipSigns(line);
    }
  }

  @Override
  public void dotPrepareSigned(V line, Codes codes) {
    if (way(codes) != Way.SIGNED) {
      flipSigns(line);
    }
  }

  /** Between a code and code - 128, as a signed byte. */
  private void flipSigns(V line) {
    asm.vmovdqu(t, constants(repeated(0x80)));
    asm.vpxor(lo(line), lo(line), t);
    asm.vpxor(hi(line), hi(line), t);
  }

  @Override
  public void dot(V acc, V line, Codes codes, boolean own, R base, int disp) {
    switch (way(codes)) {
      case VNNI -> {
        forLow(own, base, disp);
        asm.vpdpbusdVex(lo(acc), lo(line), t);
        forHigh(own, base, disp);
        asm.vpdpbusdVex(hi(acc), hi(line), t);
      }
      case WORDS -> {
        forLow(own, base, disp);
        asm.vpmaddubsw(t2, lo(line), t);
        asm.vpaddw(lo(acc), lo(acc), t2);
        forHigh(own, base, disp);
        asm.vpmaddubsw(t, hi(line), t);
        asm.vpaddw(hi(acc), hi(acc), t);
      }
      case WIDENED -> {
        forLow(own, base, disp);
        asm.vpmaddubsw(t2, lo(line), t);
        widen(lo(acc), t2);
        forHigh(own, base, disp);
        asm.vpmaddubsw(t, hi(line), t);
        widen(hi(acc), t);
      }
      case SIGNED -> {
        forLow(own, base, disp);
        signedDot(lo(acc), lo(line));
        forLow(own, base, own ? disp + YMM : disp);
        signedDot(hi(acc), hi(line));
      }
    }
  }

  /** acc += neighbouring 16-bit sums; destroys them. */
  private void widen(Ymm acc, Ymm words) {
    asm.vpmaddwd(words, words, ones());
    asm.vpaddd(acc, acc, words);
  }

  private Mem ones() {
    return constants(0x0001_0001);
  }

  /**
   * |w| · (q in t with the sign of w): w may be -128, whose magnitude is a byte without sign.
   * Destroys t.
   */
  private void signedDot(Ymm acc, Ymm w) {
    asm.vpsignb(t, t, w);
    asm.vpabsb(t2, w);
    asm.vpmaddubsw(t2, t2, t);
    widen(acc, t2);
  }

  @Override
  public void dotEnd(V acc, Codes codes, boolean own, R base, int disp, int shift, V temp) {
    if (way(codes) == Way.WORDS) {
      asm.vpmaddwd(lo(acc), lo(acc), ones());
      asm.vpmaddwd(hi(acc), hi(acc), ones());
      if (codes.offsetShift() >= 0) {
        sums(t, codes, own, base, disp, shift);
        asm.vpaddd(lo(acc), lo(acc), t);
        if (own) {
          sums(t, codes, own, base, disp + YMM, shift);
        }
        asm.vpaddd(hi(acc), hi(acc), t);
      }
    }
  }
}
