package dev.vtc.app.lab.layout;

import dev.vtc.tensor.DType;
import dev.vtc.tvl.TvlFormat;

/** A weight format of the ablation: how it is stored row by row, and in TVL. */
public enum WeightFormat {
  F32(DType.F32, TvlFormat.F32),
  F16(DType.F16, TvlFormat.F16),
  /** Blocks of 32: an f16 scale and 32 signed bytes, 34 bytes. */
  Q8(DType.Q8_0, TvlFormat.Q8),
  /** Blocks of 32: an f16 scale and 16 bytes of two codes, 18 bytes. */
  Q4(DType.Q4_0, TvlFormat.Q4);

  private final DType rowMajor;
  private final TvlFormat tvl;

  WeightFormat(DType rowMajor, TvlFormat tvl) {
    this.rowMajor = rowMajor;
    this.tvl = tvl;
  }

  /** The type as GGUF files hold it, row after row. */
  public DType rowMajor() {
    return rowMajor;
  }

  public TvlFormat tvl() {
    return tvl;
  }

  boolean isDense() {
    return tvl.isDense();
  }

  /** Bytes of a matrix in a layout; both are the same but for padding. */
  long bytes(Variant variant, int rows, int columns) {
    return variant.tvl() ? tvl.bytes(rows, columns) : rows * rowMajor.rowBytes(columns);
  }
}
