package dev.vtc.format;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * The header of one GGUF file: key/value pairs and the list of tensors, whatever their types mean.
 *
 * <pre>
 * magic "GGUF" | u32 version | u64 tensors | u64 pairs
 * pairs:   string key | u32 type | value
 * tensors: string name | u32 dimensions | u64 × dimensions | u32 type | u64 offset in the data
 * padding to general.alignment (32), then the data
 * </pre>
 *
 * <p>Little endian; a string is its u64 length and its bytes. Source: ggml's {@code docs/gguf.md}.
 * Everything here was checked against the size of the file: sizes and places of all values, unique
 * names, tensor offsets aligned and inside the file. How many bytes a tensor has, and so whether
 * tensors overlap or end inside the file, is known only to who knows the tensor types, such as
 * {@link GgufFile}.
 *
 * <p>Memory use is bounded by the bytes of the header in the file, never by a number in it.
 *
 * @param file the name for messages
 * @param bytes the whole file
 * @param version 2 or 3
 * @param pairs all pairs in file order
 * @param metadata the same pairs as values; arrays go on reading from {@code bytes}
 * @param tensors all tensors in file order
 * @param alignment bytes to which tensors are aligned, a power of two
 * @param dataOffset where the tensors' data begins, in bytes from the start of the file
 */
public record GgufContainer(
    Path file,
    MemorySegment bytes,
    int version,
    List<Pair> pairs,
    Metadata metadata,
    List<TensorInfo> tensors,
    int alignment,
    long dataOffset) {

  /** The bytes "GGUF" read as a little-endian integer. */
  static final int MAGIC = 0x46554747;

  /** Bytes to which tensors are aligned in a file that does not say. */
  public static final int DEFAULT_ALIGNMENT = 32;

  public GgufContainer {
    pairs = List.copyOf(pairs);
    tensors = List.copyOf(tensors);
  }

  /**
   * One key/value pair as it lies in the file.
   *
   * @param value the bytes of the value, for copying it to another file as it is
   */
  public record Pair(String key, GgufValueType type, MemorySegment value) {}

  /**
   * One tensor of the list.
   *
   * @param shape 1 to 4 dimensions, each ≥ 1, the contiguous one (columns) first; their product
   *     fits a long
   * @param type the file's number of the type
   * @param offset where the data begins, in bytes from the start of the file
   * @param infoOffset where this description lies in the file, for messages
   */
  public record TensorInfo(String name, List<Long> shape, int type, long offset, long infoOffset) {
    public TensorInfo {
      shape = List.copyOf(shape);
    }

    /** Elements of a row. */
    public long columns() {
      return shape.getFirst();
    }

    /** All other dimensions folded. */
    public long rows() {
      return shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
    }
  }

  /**
   * Reads and checks the header.
   *
   * @param file the name for messages
   * @param bytes the whole file
   */
  public static GgufContainer read(Path file, MemorySegment bytes) throws FormatException {
    return new GgufHeaderReader(file, bytes).read();
  }

  /** True if {@code bytes} begins as GGUF files do. */
  public static boolean hasMagic(MemorySegment bytes) {
    return bytes.byteSize() >= 4 && bytes.get(Little.I32, 0) == MAGIC;
  }
}
