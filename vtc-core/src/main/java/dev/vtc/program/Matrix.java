package dev.vtc.program;

import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;

/**
 * A weight matrix as a program sees it: y[rows] = W[rows, columns] · x[columns].
 *
 * @param name the tensor's name, by which a machine finds its memory
 * @param format its layout
 * @param rows output features
 * @param columns input features
 */
public record Matrix(String name, TvlFormat format, int rows, int columns) {
  /** The shape of a packed tensor. */
  public static Matrix of(PackedTensor t) {
    return new Matrix(t.name(), t.format(), t.rows(), t.columns());
  }

  /** Bytes that a product with this matrix reads. */
  public long bytes() {
    return format.bytes(rows, columns);
  }
}
