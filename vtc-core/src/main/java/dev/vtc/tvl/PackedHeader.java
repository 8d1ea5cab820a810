package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.GgufContainer;
import dev.vtc.format.GgufValueType;
import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of a packed file: a GGUF v3 header whose first pair is a seal of fixed place and size.
 *
 * <pre>
 *   0   "GGUF", u32 3, u64 tensors, u64 pairs
 *  24   u64 10, "vtc.packed", u32 ARRAY, u32 UINT64, u64 7      the first pair
 *  58   u64 layout version
 *  66   u64 bytes of the header, padding to 4 KiB included
 *  74   u64 bytes of the file
 *  82   u64 CRC-32C of the header with this field zero
 *  90   u64 offset of the checksum table
 *  98   u64 entries of the checksum table: u64 offset, u64 bytes, u64 CRC-32C
 * 106   u64 CRC-32C of the checksum table
 * 114   further pairs, then the tensors
 * </pre>
 *
 * <p>Tensors: a matrix has type {@link #TYPE} + the format's id and shape [columns, rows], a vector
 * of f32 {@link #VECTOR}, a blob type {@link #BLOB} and name {@code vtc.blob/NAME}. The pair {@code
 * vtc.tensors} holds one u64 for each: the stride of panels of a matrix, the bytes of a blob, 0 for
 * a vector.
 */
final class PackedHeader {
  /** Version of everything in this file and in the layout; another version is packed anew. */
  static final int VERSION = 1;

  static final int TYPE = 0x5654_0000;
  static final int VECTOR = 0x5654_8000;
  static final int BLOB = 0x5654_FFFF;
  static final String BLOB_PREFIX = "vtc.blob/";

  private static final String SEAL_KEY = "vtc.packed";
  private static final String TENSORS_KEY = "vtc.tensors";
  private static final String ALIGNMENT_KEY = "general.alignment";
  private static final int SEAL_AT = 58;
  private static final int SEAL_LONGS = 7;
  private static final int CHECKSUM_AT = SEAL_AT + 3 * Long.BYTES;

  /** Bytes that every packed file has. */
  static final int MIN_BYTES = SEAL_AT + SEAL_LONGS * Long.BYTES;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The fields of the seal; see the drawing. */
  record Seal(
      long version,
      long headerBytes,
      long fileBytes,
      long checksum,
      long tableOffset,
      long tableEntries,
      long tableChecksum) {}

  private PackedHeader() {}

  // ---- writing ----------------------------------------------------------------------------------

  /** Bytes of the header, padding to 4 KiB included: where offsets of entries count from. */
  static long headerBytes(Metadata metadata, List<PackedLayout.Entry> entries) {
    return write(metadata, entries, 0, new Seal(0, 0, 0, 0, 0, 0, 0)).length;
  }

  /** The header; the seal's checksum is filled in. */
  static byte[] write(
      Metadata metadata, List<PackedLayout.Entry> entries, long headerBytes, Seal seal) {
    Out out = new Out();
    out.bytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.u32(3);
    out.u64(entries.size());
    List<String> keys = new ArrayList<>(metadata.keys());
    keys.removeAll(List.of(SEAL_KEY, TENSORS_KEY, ALIGNMENT_KEY));
    out.u64(keys.size() + 3L);
    out.string(SEAL_KEY);
    out.u32(GgufValueType.ARRAY.id());
    out.u32(GgufValueType.UINT64.id());
    out.u64(SEAL_LONGS);
    out.u64(seal.version);
    out.u64(seal.headerBytes);
    out.u64(seal.fileBytes);
    out.u64(0);
    out.u64(seal.tableOffset);
    out.u64(seal.tableEntries);
    out.u64(seal.tableChecksum);
    out.string(ALIGNMENT_KEY);
    out.u32(GgufValueType.UINT32.id());
    out.u32(TvlFormat.LINE_BYTES);
    out.string(TENSORS_KEY);
    out.u32(GgufValueType.ARRAY.id());
    out.u32(GgufValueType.UINT64.id());
    out.u64(entries.size());
    for (PackedLayout.Entry e : entries) {
      out.u64(e.kind() == PackedLayout.Kind.BLOB ? e.columns() : e.stride());
    }
    for (String key : keys) {
      out.string(key);
      out.value(metadata.get(key));
    }
    // Tensor offsets count from the next 64-byte boundary after this list, all of whose fields
    // have a size known by now; data begins at the next 4 KiB boundary.
    int listBytes = 0;
    for (PackedLayout.Entry e : entries) {
      listBytes += Long.BYTES + utf8(fileName(e)).length + 4 + 8 * (isMatrix(e) ? 2 : 1) + 4 + 8;
    }
    long dataOffset = roundUp(out.size() + listBytes, TvlFormat.LINE_BYTES);
    for (PackedLayout.Entry e : entries) {
      out.string(fileName(e));
      out.u32(isMatrix(e) ? 2 : 1);
      out.u64(Math.max(1, e.columns()));
      if (isMatrix(e)) {
        out.u64(e.rows());
      }
      out.u32(fileType(e));
      out.u64(headerBytes + e.offset() - dataOffset);
    }
    byte[] header = new byte[(int) roundUp(out.size(), PackedLayout.PAGE)];
    byte[] written = out.toByteArray();
    System.arraycopy(written, 0, header, 0, written.length);
    MemorySegment.ofArray(header).set(LONG, CHECKSUM_AT, checksum(MemorySegment.ofArray(header)));
    return header;
  }

  private static boolean isMatrix(PackedLayout.Entry e) {
    return e.kind() == PackedLayout.Kind.MATRIX;
  }

  private static String fileName(PackedLayout.Entry e) {
    return e.kind() == PackedLayout.Kind.BLOB ? BLOB_PREFIX + e.name() : e.name();
  }

  private static int fileType(PackedLayout.Entry e) {
    return switch (e.kind()) {
      case BLOB -> BLOB;
      case VECTOR -> VECTOR;
      case MATRIX -> {
        TvlFormat format = e.format();
        if (format == null) {
          throw new IllegalStateException("Matrix " + e.name() + " has no format.");
        }
        yield TYPE + format.id();
      }
    };
  }

  static long roundUp(long n, long multiple) {
    return Math.ceilDiv(n, multiple) * multiple;
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  /** GGUF's little-endian values. */
  private static final class Out extends ByteArrayOutputStream {
    void bytes(byte[] b) {
      write(b, 0, b.length);
    }

    void u32(int v) {
      for (int i = 0; i < 32; i += 8) {
        write(v >>> i);
      }
    }

    void u64(long v) {
      u32((int) v);
      u32((int) (v >>> 32));
    }

    void string(String s) {
      string(utf8(s));
    }

    void string(byte[] b) {
      u64(b.length);
      bytes(b);
    }

    void value(@Nullable Object v) {
      switch (v) {
        case Long n -> {
          u32(GgufValueType.INT64.id());
          u64(n);
        }
        case Double d -> {
          u32(GgufValueType.FLOAT64.id());
          u64(Double.doubleToRawLongBits(d));
        }
        case Boolean b -> {
          u32(GgufValueType.BOOL.id());
          write(b ? 1 : 0);
        }
        case String s -> {
          u32(GgufValueType.STRING.id());
          string(s);
        }
        case MetadataArray a -> {
          u32(GgufValueType.ARRAY.id());
          array(a);
        }
        case null, default -> throw new IllegalArgumentException("No metadata value: " + v);
      }
    }

    private void array(MetadataArray a) {
      GgufValueType type =
          switch (a.kind()) {
            case INTEGER -> GgufValueType.INT64;
            case NUMBER -> GgufValueType.FLOAT64;
            case BOOLEAN -> GgufValueType.BOOL;
            case STRING -> GgufValueType.STRING;
            case ARRAY -> GgufValueType.ARRAY;
          };
      u32(type.id());
      u64(a.size());
      for (int i = 0; i < a.size(); i++) {
        switch (a.kind()) {
          case INTEGER -> u64(a.integer(i));
          case NUMBER -> u64(Double.doubleToRawLongBits(a.number(i)));
          case BOOLEAN -> write(a.bool(i) ? 1 : 0);
          case STRING -> string(a.bytes(i));
          case ARRAY -> array(a.array(i));
        }
      }
    }
  }

  // ---- reading ----------------------------------------------------------------------------------

  /** CRC-32C of a header, its own field taken as zero. */
  private static long checksum(MemorySegment header) {
    CRC32C crc = new CRC32C();
    crc.update(header.asSlice(0, CHECKSUM_AT).asByteBuffer());
    crc.update(new byte[Long.BYTES]);
    crc.update(header.asSlice(CHECKSUM_AT + Long.BYTES).asByteBuffer());
    return crc.getValue();
  }

  /** True if these first bytes of a file, at least {@link #MIN_BYTES}, are a packed file's. */
  static boolean hasSeal(MemorySegment bytes) {
    if (bytes.byteSize() < MIN_BYTES || !GgufContainer.hasMagic(bytes)) {
      return false;
    }
    byte[] key = new byte[SEAL_KEY.length()];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 32, key, 0, key.length);
    return bytes.get(LONG, 24) == key.length
        && new String(key, StandardCharsets.US_ASCII).equals(SEAL_KEY);
  }

  /**
   * Reads the seal and checks it: kind of file, version, sizes, checksum of the header.
   *
   * @param bytes the whole file
   */
  static Seal readSeal(Path path, MemorySegment bytes) throws FormatException {
    if (!hasSeal(bytes)) {
      throw new FormatException(
          path, 0, "this is no packed model, or it was cut short: pack the model again.");
    }
    long[] f = new long[SEAL_LONGS];
    for (int i = 0; i < f.length; i++) {
      f[i] = bytes.get(LONG, SEAL_AT + (long) i * Long.BYTES);
    }
    Seal seal = new Seal(f[0], f[1], f[2], f[3], f[4], f[5], f[6]);
    if (seal.version != VERSION) {
      throw new FormatException(
          path,
          SEAL_AT,
          "this packed model has layout version "
              + Long.toUnsignedString(seal.version)
              + ", this VTC has "
              + VERSION
              + ": pack the model again.");
    }
    if (seal.fileBytes != bytes.byteSize()) {
      throw new FormatException(
          path,
          SEAL_AT + 16,
          "the packed model has "
              + bytes.byteSize()
              + " bytes instead of "
              + Long.toUnsignedString(seal.fileBytes)
              + ": it was cut short, pack the model again.");
    }
    if (seal.headerBytes < MIN_BYTES
        || seal.headerBytes > bytes.byteSize()
        || seal.headerBytes % PackedLayout.PAGE != 0
        || checksum(bytes.asSlice(0, seal.headerBytes)) != seal.checksum) {
      throw corrupt(path, CHECKSUM_AT, "the header's checksum is wrong");
    }
    if (seal.tableOffset < seal.headerBytes
        || seal.tableOffset > bytes.byteSize()
        || seal.tableEntries < 0
        || seal.tableEntries > (bytes.byteSize() - seal.tableOffset) / 24) {
      throw corrupt(path, SEAL_AT + 32, "the checksum table lies outside the file");
    }
    return seal;
  }

  static FormatException corrupt(Path path, long offset, String reason) {
    return new FormatException(
        path, offset, reason + ": the packed model is corrupted, pack it again.");
  }

  /**
   * The entries of a sealed file, each inside it and consistent in itself. Offsets are absolute.
   */
  static List<PackedLayout.Entry> entries(GgufContainer container) throws FormatException {
    Path path = container.file();
    long size = container.bytes().byteSize();
    List<PackedLayout.Entry> entries = new ArrayList<>();
    int i = 0;
    for (GgufContainer.TensorInfo info : container.tensors()) {
      try {
        long extra = container.metadata().array(TENSORS_KEY).integer(i++);
        PackedLayout.Entry entry = entry(info, extra);
        if (entry.offset() % TvlFormat.LINE_BYTES != 0) {
          throw new IllegalArgumentException("it is not aligned to 64 bytes");
        }
        if (entry.bytes() < 0 || entry.bytes() > size - entry.offset()) {
          throw new IllegalArgumentException("it does not lie inside the file");
        }
        entries.add(entry);
      } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
        throw corrupt(
            path,
            info.infoOffset(),
            "tensor " + info.name() + " is not sound (" + e.getMessage() + ")");
      }
    }
    return entries;
  }

  private static PackedLayout.Entry entry(GgufContainer.TensorInfo info, long extra) {
    if (info.type() == BLOB) {
      if (extra < 0 || !info.name().startsWith(BLOB_PREFIX)) {
        throw new IllegalArgumentException("a wrong name or size");
      }
      String name = info.name().substring(BLOB_PREFIX.length());
      return new PackedLayout.Entry(name, PackedLayout.Kind.BLOB, null, 1, extra, info.offset(), 0);
    }
    if (info.type() == VECTOR) {
      return new PackedLayout.Entry(
          info.name(), PackedLayout.Kind.VECTOR, null, 1, info.columns(), info.offset(), 0);
    }
    TvlFormat format = TvlFormat.ofId(info.type() - TYPE);
    if (info.shape().size() != 2) {
      throw new IllegalArgumentException("a shape of " + info.shape());
    }
    long columns = info.shape().get(0);
    long rows = info.shape().get(1);
    if (Math.max(rows, columns) > Integer.MAX_VALUE - TvlFormat.PANEL_ROWS) {
      throw new IllegalArgumentException("a shape of " + info.shape());
    }
    if (extra < format.panelBytes((int) columns) || extra % TvlFormat.LINE_BYTES != 0) {
      throw new IllegalArgumentException("a panel stride of " + extra + " bytes");
    }
    return new PackedLayout.Entry(
        info.name(), PackedLayout.Kind.MATRIX, format, rows, columns, info.offset(), extra);
  }

  /** The metadata of a packed file without what only this class needs. */
  static Metadata metadata(Metadata stored) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : stored.keys()) {
      Object value = stored.get(key);
      if (value != null && !key.equals(SEAL_KEY) && !key.equals(TENSORS_KEY)) {
        values.put(key, value);
      }
    }
    return new Metadata(values);
  }
}
