package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Codes;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Numerics;
import dev.vtc.tvl.TvlFormat;
import dev.vtc.tvl.TvlFormat.Scales;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inner loop of every MatMul: one panel times a tile of tokens, sums[tile][16] = W[16, k] ·
 * x[tile][k]. Rules 4 and 5 of the numerics; the layout of {@link TvlFormat} once more, as loads.
 *
 * <pre>arguments: panel, x (row of the first token), sums (64 bytes a token)</pre>
 */
public final class ProductTile {
  private static final int LINE = TvlFormat.LINE_BYTES;
  private static final int BLOCK = 32;

  /** Tiles where the machine has those of several tokens, up to the largest, of its own. */
  private static final int[] OWN = {12, 8, 4, 2, 1};

  /** Where the minima stand in a super line. */
  private static final int SUPER_MINIMUM = 32;

  private final LaneAssembler a;
  private final TvlFormat format;
  private final int tokens;
  private final int stride;
  private final Buffer in;
  private final Codes codes;
  private final V[] sums;
  private final R panel;
  private final R q;
  private final R scales;
  private final R sums16;

  /** A line of codes, and the codes of four columns; the weights of a column in a dense format. */
  private final V line;

  private final V part;
  private final V scale;
  private final V product;

  /**
   * Scale and minimum of a super block; null where registers are few, and they are loaded again.
   */
  private final @Nullable V superScale;

  private final @Nullable V superMinimum;
  private final V minimum;

  /** Where the super block begins, if its scales are loaded again. */
  private final @Nullable R superBlock;

  /** Integer dot products of each token. */
  private V[] dots;

  private ProductTile(LaneAssembler a, TvlFormat format, Buffer in, int tokens) {
    this.a = a;
    this.format = format;
    this.tokens = tokens;
    this.in = in;
    stride = in.rowBytes();
    codes = Codes.of(format);
    panel = a.arg(0);
    q = a.arg(1);
    scales = a.temp("block scales");
    sums16 = a.temp("sums of 16");
    sums = new V[tokens * chains(format)];
    for (int t = 0; t < sums.length; t++) {
      sums[t] = a.vec("sums");
      a.zero(sums[t]);
    }
    boolean coded = !format.isDense();
    boolean planes = format.highBits() > 0;
    Scales kind = format.scales();
    line = a.vec("line");
    part = coded ? a.vec("codes") : line;
    // While codes are unpacked, scales are not used yet: without a high plane the registers are the
    // same.
    scale = planes ? a.vec("scale") : line;
    product = planes ? a.vec("product") : part;
    boolean superScales = format.superLines() > 0;
    boolean kept = superScales && keepsSuperScales(a, format, tokens);
    superScale = kept ? a.vec("super scale") : null;
    superMinimum = kept && superMinimum(kind) ? a.vec("super minimum") : null;
    superBlock = superScales && !kept ? a.temp("super block") : null;
    minimum = kind == Scales.K16_MIN ? a.vec("minimum") : part;
    dots = new V[coded ? tokens : 0];
    for (int t = 0; t < dots.length; t++) {
      dots[t] = a.vec("dot products");
    }
  }

  /** The tile sizes a machine uses for a format, largest first; the last is 1. */
  static int[] sizes(LaneAssembler a, TvlFormat format) {
    if (a.hasOwnTile(format, OWN[0])) {
      return OWN.clone();
    }
    int most = (a.vectors() - registers(a, format)) / perToken(format);
    // 6 only where it is the largest: each size costs time to emit, and 4 + 2 does nearly as well.
    int[] all = most >= 8 ? new int[] {12, 8, 4, 2, 1} : new int[] {6, 4, 2, 1};
    int first = 0;
    while (all[first] > most) {
      first++;
    }
    return Arrays.copyOfRange(all, first, all.length);
  }

  private static boolean sixteens(TvlFormat format) {
    return format.scales() == Scales.K16 || format.scales() == Scales.K16_MIN;
  }

  private static boolean superMinimum(Scales scales) {
    return scales == Scales.K32_MIN || scales == Scales.K16_MIN;
  }

  /** Sums and dot products of a token. */
  private static int perToken(TvlFormat format) {
    return format.isDense() ? chains(format) : sixteens(format) ? 3 : 2;
  }

  /** Scales and minima of a super block that can stay in registers. */
  private static int superScales(TvlFormat format) {
    return superMinimum(format.scales()) ? 2 : 1;
  }

  /** Whether a tile of so many tokens leaves registers for the scales of super blocks. */
  private static boolean keepsSuperScales(LaneAssembler a, TvlFormat format, int tokens) {
    int others = fixed(format) + tokens * perToken(format);
    return others + superScales(format) <= a.vectors();
  }

  /** Registers besides those of each token and the scales of super blocks. */
  private static int fixed(TvlFormat format) {
    int planes = format.highBits() > 0 ? 4 : 2;
    return switch (format.scales()) {
      case NONE -> 1;
      case F16, BF16, F16_MIN, X32, K16, K32_MIN -> planes;
      case K16_MIN -> planes + 1;
    };
  }

  /**
   * Registers besides those of each token, for the largest tile. Where registers are many, scales
   * of super blocks are kept in every tile; where they are few, a second token is worth more.
   */
  private static int registers(LaneAssembler a, TvlFormat format) {
    boolean many = a.vectors() >= 12;
    boolean kept = many && format.superLines() > 0;
    return fixed(format) + (kept ? superScales(format) : 0);
  }

  /**
   * Emits the kernel for matrices with {@code columns} columns.
   *
   * @param in the activations' rows
   * @param tokens a size of tile that the machine uses; 1 always is
   */
  public static void emit(LaneAssembler a, TvlFormat format, int columns, Buffer in, int tokens) {
    if (a.hasOwnTile(format, tokens)) {
      a.ownTile(format, columns, in, tokens);
      return;
    }
    ProductTile tile = new ProductTile(a, format, in, tokens);
    int units = format.paddedColumns(columns) / format.unitColumns();
    if (format.isDense()) {
      tile.dense(units);
    } else {
      tile.quantized(units);
    }
    R out = a.arg(2);
    for (int t = 0; t < tokens; t++) {
      a.store(out, LINE * t, tile.sums[t]);
    }
    a.leave();
  }

  /** Activations of all tokens, 64 bytes each, are about to be used. */
  private void hold(int at) {
    for (int t = 0; t < tokens; t++) {
      a.hold(q, t * stride + at);
    }
  }

  // ---- F32, F16, BF16 ----

  /** Sums of a token that do not wait for each other: rule 5 gives a dense format two. */
  private static int chains(TvlFormat format) {
    return format.isDense() ? Numerics.DENSE_CHAINS : 1;
  }

  private void dense(int groups) {
    V w = line;
    int columnBytes = TvlFormat.PANEL_ROWS * format.lowBits() / 8;
    int unroll = a.denseColumns();
    a.repeat(
        groups * (TvlFormat.GROUP_COLUMNS / unroll),
        () -> {
          a.fetchWeights(panel, 0, unroll * columnBytes / LINE, tokens);
          for (int c = 0; c < unroll; c++) {
            int held = LINE / Float.BYTES;
            if (c % held == 0) {
              a.release();
              hold(c * Float.BYTES);
            }
            switch (format) {
              case F16 -> a.loadHalf(w, panel, c * columnBytes);
              case BF16 -> a.loadBfloat(w, panel, c * columnBytes);
              default -> a.load(w, panel, c * columnBytes);
            }
            for (int t = 0; t < tokens; t++) {
              V sum = sums[c % Numerics.DENSE_CHAINS * tokens + t];
              a.fma(sum, w, q, t * stride + c * Float.BYTES);
            }
          }
          a.release();
          a.add(panel, unroll * columnBytes);
          a.add(q, unroll * Float.BYTES);
        });
    for (int t = 0; t < tokens; t++) {
      a.add(sums[t], sums[t], sums[tokens + t]);
    }
  }

  // ---- codes ----

  private void quantized(int units) {
    a.move(scales, q);
    a.move(sums16, q);
    a.repeat(units, this::unit);
  }

  private void unit() {
    if (superScale != null) {
      a.loadHalf(superScale, panel, 0);
    }
    if (superMinimum != null) {
      a.loadHalf(superMinimum, panel, SUPER_MINIMUM);
      if (format.scales() == Scales.K32_MIN) { // else the sums are negative already
        negate(superMinimum);
      }
    }
    if (superBlock != null) {
      a.move(superBlock, panel);
    }
    int superBytes = format.superLines() * LINE;
    if (format.scales() == Scales.X32) {
      // Scales of all 8 blocks stand in the super lines: each group knows its place.
      for (int g = 0; g < format.groupsPerUnit(); g++) {
        group(superBytes + g * format.linesPerGroup() * LINE, g);
        advance(0);
      }
      a.add(panel, format.linesPerUnit() * LINE);
      return;
    }
    if (superBytes > 0) {
      a.add(panel, superBytes);
    }
    a.repeat(
        format.groupsPerUnit(),
        () -> {
          group(0, 0);
          advance(format.linesPerGroup() * LINE);
        });
  }

  private void negate(V v) {
    a.constantInt(product, 0x8000_0000);
    a.xor(v, v, product);
  }

  /** To the next group: 64 codes, 2 block scales and sums, 4 sums of 16. */
  private void advance(int bytes) {
    if (bytes > 0) {
      a.add(panel, bytes);
    }
    a.add(q, TvlFormat.GROUP_COLUMNS);
    a.add(scales, 2 * Float.BYTES);
    a.add(sums16, 4 * Integer.BYTES);
  }

  private void group(int at, int groupOfUnit) {
    a.fetchWeights(panel, at, format.linesPerGroup(), tokens);
    if (!sixteens(format)) { // whose sub-blocks need the registers
      hold(0);
    }
    for (int block = 0; block < 2; block++) {
      if (sixteens(format)) {
        subBlocks(at, block);
      } else {
        int shift = codes.sumsShift();
        int sums = in.offsetSums(shift) + 4 * block;
        begin(sums, shift, scales);
        dot(at, block, 0, BLOCK);
        end(sums, shift, scales);
        for (int t = 0; t < tokens; t++) {
          a.toFloat(dots[t], dots[t]);
        }
      }
      loadScale(at, block, groupOfUnit);
      for (int t = 0; t < tokens; t++) {
        a.mul(product, scale, scales, t * stride + in.dOffset() + 4 * block);
        a.fma(sums[t], dots[t], product);
      }
      if (format.hasMinimum()) {
        addMinimum(at, block);
      }
    }
    a.release();
  }

  private void begin(int offset, int shift, R base) {
    for (int t = 0; t < tokens; t++) {
      a.dotBegin(dots[t], codes, base, t * stride + offset, shift);
    }
  }

  private void end(int offset, int shift, R base) {
    for (int t = 0; t < tokens; t++) {
      a.dotEnd(dots[t], codes, base, t * stride + offset, shift, product);
    }
  }

  /** Columns from … to of a block (of 32, or one of its halves) into the dot products. */
  private void dot(int at, int block, int from, int to) {
    int low = format.lowBits();
    int columnsPerLine = 32 / low;
    int planes = at + format.scaleLines() * LINE;
    for (int column = block * BLOCK + from; column < block * BLOCK + to; column += 4) {
      int shift = low * (column % columnsPerLine / 4);
      if (column % columnsPerLine == 0) {
        a.load(low == 8 ? part : line, panel, planes + column / columnsPerLine * LINE);
      }
      if (low < 8) {
        a.bits(part, line, shift, (1 << low) - 1);
      }
      int high = format.highBits();
      if (high > 0) {
        int highPerLine = 32 / high;
        int highShift = high * (column % highPerLine / 4);
        a.load(product, panel, planes + (format.lowLines() + column / highPerLine) * LINE);
        a.orBits(part, product, highShift - low, ((1 << high) - 1) << low, scale);
      }
      if (format.hasCodebook()) {
        a.lookup(part, part, codes.table(format));
      }
      a.dotPrepare(part, codes);
      for (int t = 0; t < tokens; t++) {
        a.dot(dots[t], part, codes, q, t * stride + column);
      }
    }
  }

  /**
   * Two sub-blocks of 16: dots = (float) (sc0 · i0 + sc1 · i1). Where products of integers are slow
   * they are products of floats: |i| ≤ 16 · 32 · 127 and |sc| ≤ 128, so that products and sum are
   * below 2²⁴, exact.
   */
  private void subBlocks(int at, int block) {
    V[] first = dots;
    V[] second = new V[tokens];
    for (int t = 0; t < tokens; t++) {
      second[t] = a.vec("second half");
    }
    int sums = in.sum16Offset() + 8 * block;
    begin(sums, 0, sums16);
    dot(at, block, 0, BLOCK / 2);
    end(sums, 0, sums16);
    dots = second;
    begin(sums + 4, 0, sums16);
    dot(at, block, BLOCK / 2, BLOCK);
    end(sums + 4, 0, sums16);
    dots = first;
    boolean floats = a.slowIntegerProducts();
    for (int s = 0; s < 2; s++) {
      subScale(scale, at, 2 * block + s);
      if (floats) {
        a.toFloat(scale, scale);
      }
      for (int t = 0; t < tokens; t++) {
        V d = s == 0 ? first[t] : second[t];
        if (!floats) {
          a.mulInt(d, d, scale);
        } else {
          a.toFloat(d, d);
          if (s == 0) {
            a.mul(d, d, scale);
          } else {
            a.fma(first[t], d, scale);
          }
        }
      }
    }
    for (int t = 0; t < tokens && !floats; t++) {
      a.addInt(first[t], first[t], second[t]);
      a.toFloat(first[t], first[t]);
    }
    a.free(second);
  }

  /** d = integer scale of sub-block s of the group, each lane its own. */
  private void subScale(V d, int at, int s) {
    a.load(d, panel, at);
    if (format.scales() == Scales.K16) {
      a.shiftLeft(d, d, 24 - 8 * s);
      a.shiftRightSigned(d, d, 24);
    } else {
      a.shiftLeft(d, d, 28 - 8 * s);
      a.shiftRight(d, d, 28);
    }
  }

  /** scale = ws of the numerics. */
  private void loadScale(int at, int block, int groupOfUnit) {
    switch (format.scales()) {
      case F16, F16_MIN -> a.loadHalf(scale, panel, at + 32 * block);
      case BF16 -> a.loadBfloat(scale, panel, at + 32 * block);
      case K32_MIN -> {
        byteOf(scale, at, block, false);
        a.mul(scale, scale, superScale(product));
      }
      case K16, K16_MIN -> a.move(scale, superScale(scale));
      case X32 -> {
        int b = 2 * groupOfUnit + block;
        byteOf(scale, LINE + LINE * (b / 4), b % 4, true);
        a.mul(scale, scale, superScale(product));
      }
      case NONE -> throw new IllegalStateException();
    }
  }

  /** The super block's scale, in its register or loaded into {@code temp}. */
  private V superScale(V temp) {
    if (superScale != null) {
      return superScale;
    }
    loadSuper(temp, 0);
    return temp;
  }

  private void loadSuper(V d, int offset) {
    a.loadHalf(d, Objects.requireNonNull(superBlock), offset);
  }

  /** d = (float) byte i of each lane of a line. */
  private void byteOf(V d, int at, int i, boolean signed) {
    a.load(d, panel, at);
    a.shiftLeft(d, d, 24 - 8 * i);
    if (signed) {
      a.shiftRightSigned(d, d, 24);
    } else {
      a.shiftRight(d, d, 24);
    }
    a.toFloat(d, d);
  }

  /** sums = fma(wm, d · (float) Σq, sums), the sign of a minimum moved to where it costs least. */
  private void addMinimum(int at, int block) {
    switch (format.scales()) {
      case F16_MIN -> {
        a.loadHalf(scale, panel, at + LINE + 32 * block);
        minimumTimesSum(block);
      }
      case K32_MIN -> {
        byteOf(scale, at, 2 + block, false);
        if (superMinimum != null) {
          a.mul(scale, scale, superMinimum);
        } else {
          loadSuper(product, SUPER_MINIMUM);
          a.mul(scale, scale, product);
          negate(scale);
        }
        minimumTimesSum(block);
      }
      case K16_MIN -> {
        for (int t = 0; t < tokens; t++) {
          int sums = t * stride + in.sum16Offset() + 8 * block;
          for (int s = 0; s < 2; s++) {
            a.load(scale, panel, at);
            a.shiftLeft(scale, scale, 24 - 8 * (2 * block + s));
            a.shiftRight(scale, scale, 28);
            a.broadcast(product, sums16, sums + 4 * s);
            a.mulInt(s == 0 ? minimum : scale, scale, product);
          }
          a.addInt(minimum, minimum, scale);
          a.toFloat(minimum, minimum);
          a.mul(minimum, minimum, scales, t * stride + in.dOffset() + 4 * block);
          V least = superMinimum;
          if (least == null) {
            least = scale;
            loadSuper(least, SUPER_MINIMUM);
          }
          a.fma(this.sums[t], least, minimum);
        }
      }
      default -> throw new IllegalStateException();
    }
  }

  private void minimumTimesSum(int block) {
    for (int t = 0; t < tokens; t++) {
      a.fma(sums[t], scale, scales, t * stride + in.sOffset() + 4 * block);
    }
  }
}
