package dev.vtc.machine.a64;

import static dev.vtc.asm.a64.A64Assembler.list;

import dev.vtc.asm.a64.W;
import dev.vtc.program.Buffer;
import dev.vtc.tvl.TvlFormat;

/** Products of codes and activations, by the dot products that a CPU has, tuned for its core. */
final class NeonLanes extends NeonVectors {
  /** How integer dot products are made. */
  enum Dots {
    /** ARMv8.0: products of 8 bits to 16, pairs of them to 32. */
    PLAIN,
    /** SDOT: signed by signed. */
    DOTPROD,
    /** USDOT: takes unsigned codes as they are stored. */
    I8MM
  }

  private final Dots dots;
  private final Tuning tuning;

  NeonLanes(String name, Dots dots, Tuning tuning) {
    super(name);
    this.dots = dots;
    this.tuning = tuning;
  }

  @Override
  public Fetching fetching() {
    return tuning.fetching();
  }

  @Override
  public int denseColumns() {
    return tuning.denseColumns();
  }

  // ---- codes ----

  private void bits(
      dev.vtc.asm.a64.V d, dev.vtc.asm.a64.V s, int shift, int mask, dev.vtc.asm.a64.V every) {
    dev.vtc.asm.a64.V from = s;
    if (shift > 0) {
      asm.ushr(d.b16, s.b16, shift);
      from = d;
    } else if (shift < 0) {
      asm.shl(d.b16, s.b16, -shift);
      from = d;
    }
    if (mask != inByte(shift)) {
      asm.and(d.b16, from.b16, every.b16);
    } else if (shift == 0 && !d.equals(s)) {
      asm.mov(d.b16, s.b16);
    }
  }

  /** The bits of a byte that can be set after a shift of the byte. */
  private static int inByte(int shift) {
    return shift >= 0 ? 0xff >> shift : 0xff << -shift & 0xff;
  }

  @Override
  public void bits(V d, V s, int shift, int mask) {
    dev.vtc.asm.a64.V every = mask == inByte(shift) ? BYTE : everyByte(mask);
    each(d, s, (r, n) -> bits(r, n, shift, mask, every));
  }

  @Override
  public void orBits(V d, V s, int shift, int mask, V temp) {
    dev.vtc.asm.a64.V every = mask == inByte(shift) ? BYTE : everyByte(mask);
    each(
        d,
        s,
        (r, n) -> {
          bits(T0, n, shift, mask, every);
          asm.orr(r.b16, r.b16, T0.b16);
        });
  }

  @Override
  public void lookup(V d, V s, byte[] table) {
    asm.ldr(T0.q, asm.literal(table));
    each(d, s, (r, n) -> asm.tbl(r.b16, list(T0.b16), n.b16));
  }

  /**
   * Where codes do not fit a signed byte, they are made signed, which takes away 128: just the
   * offset of every format with such codes.
   */
  private boolean madeSigned(Codes codes) {
    if (dots == Dots.I8MM || codes.max() <= 127) {
      return false;
    }
    if (codes.offsetShift() != 7) {
      throw new IllegalArgumentException("Codes up to 255 whose offset is not 128.");
    }
    return true;
  }

  @Override
  public void dotBegin(V acc, Codes codes, boolean own, R base, int disp, int shift) {
    if (codes.offsetShift() < 0 || madeSigned(codes)) {
      zero(acc);
      return;
    }
    int left = codes.offsetShift() - shift;
    if (own) {
      for (int i = 0; i < 4; i++) {
        asm.ldr(q(acc, i).q, at(base, disp + 16 * i, 4));
        if (left > 0) {
          asm.shl(q(acc, i).s4, q(acc, i).s4, left);
        }
      }
      return;
    }
    // -offset · Σq: exact, and fewer instructions than taking the offset off every code. By way of
    // a general register, since the vector pipes are what bounds these loops.
    W sum = VALUE.w();
    asm.ldr(sum, at(base, disp, 2));
    if (left > 0) {
      asm.lsl(sum, sum, left);
    }
    for (int i = 0; i < 4; i++) {
      asm.dup(q(acc, i).s4, sum);
    }
  }

  @Override
  public void dotPrepare(V line, Codes codes) {
    if (madeSigned(codes)) {
      flipSigns(line);
    }
  }

  @Override
  public void dotPrepareSigned(V line, Codes codes) {
    if (!madeSigned(codes)) {
      flipSigns(line);
    }
  }

  /** Between a code and code - 128, as a signed byte. */
  private void flipSigns(V line) {
    dev.vtc.asm.a64.V sign = everyByte(0x80);
    each(line, line, (r, n) -> asm.eor(r.b16, n.b16, sign.b16));
  }

  @Override
  public void dot(V acc, V line, Codes codes, boolean own, R base, int disp) {
    if (own) {
      for (int i = 0; i < 4; i++) {
        asm.ldr(T0.q, at(base, disp + 16 * i, 4));
        dotBytes(q(acc, i), q(line, i), T0);
      }
      return;
    }
    Element e = element(base, disp);
    switch (dots) {
      case I8MM -> each(acc, line, (d, n) -> asm.usdot(d.s4, n.b16, e.v().b4(e.i())));
      case DOTPROD -> each(acc, line, (d, n) -> asm.sdot(d.s4, n.b16, e.v().b4(e.i())));
      case PLAIN -> {
        asm.dup(T0.s4, e.v().s(e.i()));
        each(acc, line, (d, n) -> dotBytes(d, n, T0));
      }
    }
  }

  /** Each lane of d += the products of four bytes of n and of m. */
  private void dotBytes(dev.vtc.asm.a64.V d, dev.vtc.asm.a64.V n, dev.vtc.asm.a64.V m) {
    switch (dots) {
      case I8MM -> asm.usdot(d.s4, n.b16, m.b16);
      case DOTPROD -> asm.sdot(d.s4, n.b16, m.b16);
      case PLAIN -> {
        // Pairs of products fit 16 bits: |q| is at most 127, so a pair at most 2 · 128 · 127.
        asm.smull(T1.h8, n.b8, m.b8);
        asm.smull2(T2.h8, n.b16, m.b16);
        asm.addp(T1.h8, T1.h8, T2.h8);
        asm.sadalp(d.s4, T1.h8);
      }
    }
  }

  @Override
  public int byteProducts(V d, V a, V b) {
    if (dots == Dots.I8MM) {
      // Two rows of eight by two columns.
      each(d, a, b, (sum, x, y) -> asm.usmmla(sum.s4, x.b16, y.b16));
      return 2 * 128;
    }
    each(d, a, b, this::dotBytes);
    return 2 * 64;
  }

  @Override
  public boolean hasOwnTile(TvlFormat format, int tokens) {
    return dots == Dots.I8MM && MatrixTile.has(format, tokens);
  }

  @Override
  public void ownTile(TvlFormat format, int columns, Buffer in, int tokens) {
    MatrixTile.emit(this, format, columns, in, tokens);
  }

  @Override
  public void dotEnd(V acc, Codes codes, boolean own, R base, int disp, int shift, V temp) {}
}
