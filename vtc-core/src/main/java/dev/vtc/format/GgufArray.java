package dev.vtc.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  private final ByteBuffer bytes;
  private final GgufValueType type;
  private final int size;
  private volatile int @Nullable [] offsets;

  /**
   * @param bytes the array value of a file already checked by {@link GgufContainer}: its header,
   *     elements and perhaps more
   */
  GgufArray(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.type = GgufValueType.ofId(in.getInt(0));
    this.size = Math.toIntExact(in.getLong(4));
    this.bytes = in.slice(HEADER_BYTES, in.limit() - HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An array of u8. */
  static GgufArray of(byte[] values) {
    ByteBuffer array =
        ByteBuffer.allocate(HEADER_BYTES + values.length).order(ByteOrder.LITTLE_ENDIAN);
    array.putInt(GgufValueType.UINT8.id()).putLong(values.length).put(values).flip();
    return new GgufArray(array);
  }

  GgufValueType type() {
    return type;
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
    int at = fixed(index);
    return switch (type) {
      case UINT8 -> bytes.get(at) & 0xff;
      case INT8 -> bytes.get(at);
      case UINT16 -> bytes.getShort(at) & 0xffff;
      case INT16 -> bytes.getShort(at);
      case UINT32 -> bytes.getInt(at) & 0xffff_ffffL;
      case INT32 -> bytes.getInt(at);
      case INT64 -> bytes.getLong(at);
      case UINT64 -> {
        long value = bytes.getLong(at);
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
      case FLOAT32 -> bytes.getFloat(fixed(index));
      case FLOAT64 -> bytes.getDouble(fixed(index));
      case STRING, ARRAY, BOOL -> throw wrongKind("numbers");
      default -> integer(index);
    };
  }

  @Override
  public boolean bool(int index) {
    if (type != GgufValueType.BOOL) {
      throw wrongKind("booleans");
    }
    return bytes.get(fixed(index)) != 0;
  }

  @Override
  public byte[] bytes(int index) {
    if (type != GgufValueType.STRING) {
      throw wrongKind("strings");
    }
    int at = offset(index);
    byte[] string = new byte[Math.toIntExact(bytes.getLong(at))];
    bytes.get(at + Long.BYTES, string);
    return string;
  }

  @Override
  public MetadataArray array(int index) {
    if (type != GgufValueType.ARRAY) {
      throw wrongKind("arrays");
    }
    return new GgufArray(bytes.slice(offset(index), bytes.limit() - offset(index)));
  }

  private IllegalArgumentException wrongKind(String wanted) {
    return new IllegalArgumentException(
        "An array of type " + type + " was asked for " + wanted + ".");
  }

  /** Where element {@code index} of a fixed-width type lies. */
  private int fixed(int index) {
    return Objects.checkIndex(index, size) * type.bytes();
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
    int at = 0;
    for (int i = 0; i < size; i++) {
      found[i] = at;
      at = end(type, at);
    }
    return found;
  }

  /** Where the value at {@code at} ends; the container has checked that it lies inside the file. */
  private int end(GgufValueType valueType, int at) {
    return switch (valueType) {
      case STRING -> at + Long.BYTES + (int) bytes.getLong(at);
      case ARRAY -> {
        GgufValueType element = GgufValueType.ofId(bytes.getInt(at));
        int count = (int) bytes.getLong(at + 4);
        int end = at + HEADER_BYTES;
        if (element.bytes() > 0) {
          yield end + count * element.bytes();
        }
        for (int i = 0; i < count; i++) {
          end = end(element, end);
        }
        yield end;
      }
      default -> at + valueType.bytes();
    };
  }
}
