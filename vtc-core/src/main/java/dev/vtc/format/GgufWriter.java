package dev.vtc.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Writes a GGUF file, version 3: first describe pairs and tensors, then write all at once.
 *
 * <p>Data of tensors is asked for while writing, one tensor after the other, so that memory use
 * does not grow with the model. For one thread.
 */
public final class GgufWriter {
  /** Bytes of padding that are written at once. */
  private static final byte[] ZEROS = new byte[4096];

  /** Writes the bytes of one tensor. */
  @FunctionalInterface
  public interface TensorData {
    /** Writes exactly as many bytes to {@code out} as were announced. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  private record Value(GgufValueType type, MemorySegment bytes) {}

  private record Entry(List<Long> shape, int type, long bytes, TensorData data) {}

  private final int alignment;
  private final SequencedMap<String, Value> values = new LinkedHashMap<>();
  private final SequencedMap<String, Entry> tensors = new LinkedHashMap<>();

  /** A file with the usual alignment of 32 bytes. */
  public GgufWriter() {
    this(GgufContainer.DEFAULT_ALIGNMENT);
  }

  /**
   * @param alignment bytes to which tensors are aligned: a power of two, at least 8; written as
   *     {@code general.alignment} unless it is 32
   */
  public GgufWriter(int alignment) {
    if (alignment < 8 || Integer.bitCount(alignment) != 1) {
      throw new IllegalArgumentException("Alignment " + alignment + " is no power of two above 4.");
    }
    this.alignment = alignment;
    if (alignment != GgufContainer.DEFAULT_ALIGNMENT) {
      values.put(
          "general.alignment", new Value(GgufValueType.UINT32, new Bytes().u32(alignment).get()));
    }
  }

  /**
   * Sets a pair; one of the same key is replaced. {@code Long} becomes u32, i32 or i64, whatever
   * fits first; {@code Double} f32; an array of integers u8 if it came so, i32 or i64, one of
   * numbers f32. These are the types that llama.cpp expects of the keys it knows.
   *
   * @param value {@code Long}, {@code Double}, {@code Boolean}, {@code String} or {@link
   *     MetadataArray} of such
   */
  public GgufWriter put(String key, Object value) {
    GgufValueType type = typeOf(value);
    return put(key, type, new Bytes().value(type, value).get());
  }

  /** Sets a pair to a value's bytes; the segment must stay readable until all is written. */
  public GgufWriter put(String key, GgufValueType type, MemorySegment value) {
    if (!key.equals("general.alignment")) {
      values.put(key, new Value(type, value));
    }
    return this;
  }

  /** Copies a pair of another file with its type; {@code general.alignment} is left out. */
  public GgufWriter copy(GgufContainer.Pair pair) {
    return put(pair.key(), pair.type(), pair.value());
  }

  /** Removes a pair, if there. */
  public GgufWriter remove(String key) {
    values.remove(key);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param shape 1 to 4 dimensions, columns first
   * @param type the number that stands for its type
   * @param bytes how many bytes {@code data} will write
   */
  public GgufWriter tensor(String name, List<Long> shape, int type, long bytes, TensorData data) {
    if (tensors.putIfAbsent(name, new Entry(List.copyOf(shape), type, bytes, data)) != null) {
      throw new IllegalArgumentException("Tensor " + name + " is added twice.");
    }
    return this;
  }

  /** Adds a tensor whose bytes lie in memory. */
  public GgufWriter tensor(String name, List<Long> shape, int type, MemorySegment data) {
    return tensor(name, shape, type, data.byteSize(), out -> writeAll(data, out));
  }

  /**
   * Writes the file under a temporary name, flushes it to the disk and renames it: {@code file} is
   * whole or untouched. After a failure nothing is left behind.
   */
  public void write(Path file) throws IOException {
    String unique = Long.toHexString(ProcessHandle.current().pid() ^ System.nanoTime());
    Path part = file.resolveSibling(file.getFileName() + "." + unique + ".part");
    try {
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        write(out);
        out.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Writes the file.
   *
   * @throws IllegalStateException when a tensor's data has another size than announced
   */
  public void write(WritableByteChannel channel) throws IOException {
    CountingChannel out = new CountingChannel(channel);
    writeAll(
        new Bytes().u32(GgufContainer.MAGIC).u32(3).u64(tensors.size()).u64(values.size()).get(),
        out);
    for (var pair : values.entrySet()) {
      writeAll(new Bytes().string(pair.getKey()).u32(pair.getValue().type.id()).get(), out);
      writeAll(pair.getValue().bytes, out);
    }
    Bytes infos = new Bytes();
    long offset = 0;
    for (var named : tensors.entrySet()) {
      Entry tensor = named.getValue();
      infos.string(named.getKey()).u32(tensor.shape.size());
      tensor.shape.forEach(infos::u64);
      infos.u32(tensor.type).u64(offset);
      offset = Math.addExact(offset, padded(tensor.bytes));
    }
    writeAll(infos.get(), out);
    pad(out);
    for (var named : tensors.entrySet()) {
      long start = out.count;
      named.getValue().data.writeTo(out);
      if (out.count - start != named.getValue().bytes) {
        throw new IllegalStateException(
            "Tensor "
                + named.getKey()
                + " wrote "
                + (out.count - start)
                + " bytes instead of "
                + named.getValue().bytes
                + ".");
      }
      pad(out);
    }
  }

  private long padded(long bytes) {
    return Math.ceilDiv(bytes, alignment) * alignment;
  }

  private void pad(CountingChannel out) throws IOException {
    for (long left = padded(out.count) - out.count; left > 0; left -= ZEROS.length) {
      out.write(ByteBuffer.wrap(ZEROS, 0, (int) Math.min(left, ZEROS.length)));
    }
  }

  /** Writes all bytes of {@code segment}. */
  static void writeAll(MemorySegment segment, WritableByteChannel out) throws IOException {
    long step = 1 << 24;
    for (long at = 0; at < segment.byteSize(); at += step) {
      long length = Math.min(step, segment.byteSize() - at);
      ByteBuffer bytes = segment.asSlice(at, length).asByteBuffer();
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }

  private static GgufValueType typeOf(Object value) {
    return switch (value) {
      case Long n when n >= 0 && n <= 0xffff_ffffL -> GgufValueType.UINT32;
      case Long n when n == n.intValue() -> GgufValueType.INT32;
      case Long _ -> GgufValueType.INT64;
      case Double _ -> GgufValueType.FLOAT32;
      case Boolean _ -> GgufValueType.BOOL;
      case String _ -> GgufValueType.STRING;
      case MetadataArray _ -> GgufValueType.ARRAY;
      default -> throw new IllegalArgumentException("No metadata type for " + value.getClass());
    };
  }

  /** Counts what passes; always writes all of a buffer. */
  private static final class CountingChannel implements WritableByteChannel {
    private final WritableByteChannel out;
    private long count;

    CountingChannel(WritableByteChannel out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
      int length = src.remaining();
      while (src.hasRemaining()) {
        count += out.write(src);
      }
      return length;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** Little-endian bytes in the making. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer scratch = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    Bytes u32(long value) {
      out.write(scratch.putInt(0, (int) value).array(), 0, 4);
      return this;
    }

    Bytes u64(long value) {
      out.write(scratch.putLong(0, value).array(), 0, 8);
      return this;
    }

    Bytes string(String text) {
      return string(text.getBytes(StandardCharsets.UTF_8));
    }

    Bytes string(byte[] utf8) {
      u64(utf8.length);
      out.writeBytes(utf8);
      return this;
    }

    Bytes value(GgufValueType type, Object value) {
      switch (value) {
        case Long n when type == GgufValueType.INT64 -> u64(n);
        case Long n when type == GgufValueType.UINT8 -> out.write(n.intValue());
        case Long n -> u32(n);
        case Double n -> u32(Float.floatToRawIntBits(n.floatValue()));
        case Boolean b -> out.write(b ? 1 : 0);
        case String s -> string(s);
        case MetadataArray a -> array(a);
        default -> throw new IllegalArgumentException("No metadata type for " + value.getClass());
      }
      return this;
    }

    private void array(MetadataArray array) {
      GgufValueType element = elementType(array);
      u32(element.id()).u64(array.size());
      for (int i = 0; i < array.size(); i++) {
        switch (array.kind()) {
          case INTEGER -> value(element, array.integer(i));
          case NUMBER -> value(element, array.number(i));
          case BOOLEAN -> value(element, array.bool(i));
          case STRING -> string(array.bytes(i));
          case ARRAY -> array(array.array(i));
        }
      }
    }

    private static GgufValueType elementType(MetadataArray array) {
      return switch (array.kind()) {
        case INTEGER -> {
          if (array instanceof GgufArray bytes && bytes.type() == GgufValueType.UINT8) {
            yield GgufValueType.UINT8;
          }
          GgufValueType type = GgufValueType.INT32;
          for (int i = 0; i < array.size(); i++) {
            if (array.integer(i) != (int) array.integer(i)) {
              type = GgufValueType.INT64;
            }
          }
          yield type;
        }
        case NUMBER -> GgufValueType.FLOAT32;
        case BOOLEAN -> GgufValueType.BOOL;
        case STRING -> GgufValueType.STRING;
        case ARRAY -> GgufValueType.ARRAY;
      };
    }

    MemorySegment get() {
      return MemorySegment.ofArray(out.toByteArray());
    }
  }
}
