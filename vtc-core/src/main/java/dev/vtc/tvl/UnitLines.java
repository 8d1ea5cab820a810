package dev.vtc.tvl;

/**
 * A {@link RowUnit} to and from its lane of a unit's lines: the layout equations of {@link
 * TvlFormat}, for every format with codes. Lines are ints: the 4 bytes of lane r of line l are
 * {@code lines[16·l + r]}, lowest byte first.
 */
final class UnitLines {
  private static final int LANES = TvlFormat.PANEL_ROWS;

  private final TvlFormat format;
  private final int groups;
  private final int lowBits;
  private final int highBits;
  private final int lowMask;
  private final int highMask;

  UnitLines(TvlFormat format) {
    if (format.isDense()) {
      throw new IllegalArgumentException(format + " has no codes.");
    }
    this.format = format;
    this.groups = format.groupsPerUnit();
    this.lowBits = format.lowBits();
    this.highBits = format.highBits();
    this.lowMask = BlockCodec.ONES * ((1 << lowBits) - 1);
    this.highMask = BlockCodec.ONES * ((1 << highBits) - 1);
  }

  /**
   * Writes lane {@code lane}.
   *
   * @param lines the unit begins at {@code lines[base]}; this lane must be all zero before
   */
  void store(RowUnit u, int[] lines, int base, int lane) {
    storeScales(u, lines, base, lane);
    int line = base + format.superLines() * LANES + lane;
    for (int g = 0; g < groups; g++) {
      line += format.scaleLines() * LANES;
      storePlane(u.codes, 16 * g, 0, lowBits, lowMask, lines, line);
      line += format.lowLines() * LANES;
      if (highBits > 0) {
        storePlane(u.codes, 16 * g, lowBits, highBits, highMask, lines, line);
        line += format.highLines() * LANES;
      }
    }
  }

  /** The inverse of {@link #store}: fills {@code u} from lane {@code lane}. */
  void load(int[] lines, int base, int lane, RowUnit u) {
    loadScales(lines, base, lane, u);
    int line = base + format.superLines() * LANES + lane;
    for (int g = 0; g < groups; g++) {
      line += format.scaleLines() * LANES;
      for (int i = 0; i < 16; i++) {
        u.codes[16 * g + i] = 0;
      }
      loadPlane(lines, line, 0, lowBits, lowMask, u.codes, 16 * g);
      line += format.lowLines() * LANES;
      if (highBits > 0) {
        loadPlane(lines, line, lowBits, highBits, highMask, u.codes, 16 * g);
        line += format.highLines() * LANES;
      }
    }
  }

  /** 16 ints of four codes each to a plane; field t of a line's bytes is its t-th int. */
  private static void storePlane(
      int[] codes, int from, int shift, int bits, int mask, int[] lines, int line) {
    int at = line;
    if (bits == 4) { // the common case without an inner loop: 1.5 times the speed
      for (int i = from; i < from + 16; i += 2, at += LANES) {
        lines[at] = (codes[i] & mask) | (codes[i + 1] & mask) << 4;
      }
      return;
    }
    for (int i = from; i < from + 16; at += LANES) {
      int w = 0;
      for (int t = 0; t < 8; t += bits) {
        w |= (codes[i++] >>> shift & mask) << t;
      }
      lines[at] = w;
    }
  }

  private static void loadPlane(
      int[] lines, int line, int shift, int bits, int mask, int[] codes, int to) {
    int at = line;
    for (int i = to; i < to + 16; at += LANES) {
      for (int t = 0; t < 8; t += bits) {
        codes[i++] |= (lines[at] >>> t & mask) << shift;
      }
    }
  }

  private void storeScales(RowUnit u, int[] lines, int base, int lane) {
    int group = format.linesPerGroup() * LANES;
    switch (format.scales()) {
      case NONE -> throw new IllegalStateException(format + " has no scales.");
      case F16, BF16 -> putHalves(u.d, lines, base, lane);
      case F16_MIN -> {
        putHalves(u.d, lines, base, lane);
        putHalves(u.m, lines, base + LANES, lane);
      }
      case K32_MIN -> {
        putHalf(u.d[0], lines, base, lane);
        putHalf(u.m[0], lines, base + 8, lane);
        for (int g = 0; g < groups; g++) {
          lines[base + LANES + g * group + lane] =
              (u.s[2 * g] & 0xFF)
                  | (u.s[2 * g + 1] & 0xFF) << 8
                  | (u.n[2 * g] & 0xFF) << 16
                  | u.n[2 * g + 1] << 24;
        }
      }
      case K16, K16_MIN -> {
        putHalf(u.d[0], lines, base, lane);
        if (format.hasMinimum()) {
          putHalf(u.m[0], lines, base + 8, lane);
        }
        for (int g = 0; g < groups; g++) {
          lines[base + LANES + g * group + lane] = bytes(u.s, 4 * g);
        }
      }
      case X32 -> {
        putHalf(u.d[0], lines, base, lane);
        lines[base + LANES + lane] = bytes(u.s, 0);
        lines[base + 2 * LANES + lane] = bytes(u.s, 4);
      }
    }
  }

  private void loadScales(int[] lines, int base, int lane, RowUnit u) {
    int group = format.linesPerGroup() * LANES;
    switch (format.scales()) {
      case NONE -> throw new IllegalStateException(format + " has no scales.");
      case F16, BF16 -> getHalves(lines, base, lane, u.d);
      case F16_MIN -> {
        getHalves(lines, base, lane, u.d);
        getHalves(lines, base + LANES, lane, u.m);
      }
      case K32_MIN -> {
        u.d[0] = half(lines, base, lane);
        u.m[0] = half(lines, base + 8, lane);
        for (int g = 0; g < groups; g++) {
          int w = lines[base + LANES + g * group + lane];
          u.s[2 * g] = w & 0xFF;
          u.s[2 * g + 1] = w >>> 8 & 0xFF;
          u.n[2 * g] = w >>> 16 & 0xFF;
          u.n[2 * g + 1] = w >>> 24;
        }
      }
      case K16, K16_MIN -> {
        u.d[0] = half(lines, base, lane);
        u.m[0] = half(lines, base + 8, lane);
        for (int g = 0; g < groups; g++) {
          split(lines[base + LANES + g * group + lane], u.s, 4 * g);
        }
      }
      case X32 -> {
        u.d[0] = half(lines, base, lane);
        split(lines[base + LANES + lane], u.s, 0);
        split(lines[base + 2 * LANES + lane], u.s, 4);
      }
    }
  }

  /** Half a line of sixteen 16-bit values, at {@code at}: the one of this lane. */
  private static int half(int[] lines, int at, int lane) {
    return lines[at + lane / 2] >>> (16 * (lane % 2)) & 0xFFFF;
  }

  private static void putHalf(int value, int[] lines, int at, int lane) {
    lines[at + lane / 2] |= value << (16 * (lane % 2));
  }

  /** A line of two 16-bit values per lane: block 0 in the first half, block 1 in the second. */
  private static void putHalves(int[] values, int[] lines, int at, int lane) {
    putHalf(values[0], lines, at, lane);
    putHalf(values[1], lines, at + 8, lane);
  }

  private static void getHalves(int[] lines, int at, int lane, int[] values) {
    values[0] = half(lines, at, lane);
    values[1] = half(lines, at + 8, lane);
  }

  private static int bytes(int[] s, int at) {
    return (s[at] & 0xFF) | (s[at + 1] & 0xFF) << 8 | (s[at + 2] & 0xFF) << 16 | s[at + 3] << 24;
  }

  private static void split(int w, int[] s, int to) {
    for (int i = 0; i < 4; i++) {
      s[to + i] = (byte) (w >>> (8 * i));
    }
  }
}
