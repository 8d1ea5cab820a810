package dev.vtc.format;

/** The types of metadata values in a GGUF file ({@code enum gguf_type}), with their numbers. */
public enum GgufValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  /** u64 length in bytes, then the bytes, UTF-8, no terminator. */
  STRING(8, 0),
  /** u32 type of the elements, u64 count, then the elements. */
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private static final GgufValueType[] VALUES = values(); // in the order of their ids

  private final int id;
  private final int bytes;

  GgufValueType(int id, int bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  /** Bytes of one value; 0 for strings and arrays, whose size varies. */
  public int bytes() {
    return bytes;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return id;
  }

  /** True if {@code id} is a type's number. */
  static boolean isId(int id) {
    return id >= 0 && id < VALUES.length;
  }

  static GgufValueType ofId(int id) {
    return VALUES[id];
  }

  MetadataArray.Kind kind() {
    return switch (this) {
      case STRING -> MetadataArray.Kind.STRING;
      case ARRAY -> MetadataArray.Kind.ARRAY;
      case BOOL -> MetadataArray.Kind.BOOLEAN;
      case FLOAT32, FLOAT64 -> MetadataArray.Kind.NUMBER;
      default -> MetadataArray.Kind.INTEGER;
    };
  }
}
