package dev.vtc.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A stored matrix or vector, over the memory that holds it; nothing is copied.
 *
 * <p>Row-major: element {@code (row, column)} belongs to the row that starts at {@code row *
 * type.rowBytes(columns)}. A vector is one row. Tensors of more than two dimensions (experts) fold
 * the outer ones into {@code rows}.
 *
 * @param name the tensor's name in its file
 * @param type how elements are stored
 * @param rows number of rows: output features of a weight matrix
 * @param columns elements of a row: input features of a weight matrix
 * @param data exactly {@code rows * type.rowBytes(columns)} bytes; lives as long as its {@code
 *     ModelSource}
 * @param offset where {@code data} begins in its file, in bytes, for messages
 */
public record Tensor(
    String name, DType type, long rows, long columns, MemorySegment data, long offset) {

  /** Checks that {@code data} has the size that type and shape ask for. */
  public Tensor {
    long bytes = Math.multiplyExact(rows, type.rowBytes(columns));
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "Tensor " + name + " has " + data.byteSize() + " bytes instead of " + bytes + ".");
    }
  }

  /** Number of elements. */
  public long elements() {
    return rows * columns;
  }

  /** The bytes of row {@code row}. */
  public MemorySegment row(long row) {
    long bytes = type.rowBytes(columns);
    return data.asSlice(row * bytes, bytes);
  }
}
