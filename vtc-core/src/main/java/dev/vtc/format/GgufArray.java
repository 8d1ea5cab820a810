package dev.vtc.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A metadata array of a GGUF file, read where it lies in the mapping.
 *
 * <p>Strings and nested arrays have no fixed size: the first access by index walks the array once
 * and keeps the offset of every element, 4 bytes each. Safe for use by many threads; usable while
 * the mapping lives.
 */
final class GgufArray implements MetadataArray {
  /** Bytes from the start of an array value to its first element: u32 type, u64 count. */
  static final int HEADER_BYTES = 12;

  private final MemorySegment bytes;
  private final GgufValueType type;
  private final int size;
  private volatile int @Nullable [] offsets;

  /**
   * @param bytes the array value of a file already checked by {@link GgufContainer}: its header,
   *     elements and perhaps more
   */
  GgufArray(MemorySegment bytes) {
    this.type = GgufValueType.ofId(bytes.get(Little.I32, 0));
    this.size = Math.toIntExact(bytes.get(Little.I64, 4));
    this.bytes = bytes.asSlice(HEADER_BYTES);
  }

  @Override
  public Kind kind() {
    return type.kind();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long integer(int index) {
    long at = fixed(index);
    return switch (type) {
      case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> bytes.get(Little.I16, at) & 0xffff;
      case INT16 -> bytes.get(Little.I16, at);
      case UINT32 -> bytes.get(Little.I32, at) & 0xffff_ffffL;
      case INT32 -> bytes.get(Little.I32, at);
      case INT64 -> bytes.get(Little.I64, at);
      case UINT64 -> {
        long value = bytes.get(Little.I64, at);
        if (value < 0) {
          throw new IllegalArgumentException(
              "Element " + index + " is " + Long.toUnsignedString(value) + ", more than a long.");
        }
        yield value;
      }
      default -> throw wrongKind("integers");
    };
  }

  @Override
  public double number(int index) {
    return switch (type) {
      case FLOAT32 -> bytes.get(Little.F32, fixed(index));
      case FLOAT64 -> bytes.get(Little.F64, fixed(index));
      case STRING, ARRAY, BOOL -> throw wrongKind("numbers");
      default -> integer(index);
    };
  }

  @Override
  public boolean bool(int index) {
    if (type != GgufValueType.BOOL) {
      throw wrongKind("booleans");
    }
    return bytes.get(ValueLayout.JAVA_BYTE, fixed(index)) != 0;
  }

  @Override
  public byte[] bytes(int index) {
    if (type != GgufValueType.STRING) {
      throw wrongKind("strings");
    }
    int at = offset(index);
    byte[] string = new byte[Math.toIntExact(bytes.get(Little.I64, at))];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at + Long.BYTES, string, 0, string.length);
    return string;
  }

  @Override
  public MetadataArray array(int index) {
    if (type != GgufValueType.ARRAY) {
      throw wrongKind("arrays");
    }
    return new GgufArray(bytes.asSlice(offset(index)));
  }

  private IllegalArgumentException wrongKind(String wanted) {
    return new IllegalArgumentException(
        "An array of type " + type + " was asked for " + wanted + ".");
  }

  /** Where element {@code index} of a fixed-width type lies. */
  private long fixed(int index) {
    return (long) Objects.checkIndex(index, size) * type.bytes();
  }

  /** Where element {@code index} of a variable-width type lies. */
  private int offset(int index) {
    Objects.checkIndex(index, size);
    int[] known = offsets;
    if (known == null) {
      known = index();
      offsets = known;
    }
    return known[index];
  }

  private int[] index() {
    int[] found = new int[size];
    long at = 0;
    for (int i = 0; i < size; i++) {
      found[i] = Math.toIntExact(at);
      at += valueBytes(type, at);
    }
    return found;
  }

  /** Bytes of the value at {@code at}, which the container has checked to lie inside the file. */
  private long valueBytes(GgufValueType valueType, long at) {
    return switch (valueType) {
      case STRING -> Long.BYTES + bytes.get(Little.I64, at);
      case ARRAY -> {
        GgufValueType element = GgufValueType.ofId(bytes.get(Little.I32, at));
        long count = bytes.get(Little.I64, at + 4);
        if (element.bytes() > 0) {
          yield HEADER_BYTES + count * element.bytes();
        }
        long end = at + HEADER_BYTES;
        for (long i = 0; i < count; i++) {
          end += valueBytes(element, end);
        }
        yield end - at;
      }
      default -> valueType.bytes();
    };
  }
}
