package dev.vtc.machine.java;

import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import dev.vtc.tvl.TvlFormat.Scales;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads a packed matrix block by block: 32 columns of up to four neighbouring panels, unpacked into
 * plain arrays of 64 lanes. This is the layout of {@link TvlFormat} once more, as code.
 */
final class PanelReader {
  /**
   * Panels read side by side. Loops over 64 lanes become vector code (measured on JDK 25 with
   * AVX-512: unpacking and multiplying in 0.3 ns a weight instead of 0.8), loops over 16 do not.
   * All arrays of a loop are indexed by the lane alone: with an offset added, {@code a[at + lane]},
   * the JIT compiler cannot tell that it does not overlap the array that is written, and stays
   * scalar.
   */
  static final int PANELS = 4;

  static final int LANES = PANELS * TvlFormat.PANEL_ROWS;
  static final int BLOCK = 32;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** What each code stands for, offset included: [column of the block][lane]. */
  final int[][] values = new int[BLOCK][LANES];

  /** Dense formats: the weights, [column of the block][lane]. */
  final float[][] weights = new float[BLOCK][LANES];

  /**
   * Scale of each lane's block ({@code ws} of the numerics), and its minimum ({@code wm}), signed
   * as it is added.
   */
  final float[] scale = new float[LANES];

  final float[] minimum = new float[LANES];

  /**
   * Integer scales and minima of the two sub-blocks of 16, where a format has them:
   * [sub-block][lane].
   */
  final int[][] subScale = new int[2][LANES];

  final int[][] subMinimum = new int[2][LANES];

  private final int[] line = new int[LANES];
  private final int[] high = new int[LANES];
  private final short[] halves = new short[LANES];
  private final byte[] codeValues = new byte[16];
  private MemorySegment data = MemorySegment.NULL;
  private TvlFormat format = TvlFormat.F32;
  private long panelStride;
  private long first;
  private int count;

  /** True when {@link #subScale} (and {@link #subMinimum}) are used. */
  boolean hasSubScales() {
    return format.scales() == Scales.K16 || format.scales() == Scales.K16_MIN;
  }

  /**
   * Turns to panels {@code first … first + count - 1} of a matrix; count is at most {@link
   * #PANELS}.
   */
  void open(PackedTensor tensor, int firstPanel, int panels) {
    data = tensor.data();
    format = tensor.format();
    panelStride = tensor.panelStride();
    first = firstPanel;
    count = panels;
    if (format.hasCodebook()) {
      for (int code = 0; code < codeValues.length; code++) {
        codeValues[code] = (byte) format.codeValue(code);
      }
    }
  }

  /** Number of blocks of a row, padding included. */
  static int blocks(PackedTensor tensor) {
    return tensor.format().paddedColumns(tensor.columns()) / BLOCK;
  }

  /** Reads block {@code block}: columns 32·block … 32·block + 31. */
  void read(int block) {
    int blocksPerUnit = format.unitColumns() / BLOCK;
    long unit = (long) (block / blocksPerUnit) * format.linesPerUnit() * TvlFormat.LINE_BYTES;
    int inUnit = block % blocksPerUnit;
    long group =
        unit
            + (format.superLines() + (inUnit / 2) * (long) format.linesPerGroup())
                * TvlFormat.LINE_BYTES;
    int half = inUnit % 2;
    if (format.isDense()) {
      readDense(group, half);
      return;
    }
    readScales(unit, group, inUnit, half);
    readCodes(group + (long) format.scaleLines() * TvlFormat.LINE_BYTES, half);
  }

  /**
   * The weight of a lane in the block that was read last, decoded as its source type defines it.
   */
  float weight(int column, int lane) {
    if (format.isDense()) {
      return weights[column][lane];
    }
    int value = values[column][lane];
    float d = scale[lane];
    if (!hasSubScales()) {
      float w = d * value;
      return format.hasMinimum() ? w + minimum[lane] : w;
    }
    int s = column / (BLOCK / 2);
    float w = d * subScale[s][lane] * value;
    return format.hasMinimum() ? w + minimum[lane] * subMinimum[s][lane] : w;
  }

  private long panel(int p) {
    return (first + p) * panelStride;
  }

  private void readDense(long group, int half) {
    int bytes = format == TvlFormat.F32 ? Float.BYTES : Short.BYTES;
    for (int c = 0; c < BLOCK; c++) {
      long at = group + (long) (half * BLOCK + c) * TvlFormat.PANEL_ROWS * bytes;
      switch (format) {
        case F16 -> readF16(at, weights[c]);
        case BF16 -> readBf16(at, weights[c]);
        default -> readF32(at, weights[c]);
      }
    }
  }

  /**
   * @param unit where the unit begins in a panel
   * @param group where the block's group begins in a panel
   * @param inUnit number of the block in its unit
   * @param half number of the block in its group
   */
  private void readScales(long unit, long group, int inUnit, int half) {
    switch (format.scales()) {
      case NONE -> throw new IllegalStateException();
      case F16 -> readF16(group + 32 * half, scale);
      case F16_MIN -> {
        readF16(group + 32 * half, scale);
        readF16(group + 64 + 32 * half, minimum);
      }
      case BF16 -> readBf16(group + 32 * half, scale);
      case K32_MIN -> {
        readF16(unit, scale);
        readF16(unit + 32, minimum);
        readLine(group, line);
        for (int lane = 0; lane < LANES; lane++) {
          scale[lane] *= u8(line[lane], half);
          minimum[lane] = -(minimum[lane] * u8(line[lane], 2 + half));
        }
      }
      case K16 -> {
        readF16(unit, scale);
        readLine(group, line);
        for (int s = 0; s < 2; s++) {
          for (int lane = 0; lane < LANES; lane++) {
            subScale[s][lane] = s8(line[lane], 2 * half + s);
          }
        }
      }
      case K16_MIN -> {
        readF16(unit, scale);
        readF16(unit + 32, minimum);
        readLine(group, line);
        for (int s = 0; s < 2; s++) {
          for (int lane = 0; lane < LANES; lane++) {
            int both = u8(line[lane], 2 * half + s);
            subScale[s][lane] = both & 15;
            subMinimum[s][lane] = both >> 4;
          }
        }
        for (int lane = 0; lane < LANES; lane++) {
          minimum[lane] = -minimum[lane];
        }
      }
      case X32 -> {
        readF16(unit, scale);
        readLine(unit + 64 + 64 * (inUnit / 4), line);
        for (int lane = 0; lane < LANES; lane++) {
          scale[lane] *= s8(line[lane], inUnit % 4);
        }
      }
    }
  }

  private void readCodes(long planes, int half) {
    readPlane(planes, half, format.lowBits(), line);
    int high = format.highBits();
    if (high > 0) {
      addHighPlane(planes + format.lowLines() * 64L, half, high);
    }
    if (format.hasCodebook()) {
      for (int[] column : values) {
        for (int lane = 0; lane < LANES; lane++) {
          column[lane] = codeValues[column[lane]];
        }
      }
    } else if (format.codeOffset() != 0) {
      int offset = format.codeOffset();
      for (int[] column : values) {
        for (int lane = 0; lane < LANES; lane++) {
          column[lane] -= offset;
        }
      }
    }
  }

  /** Field (c % columnsPerLine) of line (c / columnsPerLine) of a plane, for each column c. */
  private void readPlane(long plane, int half, int bits, int[] line) {
    int columnsPerLine = 32 / bits;
    int mask = (1 << bits) - 1;
    for (int c = 0; c < BLOCK; c++) {
      int column = half * BLOCK + c;
      if (c % columnsPerLine == 0) {
        readLine(plane + column / columnsPerLine * 64L, line);
      }
      int shift = shift(column % columnsPerLine, bits);
      int[] codes = values[c];
      for (int lane = 0; lane < LANES; lane++) {
        codes[lane] = (line[lane] >>> shift) & mask;
      }
    }
  }

  private void addHighPlane(long plane, int half, int bits) {
    int columnsPerLine = 32 / bits;
    int mask = (1 << bits) - 1;
    int low = format.lowBits();
    for (int c = 0; c < BLOCK; c++) {
      int column = half * BLOCK + c;
      if (c % columnsPerLine == 0) {
        readLine(plane + column / columnsPerLine * 64L, high);
      }
      int shift = shift(column % columnsPerLine, bits);
      int[] codes = values[c];
      for (int lane = 0; lane < LANES; lane++) {
        codes[lane] |= ((high[lane] >>> shift) & mask) << low;
      }
    }
  }

  /** Column {@code i} of a line is field i / 4 of byte i % 4 of each lane. */
  private static int shift(int i, int bits) {
    return 8 * (i % 4) + bits * (i / 4);
  }

  /** A line of each panel: one int a lane. */
  private void readLine(long offset, int[] into) {
    for (int p = 0; p < count; p++) {
      MemorySegment.copy(
          data, INT, panel(p) + offset, into, p * TvlFormat.PANEL_ROWS, TvlFormat.PANEL_ROWS);
    }
  }

  private void readF32(long offset, float[] into) {
    for (int p = 0; p < count; p++) {
      MemorySegment.copy(
          data, FLOAT, panel(p) + offset, into, p * TvlFormat.PANEL_ROWS, TvlFormat.PANEL_ROWS);
    }
  }

  private void readF16(long offset, float[] into) {
    readHalves(offset);
    for (int lane = 0; lane < LANES; lane++) {
      into[lane] = Float.float16ToFloat(halves[lane]);
    }
  }

  private void readBf16(long offset, float[] into) {
    readHalves(offset);
    for (int lane = 0; lane < LANES; lane++) {
      into[lane] = Float.intBitsToFloat(halves[lane] << 16);
    }
  }

  private void readHalves(long offset) {
    for (int p = 0; p < count; p++) {
      MemorySegment.copy(
          data, SHORT, panel(p) + offset, halves, p * TvlFormat.PANEL_ROWS, TvlFormat.PANEL_ROWS);
    }
  }

  /** Byte {@code i} of a lane, signed. */
  private static int s8(int lane, int i) {
    return (byte) (lane >>> (8 * i));
  }

  /** Byte {@code i} of a lane, unsigned. */
  private static int u8(int lane, int i) {
    return (lane >>> (8 * i)) & 0xff;
  }
}
