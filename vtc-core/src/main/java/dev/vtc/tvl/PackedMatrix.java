package dev.vtc.tvl;

import dev.vtc.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a packed matrix row by row: as f32 values, equal bit for bit to those of {@code Decoder} on
 * the source's row, or as the source's own blocks.
 *
 * <p>Holds buffers of its own, so an object serves one thread; make as many as wanted over one
 * tensor. Reading row r touches the whole panel of r, since a row is one lane of it.
 */
public final class PackedMatrix {
  private static final int LANES = TvlFormat.PANEL_ROWS;

  private final PackedTensor tensor;
  private final TvlFormat format;
  private final int unitColumns;
  private final int unitInts;
  private final int[] lines;
  private final float[] values;
  private final RowUnit unit = new RowUnit();

  // Null in a dense format.
  private final @Nullable UnitLines unitLines;

  public PackedMatrix(PackedTensor tensor) {
    this.tensor = tensor;
    this.format = tensor.format();
    this.unitColumns = format.unitColumns();
    this.unitInts = format.linesPerUnit() * LANES;
    this.lines = new int[unitInts];
    this.values = new float[unitColumns];
    this.unitLines = format.isDense() ? null : new UnitLines(format);
  }

  public PackedTensor tensor() {
    return tensor;
  }

  /** The value of one element, as f32. */
  public float weight(int row, int column) {
    Objects.checkIndex(row, tensor.rows());
    Objects.checkIndex(column, tensor.columns());
    loadUnit(row / LANES, column / unitColumns);
    decodeUnit(row % LANES);
    return values[column % unitColumns];
  }

  /**
   * The values of a row.
   *
   * @param dst (columns); longer is fine
   */
  public void decodeRow(int row, float[] dst) {
    Objects.checkIndex(row, tensor.rows());
    int columns = tensor.columns();
    Objects.checkFromIndexSize(0, columns, dst.length);
    for (int at = 0; at < columns; at += unitColumns) {
      loadUnit(row / LANES, at / unitColumns);
      decodeUnit(row % LANES);
      System.arraycopy(values, 0, dst, at, Math.min(unitColumns, columns - at));
    }
  }

  /**
   * The inverse of {@link Packer#pack}: the stored blocks of rows, as type {@code
   * tensor().format().source()} has them.
   *
   * @param dst receives row {@code firstRow + i} at {@code i * source.rowBytes(columns)}
   */
  public void unpack(int firstRow, int rowCount, MemorySegment dst) {
    Objects.checkFromIndexSize(firstRow, rowCount, tensor.rows());
    DType type = format.source();
    int columns = tensor.columns();
    long rowBytes = type.rowBytes(columns);
    Objects.checkFromIndexSize(0, rowCount * rowBytes, dst.byteSize());
    byte[] stored = new byte[(int) type.rowBytes(unitColumns)];
    @Nullable BlockCodec codec = format.isDense() ? null : BlockCodec.of(type);
    for (int i = 0; i < rowCount; i++) {
      for (int at = 0; at < columns; at += unitColumns) {
        loadUnit((firstRow + i) / LANES, at / unitColumns);
        int bytes = (int) type.rowBytes(Math.min(unitColumns, columns - at));
        storedUnit((firstRow + i) % LANES, codec, stored, bytes);
        MemorySegment.copy(
            stored, 0, dst, ValueLayout.JAVA_BYTE, i * rowBytes + type.rowBytes(at), bytes);
      }
    }
  }

  private void loadUnit(int panel, int index) {
    long at = panel * tensor.panelStride() + (long) index * unitInts * Integer.BYTES;
    MemorySegment.copy(tensor.data(), Packer.LE_INT, at, lines, 0, unitInts);
  }

  private void storedUnit(int lane, @Nullable BlockCodec codec, byte[] dst, int bytes) {
    DType type = format.source();
    if (codec == null || unitLines == null) {
      for (int c = 0; c < bytes / type.blockBytes(); c++) {
        if (format == TvlFormat.F32) {
          BlockCodec.i32(dst, Float.BYTES * c, denseBits(c, lane));
        } else {
          BlockCodec.u16(dst, Short.BYTES * c, denseBits(c, lane));
        }
      }
      return;
    }
    unitLines.load(lines, 0, lane, unit);
    for (int b = 0; b < bytes / type.blockBytes(); b++) {
      codec.write(unit, b, dst, b * type.blockBytes());
    }
  }

  private int denseBits(int column, int lane) {
    return format == TvlFormat.F32
        ? lines[LANES * column + lane]
        : lines[LANES / 2 * column + lane / 2] >>> (16 * (lane % 2)) & 0xFFFF;
  }

  /** Fills {@link #values} from lane {@code lane} of the unit at hand. */
  private void decodeUnit(int lane) {
    if (unitLines != null) {
      unitLines.load(lines, 0, lane, unit);
    }
    switch (format.scales()) {
      case NONE -> {
        for (int c = 0; c < unitColumns; c++) {
          int bits = denseBits(c, lane);
          values[c] =
              switch (format) {
                case F32 -> Float.intBitsToFloat(bits);
                case F16 -> Float.float16ToFloat((short) bits);
                default -> Float.intBitsToFloat(bits << 16);
              };
        }
      }
      case F16, F16_MIN, BF16 -> {
        for (int b = 0; b < 2; b++) {
          float d =
              format.scales() == TvlFormat.Scales.BF16
                  ? Float.intBitsToFloat(unit.d[b] << 16)
                  : f16(unit.d[b]);
          decodeBlock(32 * b, 32, d, f16(unit.m[b]));
        }
      }
      // d · scale and scale · code are exact; only adding the minimum rounds.
      case K32_MIN -> {
        for (int b = 0; b < 8; b++) {
          decodeBlock(32 * b, 32, f16(unit.d[0]) * unit.s[b], -(f16(unit.m[0]) * unit.n[b]));
        }
      }
      case K16 -> {
        for (int b = 0; b < 16; b++) {
          decodeBlock(16 * b, 16, f16(unit.d[0]) * unit.s[b], 0);
        }
      }
      case K16_MIN -> {
        for (int b = 0; b < 16; b++) {
          decodeBlock(
              16 * b,
              16,
              f16(unit.d[0]) * (unit.s[b] & 0xF),
              -(f16(unit.m[0]) * (unit.s[b] >>> 4 & 0xF)));
        }
      }
      case X32 -> {
        for (int b = 0; b < 8; b++) {
          decodeBlock(32 * b, 32, f16(unit.d[0]) * unit.s[b], 0);
        }
      }
    }
  }

  private void decodeBlock(int from, int count, float scale, float minimum) {
    for (int c = from; c < from + count; c++) {
      int code = unit.codes[c / 4] >>> (8 * (c % 4)) & 0xFF;
      float value = scale * format.codeValue(code);
      // Without a minimum nothing is added: -0 + 0 would be +0.
      values[c] = format.hasMinimum() ? value + minimum : value;
    }
  }

  private static float f16(int bits) {
    return Float.float16ToFloat((short) bits);
  }

  @Override
  public String toString() {
    return tensor.name() + " [" + tensor.rows() + ", " + tensor.columns() + "] " + format;
  }
}
