package dev.vtc.tvl;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Stored rows to panels, by the equations of {@link TvlFormat}: codes and scales go over as they
 * are, no number is rounded; {@link #quantize} alone rounds, before it packs.
 *
 * <p>Stateless; several threads may pack different panels of the same tensor. Touches the rows of
 * the panels asked for, once and in ascending order, and writes every byte of those panels, in
 * ascending order; needs a few hundred kilobytes beside them, whatever the size of the tensor.
 */
public final class Packer {
  /** Columns that are packed at once: 16 rows of them fit the first-level caches. */
  static final int TILE_COLUMNS = 1024;

  static final ValueLayout.OfFloat LE_FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LANES = TvlFormat.PANEL_ROWS;

  private Packer() {}

  /**
   * Packs panels {@code firstPanel … firstPanel + panelCount - 1} of a matrix.
   *
   * @param source of {@code format.source()}'s type, or F32 where the format is F16 or BF16 and
   *     every value has that type (see {@link #chooseFormat})
   * @param dst receives the panels: panel {@code firstPanel + i} at {@code i * panelStride}, {@code
   *     format.panelBytes(columns)} bytes each; what lies between is not touched
   * @param panelStride bytes from panel to panel
   * @throws IllegalArgumentException when the format does not hold the type, or the matrix has more
   *     than 2^31 - 16 rows or columns
   * @throws IndexOutOfBoundsException when {@code dst} is too small or the panels do not exist
   */
  public static void pack(
      Tensor source,
      TvlFormat format,
      MemorySegment dst,
      long panelStride,
      int firstPanel,
      int panelCount) {
    pack(source, source.type(), format, dst, panelStride, firstPanel, panelCount);
  }

  /**
   * Packs panels as {@link #pack} does, of a matrix of any type: its rows are decoded and quantized
   * to {@code format.source()}, with the bytes that {@link Quantizer} gives; those of that type
   * already are packed as they are.
   *
   * @throws IllegalArgumentException when {@link Quantizer} cannot quantize to the format or
   *     refuses a weight, or for the matrix's size
   */
  public static void quantize(
      Tensor source,
      TvlFormat format,
      MemorySegment dst,
      long panelStride,
      int firstPanel,
      int panelCount) {
    pack(source, format.source(), format, dst, panelStride, firstPanel, panelCount);
  }

  private static void pack(
      Tensor source,
      DType type,
      TvlFormat format,
      MemorySegment dst,
      long panelStride,
      int firstPanel,
      int panelCount) {
    int rows = size(source.rows(), source);
    int columns = size(source.columns(), source);
    Objects.checkFromIndexSize(firstPanel, panelCount, TvlFormat.panels(rows));
    if (panelCount == 0) {
      return;
    }
    long panelBytes = format.panelBytes(columns);
    if (panelStride < panelBytes) {
      throw new IllegalArgumentException(
          "A stride of " + panelStride + " bytes is too short for panels of " + panelBytes + ".");
    }
    long last = Math.multiplyExact(panelCount - 1L, panelStride);
    Objects.checkFromIndexSize(last, panelBytes, dst.byteSize());
    TileWriter writer = writer(type, format);
    Tile tile = new Tile(type, format, columns);
    TileReader reader = type == source.type() ? Packer::copy : quantizing(tile.columns);
    for (int i = 0; i < panelCount; i++) {
      int firstRow = (firstPanel + i) * LANES;
      packPanel(source, firstRow, tile, reader, writer, dst.asSlice(i * panelStride, panelBytes));
    }
  }

  /** The format that a tensor is packed as; scans a dense F32 tensor once. */
  public static TvlFormat chooseFormat(Tensor tensor) {
    if (!tensor.type().isWeight()) {
      throw new IllegalArgumentException(
          "Tensor " + tensor.name() + " of type " + tensor.type() + " holds no weights.");
    }
    if (tensor.type() != DType.F32) {
      return TvlFormat.of(tensor.type());
    }
    // Few trained F32 tensors are a smaller type in disguise, and those that are not say so soon.
    boolean bf16 = true;
    boolean f16 = true;
    int[] bits = new int[4096];
    MemorySegment data = tensor.data();
    long n = tensor.elements();
    for (long at = 0; at < n && (bf16 || f16); at += bits.length) {
      int count = (int) Math.min(bits.length, n - at);
      MemorySegment.copy(data, LE_INT, at * Float.BYTES, bits, 0, count);
      int lost = 0;
      for (int i = 0; i < count; i++) {
        lost |= bits[i];
      }
      bf16 &= (lost & 0xFFFF) == 0;
      for (int i = 0; f16 && i < count; i++) {
        f16 = widen(toF16(bits[i])) == bits[i];
      }
    }
    return bf16 ? TvlFormat.BF16 : f16 ? TvlFormat.F16 : TvlFormat.F32;
  }

  static int size(long n, Tensor tensor) {
    if (n <= 0 || n > Integer.MAX_VALUE - TvlFormat.PANEL_ROWS) {
      throw new IllegalArgumentException(
          "Tensor "
              + tensor.name()
              + " of ["
              + tensor.rows()
              + ", "
              + tensor.columns()
              + "] cannot be packed: rows and columns must be 1 to 2^31 - 17.");
    }
    return (int) n;
  }

  private static int toF16(int f32Bits) {
    return Float.floatToFloat16(Float.intBitsToFloat(f32Bits)) & 0xFFFF;
  }

  private static int widen(int f16Bits) {
    return Float.floatToRawIntBits(Float.float16ToFloat((short) f16Bits));
  }

  /** Buffers for one tile of a panel, with the tile's geometry. */
  private static final class Tile {
    /** Type of {@link #stored}. */
    final DType type;

    /** Columns of a whole tile, a multiple of the format's unit. */
    final int columns;

    /** Stored bytes of one row of a whole tile: the distance of rows in {@link #stored}. */
    final int rowBytes;

    /** Stored bytes of 16 rows, {@code rowBytes} apart. */
    final byte[] stored;

    /** The packed lines. */
    final int[] lines;

    final TvlFormat format;

    Tile(DType type, TvlFormat format, int matrixColumns) {
      this.type = type;
      this.format = format;
      columns = Math.min(TILE_COLUMNS, format.paddedColumns(matrixColumns));
      rowBytes = (int) type.rowBytes(columns);
      stored = new byte[LANES * rowBytes];
      lines = new int[columns / format.unitColumns() * format.linesPerUnit() * LANES];
    }
  }

  /** Brings {@code columns} elements of a row, from {@code column} on, into the tile's row. */
  private interface TileReader {
    void read(Tensor source, long row, int column, int columns, Tile tile, int tileRow);
  }

  private static void copy(
      Tensor source, long row, int column, int columns, Tile tile, int tileRow) {
    MemorySegment.copy(
        source.data(),
        ValueLayout.JAVA_BYTE,
        offset(source, row, column),
        tile.stored,
        tileRow * tile.rowBytes,
        (int) tile.type.rowBytes(columns));
  }

  /** Where an element of a row begins, in bytes; {@code column} begins a block. */
  private static long offset(Tensor source, long row, int column) {
    DType type = source.type();
    return source.storedRow(row) * type.rowBytes(source.columns()) + type.rowBytes(column);
  }

  private static TileReader quantizing(int tileColumns) {
    float[] values = new float[tileColumns];
    return (source, row, column, columns, tile, tileRow) -> {
      Decoder.decode(source.type(), source.data(), offset(source, row, column), values, 0, columns);
      MemorySegment stored = MemorySegment.ofArray(tile.stored);
      try {
        Quantizer.quantize(tile.type, values, 0, stored, (long) tileRow * tile.rowBytes, columns);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("Tensor " + source.name() + ": " + e.getMessage(), e);
      }
    };
  }

  /** Packs stored rows of one tile: {@code columns} of them are there, in {@code lanes} rows. */
  private interface TileWriter {
    void write(Tile tile, int lanes, int columns);
  }

  private static void packPanel(
      Tensor source,
      int firstRow,
      Tile tile,
      TileReader reader,
      TileWriter writer,
      MemorySegment dst) {
    int lanes = (int) Math.min(LANES, source.rows() - firstRow);
    int unit = tile.format.unitColumns();
    long out = 0;
    for (int column = 0; column < source.columns(); column += tile.columns) {
      int columns = (int) Math.min(tile.columns, source.columns() - column);
      for (int r = 0; r < lanes; r++) {
        reader.read(source, firstRow + r, column, columns, tile, r);
      }
      int ints = Math.ceilDiv(columns, unit) * tile.format.linesPerUnit() * LANES;
      Arrays.fill(tile.lines, 0, ints, 0);
      writer.write(tile, lanes, columns);
      MemorySegment.copy(tile.lines, 0, dst, LE_INT, out, ints);
      out += (long) ints * Integer.BYTES;
    }
  }

  private static TileWriter writer(DType type, TvlFormat format) {
    if (type == format.source()) {
      return switch (type) {
        case F32 -> Packer::writeF32;
        case F16, BF16 -> (tile, lanes, columns) -> write16(tile, lanes, columns, type);
        default -> {
          BlockCodec codec = BlockCodec.of(type);
          UnitLines lines = new UnitLines(format);
          RowUnit unit = new RowUnit();
          yield (tile, lanes, columns) ->
              writeBlocks(tile, lanes, columns, type, codec, lines, unit);
        }
      };
    }
    if (type == DType.F32 && format.lowBits() == 16) {
      return (tile, lanes, columns) -> write16(tile, lanes, columns, format.source());
    }
    throw new IllegalArgumentException(
        "Tensors of type " + type + " cannot be packed as " + format + ".");
  }

  private static void writeBlocks(
      Tile tile,
      int lanes,
      int columns,
      DType type,
      BlockCodec codec,
      UnitLines lines,
      RowUnit unit) {
    int unitColumns = tile.format.unitColumns();
    int blocksPerUnit = unitColumns / type.blockSize();
    int unitInts = tile.format.linesPerUnit() * LANES;
    int blocks = columns / type.blockSize();
    // Units outermost, so that the lines being filled (at most 4 KiB) stay in the nearest cache.
    for (int first = 0, base = 0; first < blocks; first += blocksPerUnit, base += unitInts) {
      int here = Math.min(blocksPerUnit, blocks - first);
      if (here < blocksPerUnit) {
        unit.clear();
      }
      for (int r = 0; r < lanes; r++) {
        int at = r * tile.rowBytes + first * type.blockBytes();
        for (int b = 0; b < here; b++) {
          codec.read(tile.stored, at + b * type.blockBytes(), unit, b);
        }
        lines.store(unit, tile.lines, base, r);
      }
    }
  }

  private static void writeF32(Tile tile, int lanes, int columns) {
    for (int r = 0; r < lanes; r++) {
      for (int c = 0; c < columns; c++) {
        tile.lines[LANES * c + r] =
            BlockCodec.i32(tile.stored, r * tile.rowBytes + Float.BYTES * c);
      }
    }
  }

  /**
   * Two columns to a line: the rows of the even one in its first half, of the odd in its second.
   */
  private static void write16(Tile tile, int lanes, int columns, DType to) {
    boolean narrow = tile.rowBytes != 2 * tile.columns;
    for (int r = 0; r < lanes; r++) {
      int row = r * tile.rowBytes;
      for (int c = 0; c < columns; c++) {
        int bits;
        if (narrow) {
          int f32 = BlockCodec.i32(tile.stored, row + Float.BYTES * c);
          bits = to == DType.BF16 ? f32 >>> 16 : toF16(f32);
        } else {
          bits = BlockCodec.u16(tile.stored, row + Short.BYTES * c);
        }
        tile.lines[LANES / 2 * c + r / 2] |= bits << (16 * (r % 2));
      }
    }
  }
}
