package dev.vtc.tvl;

import dev.vtc.tensor.DType;

/**
 * The weight formats of the Tensor Virtualization Layout (docs/tvl.md).
 *
 * <p>A matrix [rows, k] is stored panel by panel; a panel holds 16 rows (lane r of a line belongs
 * to row 16·p + r), the last one padded with zero rows. A panel is a run of <em>units</em> of 64 or
 * 256 columns, k being padded with zeros:
 *
 * <pre>
 *   unit  = superLines lines of super-block scales (only where unitColumns = 256)
 *           groupsPerUnit × group
 *   group = scaleLines lines of scales of its 64 columns
 *           64·lowBits/32 lines of the low bit plane        (line of width b: 4·(8/b) columns)
 *           64·highBits/32 lines of the high bit plane, if highBits &gt; 0
 *   line  = 64 bytes = 16 lanes × 4 bytes
 *
 *   code of (row 16p+r, column 64g+c) = low | high &lt;&lt; lowBits
 *   low : line c / (32/b), byte 4r + c%4, bits b·t … b·t+b-1 with t = (c % (32/b)) / 4, b = lowBits; high likewise
 * </pre>
 *
 * Dense formats have no scales; F32 has one line a column (16 × f32), F16 and BF16 one line two
 * columns (16 rows of the even column, then 16 rows of the odd one).
 *
 * <p>Scale lines, all little-endian, by {@link Scales}:
 *
 * <pre>
 *   F16      scale line: block b of the group (columns 32b … 32b+31), row r: f16 at 32b + 2r
 *   F16_MIN  as F16, then a second line with the minima
 *   BF16     as F16 with bf16 values
 *   K32_MIN  super line: f16 d at 2r, f16 dmin at 32 + 2r. Scale line: byte 4r + b = scale of block b, byte 4r + 2 + b = its min
 *   K16      super line: f16 d at 2r, the other half zero. Scale line: int8 at 4r + s, sub-block s of 16 columns
 *   K16_MIN  super line: f16 d at 2r, f16 dmin at 32 + 2r. Scale line: byte 4r + s, low nibble scale, high nibble min of sub-block s
 *   X32      super lines: 1st: f16 d at 2r, the other half zero; 2nd and 3rd: int8 scale of block b (0 … 7) of the unit at
 *            64·(b/4) + 4r + b%4. No scale line in the group
 * </pre>
 */
public enum TvlFormat {
  F32(0, DType.F32, Scales.NONE, 32, 0, 0),
  F16(1, DType.F16, Scales.NONE, 16, 0, 0),
  BF16(2, DType.BF16, Scales.NONE, 16, 0, 0),
  Q8(3, DType.Q8_0, Scales.F16, 8, 0, 128),
  Q4(4, DType.Q4_0, Scales.F16, 4, 0, 8),
  Q4M(5, DType.Q4_1, Scales.F16_MIN, 4, 0, 0),
  Q5(6, DType.Q5_0, Scales.F16, 4, 1, 16),
  Q5M(7, DType.Q5_1, Scales.F16_MIN, 4, 1, 0),
  Q2K(8, DType.Q2_K, Scales.K16_MIN, 2, 0, 0),
  Q3K(9, DType.Q3_K, Scales.K16, 2, 1, 4),
  Q4K(10, DType.Q4_K, Scales.K32_MIN, 4, 0, 0),
  Q5K(11, DType.Q5_K, Scales.K32_MIN, 4, 1, 0),
  Q6K(12, DType.Q6_K, Scales.K16, 4, 2, 32),
  IQ4NL(13, DType.IQ4_NL, Scales.F16, 4, 0, 0),
  IQ4XS(14, DType.IQ4_XS, Scales.X32, 4, 0, 0),
  MXFP4(15, DType.MXFP4, Scales.BF16, 4, 0, 0);

  /** Where the scales of a block lie and what they are; the drawings are above. */
  public enum Scales {
    NONE(0, 0),
    F16(0, 1),
    F16_MIN(0, 2),
    BF16(0, 1),
    K32_MIN(1, 1),
    K16(1, 1),
    K16_MIN(1, 1),
    X32(3, 0);

    final int superLines;
    final int scaleLines;

    Scales(int superLines, int scaleLines) {
      this.superLines = superLines;
      this.scaleLines = scaleLines;
    }
  }

  /** Rows of a panel, and lanes of a line. */
  public static final int PANEL_ROWS = 16;

  /** Columns of a group. */
  public static final int GROUP_COLUMNS = 64;

  /** Bytes of a line: one cache line of every CPU this engine runs on. */
  public static final int LINE_BYTES = 64;

  // The value of each 4-bit code of IQ4_NL and IQ4_XS: kvalues_iq4nl of ggml-common.h.
  private static final byte[] IQ4_VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };
  // Twice the E2M1 value of each 4-bit code, the scale being halved: OCP Microscaling Formats 1.0,
  // 5.3.3.
  private static final byte[] MXFP4_VALUES = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private final int id;
  private final DType source;
  private final Scales scales;
  private final int lowBits;
  private final int highBits;
  private final int codeOffset;

  TvlFormat(int id, DType source, Scales scales, int lowBits, int highBits, int codeOffset) {
    this.id = id;
    this.source = source;
    this.scales = scales;
    this.lowBits = lowBits;
    this.highBits = highBits;
    this.codeOffset = codeOffset;
  }

  /** The number that stands for this format in a packed file. Never reused. */
  public int id() {
    return id;
  }

  /** The stored type this format is made from, and gives back bit for bit. */
  public DType source() {
    return source;
  }

  public Scales scales() {
    return scales;
  }

  /** True for F32, F16 and BF16: weights are numbers, not codes. */
  public boolean isDense() {
    return scales == Scales.NONE;
  }

  /** Bits of a code (of a value, in a dense format) in the low plane. */
  public int lowBits() {
    return lowBits;
  }

  /** Bits of a code in the high plane: 0, 1 or 2. */
  public int highBits() {
    return highBits;
  }

  /**
   * What is taken off an unsigned code to get the integer that enters the dot product; 0 with a
   * codebook.
   */
  public int codeOffset() {
    return codeOffset;
  }

  /** True when a 4-bit code stands for an entry of {@link #codeValue}'s table. */
  public boolean hasCodebook() {
    return this == IQ4NL || this == IQ4XS || this == MXFP4;
  }

  /** The integer that an unsigned code stands for in a dot product. */
  public int codeValue(int code) {
    return switch (this) {
      case IQ4NL, IQ4XS -> IQ4_VALUES[code];
      case MXFP4 -> MXFP4_VALUES[code];
      default -> code - codeOffset;
    };
  }

  /** True when weights of a block have a minimum besides the scale. */
  public boolean hasMinimum() {
    return scales == Scales.F16_MIN || scales == Scales.K32_MIN || scales == Scales.K16_MIN;
  }

  /** Columns of a unit: 256 where there are super-block scales, else 64. */
  public int unitColumns() {
    return scales.superLines > 0 ? 256 : GROUP_COLUMNS;
  }

  public int groupsPerUnit() {
    return unitColumns() / GROUP_COLUMNS;
  }

  /** Lines of super-block scales at the head of a unit. */
  public int superLines() {
    return scales.superLines;
  }

  /** Lines of scales at the head of a group. */
  public int scaleLines() {
    return scales.scaleLines;
  }

  /** Lines of a group's low plane (of its values, in a dense format). */
  public int lowLines() {
    return GROUP_COLUMNS * lowBits / 32;
  }

  /** Lines of a group's high plane. */
  public int highLines() {
    return GROUP_COLUMNS * highBits / 32;
  }

  public int linesPerGroup() {
    return scaleLines() + lowLines() + highLines();
  }

  public int linesPerUnit() {
    return superLines() + groupsPerUnit() * linesPerGroup();
  }

  /** {@code columns} rounded up to whole units: the k that kernels run over. */
  public int paddedColumns(int columns) {
    int unit = unitColumns();
    return Math.multiplyExact(Math.ceilDiv(columns, unit), unit);
  }

  /** Bytes of one panel of a matrix with {@code columns} columns. */
  public long panelBytes(int columns) {
    return (long) (paddedColumns(columns) / unitColumns()) * linesPerUnit() * LINE_BYTES;
  }

  /** Bytes of a packed matrix [rows, columns]. */
  public long bytes(int rows, int columns) {
    return Math.multiplyExact(panels(rows), panelBytes(columns));
  }

  /** Bits a weight takes, padding left out. */
  public double bitsPerWeight() {
    return 8.0 * linesPerUnit() * LINE_BYTES / (PANEL_ROWS * unitColumns());
  }

  /** Panels of a matrix with {@code rows} rows. */
  public static int panels(int rows) {
    return Math.ceilDiv(rows, PANEL_ROWS);
  }

  /** The format a stored type is packed as. */
  public static TvlFormat of(DType type) {
    for (TvlFormat f : values()) {
      if (f.source == type) {
        return f;
      }
    }
    throw new IllegalArgumentException("Tensors of type " + type + " hold no weights.");
  }

  /** The format with this number, or an {@code IllegalArgumentException}. */
  public static TvlFormat ofId(int id) {
    if (id < 0 || id >= values().length) {
      throw new IllegalArgumentException("There is no TVL format number " + id + ".");
    }
    return values()[id];
  }
}
