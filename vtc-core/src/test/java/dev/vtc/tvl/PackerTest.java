package dev.vtc.tvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class PackerTest {
  @SuppressWarnings("unused") // used by name
  static final Iterable<DType> TYPES = TestTensors.WEIGHT_TYPES;

  private static byte[] pack(Tensor t, TvlFormat format) {
    byte[] packed = new byte[(int) format.bytes((int) t.rows(), (int) t.columns())];
    Arrays.fill(packed, (byte) 0xA5);
    long stride = format.panelBytes((int) t.columns());
    Packer.pack(
        t, format, MemorySegment.ofArray(packed), stride, 0, TvlFormat.panels((int) t.rows()));
    return packed;
  }

  private static PackedTensor packed(Tensor t, TvlFormat format) {
    return new PackedTensor(
        t.name(),
        format,
        (int) t.rows(),
        (int) t.columns(),
        format.panelBytes((int) t.columns()),
        MemorySegment.ofArray(pack(t, format)));
  }

  @Test
  void everyFormatIsMadeFromOneWeightType() {
    EnumSet<TvlFormat> made = EnumSet.noneOf(TvlFormat.class);
    for (DType type : TestTensors.WEIGHT_TYPES) {
      made.add(TvlFormat.of(type));
    }
    assertThat(made).isEqualTo(EnumSet.allOf(TvlFormat.class));
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void unpackingGivesTheStoredBlocksBitForBit(DType type) {
    Random random = TestTensors.seeded("unpack " + type);
    for (int rows : TestTensors.ROWS) {
      for (int columns : TestTensors.columns(type)) {
        Tensor t = TestTensors.random(random, type, rows, columns);
        PackedMatrix m = new PackedMatrix(packed(t, TvlFormat.of(type)));
        byte[] back = new byte[(int) t.data().byteSize()];
        m.unpack(0, rows, MemorySegment.ofArray(back));
        assertThat(back).as("[%d, %d]", rows, columns).isEqualTo(TestTensors.bytes(t));
        int row = random.nextInt(rows);
        byte[] one = new byte[(int) type.rowBytes(columns)];
        m.unpack(row, 1, MemorySegment.ofArray(one));
        assertThat(MemorySegment.ofArray(one).mismatch(t.row(row))).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void valuesEqualTheDecodersWhereTheEquationsSay(DType type) {
    Random random = TestTensors.seeded("layout " + type);
    TvlFormat format = TvlFormat.of(type);
    for (int rows : new int[] {1, 16, 33}) {
      for (int columns : TestTensors.columns(type)) {
        Tensor t = TestTensors.random(random, type, rows, columns);
        byte[] all = pack(t, format);
        int panelBytes = (int) format.panelBytes(columns);
        PackedMatrix matrix = new PackedMatrix(packed(t, format));
        float[] expected = new float[columns];
        float[] row = new float[columns];
        for (int r = 0; r < rows; r++) {
          int at = r / 16 * panelBytes;
          LayoutOracle oracle =
              new LayoutOracle(format, Arrays.copyOfRange(all, at, at + panelBytes));
          Decoder.decodeRow(t, r, expected, 0);
          matrix.decodeRow(r, row);
          for (int c = 0; c < columns; c++) {
            String where = type + " [" + r + ", " + c + "] of [" + rows + ", " + columns + "]";
            assertSame(oracle.weight(r % 16, c), expected[c], where);
            assertSame(row[c], expected[c], where);
          }
          int c = random.nextInt(columns);
          assertSame(matrix.weight(r, c), expected[c], "one element");
        }
      }
    }
  }

  /** Equal bits, any NaN being any other: which of two NaNs survives an operation is open. */
  private static void assertSame(float actual, float expected, String where) {
    if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
      assertThat(actual).as(where).isEqualTo(expected);
      throw new AssertionError(where + ": sign of zero");
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void paddingIsZeroAndEveryByteIsWritten(DType type) {
    Random random = TestTensors.seeded("padding " + type);
    TvlFormat format = TvlFormat.of(type);
    int columns = TestTensors.columns(type)[0];
    byte[] full = new byte[(int) type.rowBytes(columns)];
    Arrays.fill(full, (byte) 0xFF);
    Tensor t = new Tensor("t", type, 1, columns, MemorySegment.ofArray(full), 0);
    byte[] packed = pack(t, format);
    // Rows 1 … 15 are zero throughout: a line's bytes of lanes other than 0 are.
    int lineBits = format.isDense() ? format.lowBits() : 32;
    for (int line = 0; line < packed.length / 64; line++) {
      for (int i = 0; i < 64; i++) {
        boolean sixteenBit = lineBits == 16 || isHalfLine(format, line);
        boolean lane0 = sixteenBit ? i % 32 < 2 : i < 4;
        if (!lane0) {
          assertThat(packed[64 * line + i]).as("line %d byte %d", line, i).isZero();
        }
      }
    }
    // Columns that are not there have zero scales (values in a dense format).
    if (columns == 32 && !format.isDense()) {
      assertThat(packed[32]).isZero();
      assertThat(packed[33]).isZero();
    }

    // A gap between panels stays as it was; dirty and clean memory give the same panels.
    Tensor u = TestTensors.random(random, type, 40, columns);
    int panel = (int) format.panelBytes(columns);
    byte[] gaps = new byte[3 * panel + 2 * 128];
    Arrays.fill(gaps, (byte) 0x5A);
    Packer.pack(u, format, MemorySegment.ofArray(gaps), panel + 128L, 0, 3);
    byte[] dense = pack(u, format);
    assertThat(format.bytes(40, columns)).isEqualTo(dense.length);
    for (int p = 0; p < 3; p++) {
      int at = p * (panel + 128);
      assertThat(Arrays.copyOfRange(gaps, at, at + panel))
          .isEqualTo(Arrays.copyOfRange(dense, p * panel, (p + 1) * panel));
      for (int i = 0; p < 2 && i < 128; i++) {
        assertThat(gaps[at + panel + i]).isEqualTo((byte) 0x5A);
      }
    }
    byte[] middle = new byte[panel];
    Packer.pack(u, format, MemorySegment.ofArray(middle), panel, 1, 1);
    assertThat(middle).isEqualTo(Arrays.copyOfRange(dense, panel, 2 * panel));
  }

  /** True for lines of 16-bit scales, two bytes a lane; a test shape has one unit. */
  private static boolean isHalfLine(TvlFormat format, int line) {
    return switch (format.scales()) {
      case NONE -> false;
      case F16, BF16, F16_MIN -> line % format.linesPerGroup() < format.scaleLines();
      case K32_MIN, K16, K16_MIN, X32 -> line == 0;
    };
  }

  @Test
  void aSmallerTypeIsChosenOnlyWhenItHoldsEveryValue() {
    assertThat(choose(1f, -0f, 0x1p-126f, 3.140625f)).isEqualTo(TvlFormat.BF16);
    assertThat(choose(1f, 0x1.004p0f)).isEqualTo(TvlFormat.F16);
    assertThat(choose(1f, 0x1.002p0f)).isEqualTo(TvlFormat.F32);
    assertThat(choose(0x1.004p0f, 65536f)).isEqualTo(TvlFormat.F32);
    assertThat(choose(0x1.004p0f, 0x1p-24f, -65504f)).isEqualTo(TvlFormat.F16);
    assertThat(choose(0x1.004p0f, 0x1p-25f)).isEqualTo(TvlFormat.F32);
    Random random = TestTensors.seeded("choose");
    for (DType type : TestTensors.WEIGHT_TYPES) {
      if (type != DType.F32) {
        Tensor t = TestTensors.random(random, type, 2, type.blockSize());
        assertThat(Packer.chooseFormat(t)).isEqualTo(TvlFormat.of(type));
      }
    }
  }

  private static TvlFormat choose(float... values) {
    // The deciding value comes last, behind more than one read buffer.
    float[] all = new float[5003 + values.length];
    System.arraycopy(values, 0, all, 5003, values.length);
    return Packer.chooseFormat(f32(1, all.length, all));
  }

  private static Tensor f32(int rows, int columns, float[] values) {
    byte[] bytes = new byte[4 * values.length];
    for (int i = 0; i < values.length; i++) {
      BlockCodec.i32(bytes, 4 * i, Float.floatToRawIntBits(values[i]));
    }
    return new Tensor("t", DType.F32, rows, columns, MemorySegment.ofArray(bytes), 0);
  }

  @Test
  void f32IsPackedAsF16AndBf16WithoutALoss() {
    Random random = TestTensors.seeded("narrow");
    for (TvlFormat format : new TvlFormat[] {TvlFormat.F16, TvlFormat.BF16}) {
      float[] values = new float[17 * 1043];
      for (int i = 0; i < values.length; i++) {
        short bits = (short) random.nextInt();
        float v =
            format == TvlFormat.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
        values[i] = Float.isNaN(v) ? 0 : v;
      }
      Tensor t = f32(17, 1043, values);
      assertThat(Packer.chooseFormat(t)).isEqualTo(format);
      PackedMatrix m = new PackedMatrix(packed(t, format));
      float[] row = new float[1043];
      for (int r = 0; r < 17; r++) {
        m.decodeRow(r, row);
        assertThat(row).isEqualTo(Arrays.copyOfRange(values, r * 1043, (r + 1) * 1043));
      }
    }
  }

  /** Rows wider than a tile, in heads whose rows are stored in another order. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void quantizingWhilePackingPacksWhatTheQuantizerWrites(DType type) {
    Random random = TestTensors.seeded("quantize " + type);
    for (DType stored : new DType[] {DType.F32, DType.BF16, DType.Q6_K}) {
      if (stored == type) {
        continue; // copied, as vtc quantize does
      }
      int columns = 2304;
      int rows = 36;
      byte[] source = new byte[Math.toIntExact(rows * stored.rowBytes(columns))];
      float[] values = new float[columns];
      byte[] rowsQuantized = new byte[Math.toIntExact(rows * type.rowBytes(columns))];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          values[c] = (float) random.nextGaussian();
        }
        MemorySegment row = MemorySegment.ofArray(source);
        Quantizer.quantize(stored, values, 0, row, r * stored.rowBytes(columns), columns);
        Decoder.decode(stored, row, r * stored.rowBytes(columns), values, 0, columns);
        Quantizer.quantize(
            type,
            values,
            0,
            MemorySegment.ofArray(rowsQuantized),
            r * type.rowBytes(columns),
            columns);
      }
      TvlFormat format = TvlFormat.of(type);
      Tensor quantized =
          new Tensor("q", type, rows, columns, MemorySegment.ofArray(rowsQuantized), 0, 12);
      Tensor dense = new Tensor("d", stored, rows, columns, MemorySegment.ofArray(source), 0, 12);
      byte[] actual = new byte[(int) format.bytes(rows, columns)];
      Packer.quantize(
          dense, format, MemorySegment.ofArray(actual), format.panelBytes(columns), 0, 3);
      assertThat(actual).as("from " + stored).isEqualTo(pack(quantized, format));
    }
  }

  @Test
  void whatCannotBePackedIsSaid() {
    Random random = TestTensors.seeded("errors");
    Tensor t = TestTensors.random(random, DType.Q4_0, 17, 64);
    MemorySegment dst = MemorySegment.ofArray(new byte[10_000]);
    assertThatThrownBy(() -> Packer.pack(t, TvlFormat.Q8, dst, 10_000, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Q4_0");
    assertThatThrownBy(() -> Packer.pack(t, TvlFormat.Q4, dst, 64, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Packer.pack(t, TvlFormat.Q4, dst, 640, 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Packer.pack(t, TvlFormat.Q4, dst.asSlice(0, 575), 640, 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    Tensor integers = TestTensors.random(random, DType.I32, 1, 4);
    assertThatThrownBy(() -> Packer.chooseFormat(integers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("I32");
  }
}
