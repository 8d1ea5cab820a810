package dev.vtc.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@link GgufContainer} from untrusted bytes. Used once, by one thread. */
final class GgufHeaderReader {
  private static final String PULL_AGAIN =
      "the file is truncated or corrupted, pull or copy it again.";

  // Far above what real files have (dozens of keys, thousands of tensors, templates of 100 KB).
  private static final int MAX_PAIRS = 1 << 16;
  private static final int MAX_TENSORS = 1 << 18;
  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_STRING_BYTES = 1 << 24;
  private static final int MAX_ARRAY_DEPTH = 4;
  private static final int MAX_VARIABLE_ELEMENTS = 1 << 24;
  private static final int MAX_ALIGNMENT = 1 << 24;
  private static final int MAX_DIMENSIONS = 4;

  private final Path file;
  private final MemorySegment bytes;

  /**
   * The part of the file where a header can be. Not read through {@link MemorySegment#get}: before
   * the JIT compiler has seen it that takes 5 times as long (1 µs, measured), and opening a model
   * is cold code.
   */
  private final ByteBuffer head;

  private int at;

  /** Bytes of scalar strings so far: they are copied to the heap, so they are bounded together. */
  private long stringBytes;

  GgufHeaderReader(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
    this.head =
        bytes
            .asSlice(0, Math.min(bytes.byteSize(), Integer.MAX_VALUE))
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  GgufContainer read() throws FormatException {
    if (!GgufContainer.hasMagic(bytes)) {
      throw error(0, "this is no GGUF file: it does not begin with \"GGUF\".");
    }
    at = 4;
    int version = version();
    long tensorCount = count("tensors", MAX_TENSORS);
    long pairCount = count("metadata keys", MAX_PAIRS);
    List<GgufContainer.Pair> pairs = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    for (long i = 0; i < pairCount; i++) {
      pairs.add(pair(values));
    }
    Metadata metadata = new Metadata(values);
    int alignment = alignment(metadata);
    List<GgufContainer.TensorInfo> infos = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < tensorCount; i++) {
      long infoOffset = at;
      GgufContainer.TensorInfo info = tensor();
      if (!names.add(info.name())) {
        throw error(infoOffset, "tensor " + info.name() + " is listed twice: " + PULL_AGAIN);
      }
      infos.add(info);
    }
    long dataOffset = Math.ceilDiv(at, alignment) * (long) alignment;
    List<GgufContainer.TensorInfo> placed = new ArrayList<>(infos.size());
    for (GgufContainer.TensorInfo info : infos) {
      placed.add(place(info, dataOffset, alignment));
    }
    return new GgufContainer(file, bytes, version, pairs, metadata, placed, alignment, dataOffset);
  }

  private int version() throws FormatException {
    int version = u32("version");
    if (version == 2 || version == 3) {
      return version;
    }
    if (version == 1) {
      throw error(4, "this is GGUF version 1, which VTC does not read: get a file of version 3.");
    }
    if ((version & 0xffff) == 0 && version != 0) {
      throw error(
          4,
          "this is a big-endian GGUF file, which VTC does not read: get the little-endian file.");
    }
    throw error(
        4,
        "GGUF version "
            + Integer.toUnsignedString(version)
            + " is not supported (2 and 3 are): update VTC, or pull the file again if it should"
            + " be one of these.");
  }

  private long count(String what, int limit) throws FormatException {
    long where = at;
    long count = u64("number of " + what);
    if (count < 0 || count > limit) {
      throw error(
          where,
          "the header announces "
              + Long.toUnsignedString(count)
              + " "
              + what
              + ", more than the "
              + limit
              + " that VTC reads: "
              + PULL_AGAIN);
    }
    return count;
  }

  private GgufContainer.Pair pair(Map<String, Object> values) throws FormatException {
    long keyOffset = at;
    String key = name("metadata key", MAX_KEY_BYTES);
    GgufValueType type = valueType(key);
    int start = at;
    Object value = value(key, type);
    if (values.putIfAbsent(key, value) != null) {
      throw error(keyOffset, "metadata key " + key + " occurs twice: " + PULL_AGAIN);
    }
    return new GgufContainer.Pair(key, type, bytes.asSlice(start, at - start));
  }

  private GgufValueType valueType(String key) throws FormatException {
    long where = at;
    int id = u32("type of " + key);
    if (!GgufValueType.isId(id)) {
      throw error(
          where,
          "metadata key "
              + key
              + " has the unknown value type "
              + Integer.toUnsignedString(id)
              + ": "
              + PULL_AGAIN);
    }
    return GgufValueType.ofId(id);
  }

  private Object value(String key, GgufValueType type) throws FormatException {
    int start = at;
    skipValue(key, type, 0);
    return switch (type) {
      case UINT8 -> (long) (head.get(start) & 0xff);
      case INT8 -> (long) head.get(start);
      case UINT16 -> (long) (head.getShort(start) & 0xffff);
      case INT16 -> (long) head.getShort(start);
      case UINT32 -> head.getInt(start) & 0xffff_ffffL;
      case INT32 -> (long) head.getInt(start);
      case INT64 -> head.getLong(start);
      case UINT64 -> {
        // Above the longs only numbers without meaning to the engine occur, such as hashes.
        long v = head.getLong(start);
        yield v >= 0 ? (Object) v : (Object) ((double) (v >>> 1) * 2);
      }
      case FLOAT32 -> (double) head.getFloat(start);
      case FLOAT64 -> head.getDouble(start);
      case BOOL -> head.get(start) != 0;
      case STRING -> {
        int length = at - start - Long.BYTES;
        stringBytes += length;
        if (stringBytes > MAX_STRING_BYTES) {
          throw error(
              start,
              "metadata strings take more than " + MAX_STRING_BYTES + " bytes: " + PULL_AGAIN);
        }
        yield new String(copy(start + Long.BYTES, length), StandardCharsets.UTF_8);
      }
      case ARRAY -> new GgufArray(head.slice(start, at - start));
    };
  }

  /** Moves past a value and checks that it lies inside the file. */
  private void skipValue(String key, GgufValueType type, int depth) throws FormatException {
    switch (type) {
      case STRING -> {
        long where = at;
        long length = u64("value of " + key);
        if (length < 0 || length > head.limit() - at) {
          throw error(
              where,
              "a string of "
                  + Long.toUnsignedString(length)
                  + " bytes in metadata key "
                  + key
                  + " does not fit the file: "
                  + PULL_AGAIN);
        }
        if (length > MAX_STRING_BYTES) {
          throw error(
              where,
              "a string in metadata key "
                  + key
                  + " has "
                  + length
                  + " bytes, too long to read: "
                  + PULL_AGAIN);
        }
        at += (int) length;
      }
      case ARRAY -> skipArray(key, depth);
      case BOOL -> {
        need(1, "value of " + key);
        byte b = head.get(at);
        if (b != 0 && b != 1) {
          throw error(
              at,
              "metadata key "
                  + key
                  + " holds the boolean "
                  + b
                  + ", neither 0 nor 1: "
                  + PULL_AGAIN);
        }
        at++;
      }
      default -> {
        need(type.bytes(), "value of " + key);
        at += type.bytes();
      }
    }
  }

  private void skipArray(String key, int depth) throws FormatException {
    if (depth == MAX_ARRAY_DEPTH) {
      throw error(
          at,
          "arrays in metadata key "
              + key
              + " are nested deeper than "
              + MAX_ARRAY_DEPTH
              + ": "
              + PULL_AGAIN);
    }
    int start = at;
    GgufValueType element = valueType(key);
    long count = u64("array size of " + key);
    long least =
        switch (element) {
          case STRING -> Long.BYTES;
          case ARRAY -> GgufArray.HEADER_BYTES;
          default -> element.bytes();
        };
    boolean fixed = element.bytes() > 0;
    if (count < 0
        || count > (head.limit() - at) / least
        || count > (fixed ? Integer.MAX_VALUE : MAX_VARIABLE_ELEMENTS)) {
      throw error(
          start,
          "an array of "
              + Long.toUnsignedString(count)
              + " elements in metadata key "
              + key
              + " does not fit the file: "
              + PULL_AGAIN);
    }
    if (fixed) {
      at += (int) (count * element.bytes());
      return;
    }
    for (long i = 0; i < count; i++) {
      skipValue(key, element, depth + 1);
    }
  }

  private int alignment(Metadata metadata) throws FormatException {
    Object value = metadata.get("general.alignment");
    if (value == null) {
      return GgufContainer.DEFAULT_ALIGNMENT;
    }
    if (!(value instanceof Long n) || n < 1 || n > MAX_ALIGNMENT || Long.bitCount(n) != 1) {
      throw error(
          -1,
          "general.alignment is "
              + (value instanceof Number ? value : "no number")
              + " instead of a power of two up to "
              + MAX_ALIGNMENT
              + ": "
              + PULL_AGAIN);
    }
    return n.intValue();
  }

  /** A tensor whose offset still counts from the start of the data. */
  private GgufContainer.TensorInfo tensor() throws FormatException {
    long infoOffset = at;
    String name = name("tensor name", MAX_NAME_BYTES);
    long where = at;
    int dimensions = u32("number of dimensions of tensor " + name);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw error(
          where,
          "tensor "
              + name
              + " has "
              + Integer.toUnsignedString(dimensions)
              + " dimensions instead of 1 to "
              + MAX_DIMENSIONS
              + ": "
              + PULL_AGAIN);
    }
    List<Long> shape = new ArrayList<>(dimensions);
    long elements = 1;
    for (int d = 0; d < dimensions; d++) {
      where = at;
      long size = u64("shape of tensor " + name);
      if (size < 1 || size > Long.MAX_VALUE / elements) {
        throw error(
            where,
            "dimension "
                + d
                + " of tensor "
                + name
                + " is "
                + Long.toUnsignedString(size)
                + ", which makes no sensible shape: "
                + PULL_AGAIN);
      }
      elements *= size;
      shape.add(size);
    }
    int type = u32("type of tensor " + name);
    long offset = u64("offset of tensor " + name);
    return new GgufContainer.TensorInfo(name, shape, type, offset, infoOffset);
  }

  private GgufContainer.TensorInfo place(
      GgufContainer.TensorInfo info, long dataOffset, int alignment) throws FormatException {
    long offset = info.offset();
    if (offset < 0 || offset >= bytes.byteSize() - dataOffset) {
      throw error(
          info.infoOffset(),
          "the data of tensor "
              + info.name()
              + " would begin "
              + Long.toUnsignedString(offset)
              + " bytes after offset "
              + dataOffset
              + ", beyond the end of the file ("
              + bytes.byteSize()
              + " bytes): the download is incomplete, pull it again.");
    }
    if (offset % alignment != 0) {
      throw error(
          info.infoOffset(),
          "the offset "
              + offset
              + " of tensor "
              + info.name()
              + " is no multiple of the alignment "
              + alignment
              + ": "
              + PULL_AGAIN);
    }
    return new GgufContainer.TensorInfo(
        info.name(), info.shape(), info.type(), dataOffset + offset, info.infoOffset());
  }

  /** A string that must be valid UTF-8 without control characters. */
  private String name(String what, int limit) throws FormatException {
    long where = at;
    long length = u64(what);
    if (length < 1 || length > limit) {
      throw error(
          where,
          "a "
              + what
              + " has "
              + Long.toUnsignedString(length)
              + " bytes instead of 1 to "
              + limit
              + ": "
              + PULL_AGAIN);
    }
    need(length, what);
    byte[] raw = copy(at, length);
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw error(where, "a " + what + " is not valid UTF-8: " + PULL_AGAIN);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw error(where, "a " + what + " contains control characters: " + PULL_AGAIN);
    }
    at += (int) length;
    return name;
  }

  private byte[] copy(int from, long length) {
    byte[] copy = new byte[(int) length];
    head.get(from, copy);
    return copy;
  }

  private int u32(String what) throws FormatException {
    need(Integer.BYTES, what);
    int value = head.getInt(at);
    at += Integer.BYTES;
    return value;
  }

  private long u64(String what) throws FormatException {
    need(Long.BYTES, what);
    long value = head.getLong(at);
    at += Long.BYTES;
    return value;
  }

  private void need(long count, String what) throws FormatException {
    if (count > head.limit() - at) {
      if (head.limit() < bytes.byteSize()) {
        throw error(at, "the header is larger than 2 GiB: " + PULL_AGAIN);
      }
      throw error(
          at,
          "the file ends ("
              + bytes.byteSize()
              + " bytes) inside the "
              + what
              + ": the download is incomplete, pull it again.");
    }
  }

  private FormatException error(long offset, String reason) {
    return new FormatException(file, offset, reason);
  }
}
