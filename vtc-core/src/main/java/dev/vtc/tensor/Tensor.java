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
 * @param turnedHead 0 if rows are stored in their order. Otherwise the rows of a head: Hugging Face
 *     files of some architectures store the first elements of a head's rotated pairs before all
 *     second elements, where GGUF and VTC have pairs side by side. Then row {@code 2i + p} of a
 *     head is stored as its row {@code i + p·turnedHead/2}; see {@link #storedRow}.
 */
public record Tensor(
    String name,
    DType type,
    long rows,
    long columns,
    MemorySegment data,
    long offset,
    int turnedHead) {

  /** A tensor whose rows are stored in their order. */
  public Tensor(String name, DType type, long rows, long columns, MemorySegment data, long offset) {
    this(name, type, rows, columns, data, offset, 0);
  }

  /** Checks that {@code data} has the size that type and shape ask for. */
  public Tensor {
    long bytes = Math.multiplyExact(rows, type.rowBytes(columns));
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "Tensor " + name + " has " + data.byteSize() + " bytes instead of " + bytes + ".");
    }
    if (turnedHead < 0 || turnedHead % 2 != 0 || (turnedHead > 0 && rows % turnedHead != 0)) {
      throw new IllegalArgumentException(
          "Tensor " + name + " of " + rows + " rows has no heads of " + turnedHead + " rows.");
    }
  }

  /** Number of elements. */
  public long elements() {
    return rows * columns;
  }

  /** Which row of {@code data} holds row {@code row}: the same, unless heads are turned. */
  public long storedRow(long row) {
    if (turnedHead == 0) {
      return row;
    }
    long inHead = row % turnedHead;
    return row - inHead + inHead / 2 + inHead % 2 * (turnedHead / 2);
  }

  /** The bytes of row {@code row}. */
  public MemorySegment row(long row) {
    long bytes = type.rowBytes(columns);
    return data.asSlice(storedRow(row) * bytes, bytes);
  }
}
