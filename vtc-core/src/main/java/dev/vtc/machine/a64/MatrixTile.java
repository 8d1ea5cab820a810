package dev.vtc.machine.a64;

import static dev.vtc.asm.a64.A64Assembler.list;
import static dev.vtc.asm.a64.A64Assembler.mem;

import dev.vtc.asm.a64.A64Assembler;
import dev.vtc.asm.a64.Mem;
import dev.vtc.asm.a64.V;
import dev.vtc.machine.lanes.LaneAssembler.Codes;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.program.Buffer;
import dev.vtc.tvl.TvlFormat;

/**
 * One panel times an even number of tokens by USMMLA, which multiplies two rows of eight unsigned
 * codes by two tokens' eight signed activations: twice the products of a USDOT.
 *
 * <p>Rule 4 of the numerics as everywhere, each element of a register its own row and token. Half a
 * panel, 8 rows, and a block of 32 columns at a time are taken apart into 16 registers and stay
 * there while all pairs of tokens pass by:
 *
 * <pre>
 * codes   v0 … v15   [8 columns][2 rows]: 4 · columns / 8 + rows / 2;  ZIP of two neighbouring quads of columns
 * dots    v16 … v19  [2 rows]: | row, token | row, token + 1 | row + 1, token | row + 1, token + 1 |
 * scales  v24 … v27  [2 rows]: | row | row | row + 1 | row + 1 |
 * minima  v28 … v31  likewise
 * sums    in memory, laid out as the dots until the end: pair of tokens · 128 + 16 · rows / 2
 * </pre>
 *
 * v20 … v23 are temporaries; while codes are taken apart, all from v16 on are.
 */
final class MatrixTile {
  private static final int LINE = TvlFormat.LINE_BYTES;
  private static final int BLOCK = 32;

  /** Bytes of a pair of tokens in the sums. */
  private static final int PAIR = 2 * LINE;

  /** Where the minima stand in a super line. */
  private static final int SUPER_MINIMUM = 32;

  private final NeonLanes a;
  private final A64Assembler asm;
  private final TvlFormat format;
  private final Buffer in;
  private final int tokens;
  private final Codes codes;
  private final R panel;

  /**
   * Activations of the first token: where the group's codes are, and where its block scales are.
   */
  private final R q;

  private final R scales;
  private final R sums;

  /** The super block's head, used where there is one. */
  private final R superBlock;

  private MatrixTile(NeonLanes a, TvlFormat format, Buffer in, int tokens) {
    this.a = a;
    asm = a.asm;
    this.format = format;
    this.in = in;
    this.tokens = tokens;
    codes = Codes.of(format);
    panel = a.arg(0);
    q = a.arg(1);
    sums = a.arg(2);
    scales = a.temp("block scales");
    superBlock = a.temp("super block");
  }

  /**
   * Whether there is such a kernel: for formats whose scales are those of 32 columns and stand in
   * the group. With two tokens it costs more than USDOT unless codes come from two planes.
   */
  static boolean has(TvlFormat format, int tokens) {
    boolean scaled =
        switch (format.scales()) {
          case F16, F16_MIN, BF16, K32_MIN -> true;
          case NONE, K16, K16_MIN, X32 -> false;
        };
    return scaled && tokens % 2 == 0 && (tokens > 2 || format.highBits() > 0);
  }

  /** Emits the kernel. */
  static void emit(NeonLanes a, TvlFormat format, int columns, Buffer in, int tokens) {
    MatrixTile tile = new MatrixTile(a, format, in, tokens);
    tile.begin();
    a.repeat(format.paddedColumns(columns) / format.unitColumns(), tile::unit);
    tile.end();
    a.leave();
  }

  private static V v(int i) {
    return V.of(i);
  }

  private Mem pair(R base, int disp) {
    return disp >= -1024 && disp <= 1008 ? mem(A64Lanes.x(base), disp) : mem(a.address(base, disp));
  }

  private void begin() {
    a.move(scales, q);
    a.add(scales, in.dOffset());
    asm.movi(v(16).b16, 0);
    for (int i = 0; i < 2 * tokens; i++) {
      asm.stp(v(16).q, v(16).q, pair(sums, 32 * i));
    }
  }

  private void unit() {
    if (format.superLines() > 0) {
      a.move(superBlock, panel);
      a.add(panel, format.superLines() * LINE);
    }
    a.repeat(
        format.groupsPerUnit(),
        () -> {
          a.fetchWeights(panel, 0, format.linesPerGroup(), tokens);
          for (int block = 0; block < 2; block++) {
            for (int half = 0; half < 2; half++) {
              codes(block, half);
              scales(block, half);
              pairs(block, half);
            }
          }
          a.add(panel, format.linesPerGroup() * LINE);
          a.add(q, TvlFormat.GROUP_COLUMNS);
          a.add(scales, 2 * Float.BYTES);
        });
  }

  // ---- weights ----

  /** v0 … v15: the codes of 8 rows and 32 columns. */
  private void codes(int block, int half) {
    int low = format.lowBits();
    int columnsPerLine = 32 / low;
    int planes = format.scaleLines() * LINE + 32 * half;
    V mask = v(23);
    V highMask = v(24);
    V table = v(25);
    if (low < 8) {
      asm.movi(mask.b16, (1 << low) - 1);
    }
    if (format.highBits() > 0) {
      asm.movi(highMask.b16, ((1 << format.highBits()) - 1) << low);
    }
    if (format.hasCodebook()) {
      asm.ldr(table.q, asm.literal(codes.table(format)));
    }
    V[] line = {v(16), v(17)};
    V[][] part = {{v(18), v(19)}, {v(20), v(21)}};
    for (int column = block * BLOCK; column < block * BLOCK + BLOCK; column += 4) {
      V[] to = part[column / 4 % 2];
      V[] from = low == 8 ? to : line;
      if (column % columnsPerLine == 0) {
        Mem at = pair(panel, planes + column / columnsPerLine * LINE);
        asm.ldp(from[0].q, from[1].q, at);
      }
      if (low < 8) {
        for (int i = 0; i < 2; i++) {
          shifted(to[i], line[i], low * (column % columnsPerLine / 4), low, mask);
        }
      }
      if (format.highBits() > 0) {
        orHigh(to, column, planes + format.lowLines() * LINE, highMask);
      }
      if (format.hasCodebook()) {
        for (V t : to) {
          asm.tbl(t.b16, list(table.b16), t.b16);
        }
      }
      if (column % 8 == 4) {
        int into = (column - block * BLOCK) / 8 * 4;
        for (int i = 0; i < 2; i++) {
          asm.zip1(v(into + 2 * i).s4, part[0][i].s4, to[i].s4);
          asm.zip2(v(into + 2 * i + 1).s4, part[0][i].s4, to[i].s4);
        }
      }
    }
  }

  /** d = field of each byte; no mask where the shift leaves nothing else. */
  private void shifted(V d, V s, int shift, int bits, V mask) {
    V from = s;
    if (shift > 0) {
      asm.ushr(d.b16, s.b16, shift);
      from = d;
    }
    if (shift + bits < 8) {
      asm.and(d.b16, from.b16, mask.b16);
    }
  }

  /** Codes of 4 columns get their high bits. */
  private void orHigh(V[] to, int column, int plane, V mask) {
    int high = format.highBits();
    int columnsPerLine = 32 / high;
    int shift = high * (column % columnsPerLine / 4) - format.lowBits();
    V[] bits = {v(26), v(27)};
    asm.ldp(bits[0].q, bits[1].q, pair(panel, plane + column / columnsPerLine * LINE));
    for (int i = 0; i < 2; i++) {
      if (shift > 0) {
        asm.ushr(bits[i].b16, bits[i].b16, shift);
      } else if (shift < 0) {
        asm.shl(bits[i].b16, bits[i].b16, -shift);
      }
      asm.and(bits[i].b16, bits[i].b16, mask.b16);
      asm.orr(to[i].b16, to[i].b16, bits[i].b16);
    }
  }

  /** v24 … v27, and v28 … v31 where there are minima. */
  private void scales(int block, int half) {
    V[] scale = {v(16), v(17)};
    V[] minimum = {v(18), v(19)};
    switch (format.scales()) {
      case F16, F16_MIN -> {
        halves(scale, panel, 32 * block + 16 * half);
        if (format.hasMinimum()) {
          halves(minimum, panel, LINE + 32 * block + 16 * half);
        }
      }
      case BF16 -> {
        asm.ldr(v(22).q, a.at(panel, 32 * block + 16 * half, 4));
        asm.shll(scale[0].s4, v(22).h4, 16);
        asm.shll2(scale[1].s4, v(22).h8, 16);
      }
      case K32_MIN -> {
        V[] factor = {v(20), v(21)};
        halves(factor, superBlock, 16 * half);
        byteTimes(scale, factor, block, half);
        halves(factor, superBlock, SUPER_MINIMUM + 16 * half);
        for (V f : factor) {
          asm.fneg(f.s4, f.s4);
        }
        byteTimes(minimum, factor, 2 + block, half);
      }
      default -> throw new IllegalStateException();
    }
    for (int i = 0; i < 4; i++) {
      twice(v(24 + i), scale[i / 2], i % 2);
      if (format.hasMinimum()) {
        twice(v(28 + i), minimum[i / 2], i % 2);
      }
    }
  }

  /** d = | 0 | 0 | 1 | 1 | or | 2 | 2 | 3 | 3 | of s. */
  private void twice(V d, V s, int upper) {
    if (upper == 0) {
      asm.zip1(d.s4, s.s4, s.s4);
    } else {
      asm.zip2(d.s4, s.s4, s.s4);
    }
  }

  /** 8 × f16 to f32. */
  private void halves(V[] d, R base, int disp) {
    asm.ldr(v(22).q, a.at(base, disp, 4));
    asm.fcvtl(d[0].s4, v(22).h4);
    asm.fcvtl2(d[1].s4, v(22).h8);
  }

  /** d = (float) byte i of each lane of the scale line · factor. */
  private void byteTimes(V[] d, V[] factor, int i, int half) {
    asm.ldp(d[0].q, d[1].q, pair(panel, 32 * half));
    for (int r = 0; r < 2; r++) {
      if (i < 3) {
        asm.shl(d[r].s4, d[r].s4, 24 - 8 * i);
      }
      asm.ushr(d[r].s4, d[r].s4, 24);
      asm.ucvtf(d[r].s4, d[r].s4);
      asm.fmul(d[r].s4, d[r].s4, factor[r].s4);
    }
  }

  // ---- tokens ----

  private void pairs(int block, int half) {
    R[] row = {a.temp("q"), a.temp("q of the next")};
    R[] scale = {a.temp("scales"), a.temp("scales of the next")};
    R out = a.temp("out");
    for (int t = 0; t < 2; t++) {
      a.move(row[t], q);
      a.move(scale[t], scales);
      if (t == 1) {
        a.add(row[t], in.rowBytes());
        a.add(scale[t], in.rowBytes());
      }
    }
    a.move(out, sums);
    a.repeat(
        tokens / 2,
        () -> {
          dots(row, scale, block);
          multiplyAdd(scale, out, block, half);
          for (int t = 0; t < 2; t++) {
            a.add(row[t], 2 * in.rowBytes());
            a.add(scale[t], 2 * in.rowBytes());
          }
          a.add(out, PAIR);
        });
    a.free(row);
    a.free(scale);
    a.free(out);
  }

  /** v16 … v19: exact integers of the block, offsets included. */
  private void dots(R[] row, R[] scale, int block) {
    if (codes.offsetShift() >= 0) {
      int shift = codes.sumsShift();
      ofBoth(v(16), scale, in.offsetSums(shift) - in.dOffset() + 4 * block);
      if (shift < codes.offsetShift()) {
        asm.shl(v(16).s4, v(16).s4, codes.offsetShift() - shift);
      }
      for (int i = 1; i < 4; i++) {
        asm.mov(v(16 + i).b16, v(16).b16);
      }
    } else {
      for (int i = 0; i < 4; i++) {
        asm.movi(v(16 + i).b16, 0);
      }
    }
    for (int sixteen = 0; sixteen < 2; sixteen++) {
      int at = BLOCK * block + 16 * sixteen;
      asm.ldr(v(20).q, a.at(row[0], at, 4));
      asm.ldr(v(21).q, a.at(row[1], at, 4));
      asm.zip1(v(22).d2, v(20).d2, v(21).d2);
      asm.zip2(v(23).d2, v(20).d2, v(21).d2);
      for (int eight = 0; eight < 2; eight++) {
        for (int rows = 0; rows < 4; rows++) {
          V codes = v(8 * sixteen + 4 * eight + rows);
          asm.usmmla(v(16 + rows).s4, codes.b16, v(22 + eight).b16);
        }
      }
    }
  }

  /** d = | first token's | second token's | first | second | 32 bits at a displacement. */
  private void ofBoth(V d, R[] base, int disp) {
    asm.ldr(d.s, a.at(base[0], disp, 2));
    asm.ldr(v(23).s, a.at(base[1], disp, 2));
    asm.zip1(d.s4, d.s4, v(23).s4);
    asm.dup(d.d2, d.d(0));
  }

  /** sums = fma((float) dots, ws · d, sums); then with a minimum fma(wm, d · Σq, sums). */
  private void multiplyAdd(R[] scale, R out, int block, int half) {
    V d = v(22);
    ofBoth(d, scale, 4 * block);
    if (format.hasMinimum()) {
      ofBoth(v(20), scale, in.sOffset() - in.dOffset() + 4 * block);
    }
    for (int rows = 0; rows < 4; rows++) {
      V dot = v(16 + rows);
      V sum = v(21);
      V product = v(23);
      Mem at = a.at(out, LINE * half + 16 * rows, 4);
      asm.ldr(sum.q, at);
      asm.scvtf(dot.s4, dot.s4);
      asm.fmul(product.s4, v(24 + rows).s4, d.s4);
      asm.fmla(sum.s4, dot.s4, product.s4);
      if (format.hasMinimum()) {
        asm.fmla(sum.s4, v(28 + rows).s4, v(20).s4);
      }
      asm.str(sum.q, at);
    }
  }

  /** Sums in the order of {@link dev.vtc.machine.lanes.LaneAssembler#ownTile}: 64 bytes a token. */
  private void end() {
    for (int pair = 0; pair < tokens / 2; pair++) {
      for (int i = 0; i < 8; i += 2) {
        asm.ldp(v(i).q, v(i + 1).q, pair(sums, PAIR * pair + 16 * i));
      }
      for (int i = 0; i < 4; i++) {
        asm.uzp1(v(8 + i).s4, v(2 * i).s4, v(2 * i + 1).s4);
        asm.uzp2(v(12 + i).s4, v(2 * i).s4, v(2 * i + 1).s4);
      }
      for (int i = 0; i < 8; i += 2) {
        asm.stp(v(8 + i).q, v(9 + i).q, pair(sums, PAIR * pair + 16 * i));
      }
    }
  }
}
