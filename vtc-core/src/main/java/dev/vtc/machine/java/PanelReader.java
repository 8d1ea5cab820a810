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
   * Panels read side by side: 64 lanes make loops that the JIT compiler turns into vector code; 16
   * do not.
   */
  static final int PANELS = 4;

  static final int LANES = PANELS * TvlFormat.PANEL_ROWS;
  static final int BLOCK = 32;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** What each code stands for, offset included: [column of the block][lane]. */
  final int[] values = new int[BLOCK * LANES];

  /** Dense formats: the weights, [column of the block][lane]. */
  final float[] weights = new float[BLOCK * LANES];

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
    int at = column * LANES + lane;
    if (format.isDense()) {
      return weights[at];
    }
    float d = scale[lane];
    if (!hasSubScales()) {
      float w = d * values[at];
      return format.hasMinimum() ? w + minimum[lane] : w;
    }
    int s = column / (BLOCK / 2);
    float w = d * subScale[s][lane] * values[at];
    return format.hasMinimum() ? w + minimum[lane] * subMinimum[s][lane] : w;
  }

  private long panel(int p) {
    return (first + p) * panelStride;
  }

  private void readDense(long group, int half) {
    int lanes = TvlFormat.PANEL_ROWS;
    int bytes = format == TvlFormat.F32 ? Float.BYTES : Short.BYTES;
    for (int p = 0; p < count; p++) {
      long at = panel(p) + group + (long) half * BLOCK * lanes * bytes;
      for (int c = 0; c < BLOCK; c++) {
        for (int r = 0; r < lanes; r++, at += bytes) {
          weights[c * LANES + p * lanes + r] =
              switch (format) {
                case F16 -> Float.float16ToFloat(data.get(SHORT, at));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, at) << 16);
                default -> Float.intBitsToFloat(data.get(INT, at));
              };
        }
      }
    }
  }

  private void readScales(long unit, long group, int inUnit, int half) {
    for (int p = 0; p < count; p++) {
      long u = panel(p) + unit;
      long g = panel(p) + group;
      for (int r = 0; r < TvlFormat.PANEL_ROWS; r++) {
        int lane = p * TvlFormat.PANEL_ROWS + r;
        switch (format.scales()) {
          case NONE -> throw new IllegalStateException();
          case F16 -> scale[lane] = f16(g + 32 * half + 2 * r);
          case F16_MIN -> {
            scale[lane] = f16(g + 32 * half + 2 * r);
            minimum[lane] = f16(g + 64 + 32 * half + 2 * r);
          }
          case BF16 ->
              scale[lane] = Float.intBitsToFloat(data.get(SHORT, g + 32 * half + 2 * r) << 16);
          case K32_MIN -> {
            scale[lane] = f16(u + 2 * r) * u8(g + 4 * r + half);
            minimum[lane] = -(f16(u + 32 + 2 * r) * u8(g + 4 * r + 2 + half));
          }
          case K16 -> {
            scale[lane] = f16(u + 2 * r);
            for (int s = 0; s < 2; s++) {
              subScale[s][lane] = s8(g + 4 * r + 2 * half + s);
            }
          }
          case K16_MIN -> {
            scale[lane] = f16(u + 2 * r);
            minimum[lane] = -f16(u + 32 + 2 * r);
            for (int s = 0; s < 2; s++) {
              int both = u8(g + 4 * r + 2 * half + s);
              subScale[s][lane] = both & 15;
              subMinimum[s][lane] = both >> 4;
            }
          }
          case X32 ->
              scale[lane] = f16(u + 2 * r) * s8(u + 64 + 64 * (inUnit / 4) + 4 * r + inUnit % 4);
        }
      }
    }
  }

  private void readCodes(long planes, int half) {
    int low = format.lowBits();
    int highBits = format.highBits();
    int columnsPerLine = 32 / low;
    int linesPerBlock = BLOCK / columnsPerLine;
    int mask = (1 << low) - 1;
    for (int l = 0; l < linesPerBlock; l++) {
      readLine(planes + (half * linesPerBlock + l) * 64L, line);
      for (int c = 0; c < columnsPerLine; c++) {
        int shift = 8 * (c % 4) + low * (c / 4);
        int at = (l * columnsPerLine + c) * LANES;
        for (int x = 0; x < LANES; x++) {
          values[at + x] = (line[x] >>> shift) & mask;
        }
      }
    }
    if (highBits > 0) {
      addHighPlane(planes + format.lowLines() * 64L, half, highBits, low);
    }
    if (format.hasCodebook()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = format.codeValue(values[i]);
      }
    } else if (format.codeOffset() != 0) {
      int offset = format.codeOffset();
      for (int i = 0; i < values.length; i++) {
        values[i] -= offset;
      }
    }
  }

  private void addHighPlane(long plane, int half, int bits, int low) {
    int columnsPerLine = 32 / bits;
    int mask = (1 << bits) - 1;
    for (int c = 0; c < BLOCK; c++) {
      int column = half * BLOCK + c;
      int inLine = column % columnsPerLine;
      if (inLine == 0 || c == 0) {
        readLine(plane + column / columnsPerLine * 64L, high);
      }
      int shift = 8 * (inLine % 4) + bits * (inLine / 4);
      int at = c * LANES;
      for (int x = 0; x < LANES; x++) {
        values[at + x] |= ((high[x] >>> shift) & mask) << low;
      }
    }
  }

  private void readLine(long offset, int[] into) {
    for (int p = 0; p < count; p++) {
      MemorySegment.copy(
          data, INT, panel(p) + offset, into, p * TvlFormat.PANEL_ROWS, TvlFormat.PANEL_ROWS);
    }
  }

  private float f16(long offset) {
    return Float.float16ToFloat(data.get(SHORT, offset));
  }

  private int s8(long offset) {
    return data.get(ValueLayout.JAVA_BYTE, offset);
  }

  private int u8(long offset) {
    return s8(offset) & 0xff;
  }
}
