package dev.vtc.format;

import dev.vtc.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of one safetensors file, checked against the file's size.
 *
 * <pre>
 * u64 n | n bytes of JSON: {"name": {"dtype": "BF16", "shape": [r, c], "data_offsets": [from, to]}} | data
 * </pre>
 *
 * <p>Source: the format's description in huggingface/safetensors. Offsets count from the start of
 * the data.
 *
 * @param entries all tensors, by place in the file
 */
record SafetensorsFile(Path path, MemorySegment bytes, List<Entry> entries) {
  /** The limit of the reference implementation, too. */
  private static final long MAX_HEADER = 100_000_000;

  private static final int MAX_NAME = 1024;

  /**
   * One tensor.
   *
   * @param shape outermost dimension first, as PyTorch has it
   * @param type null for types that hold no weights here (I64, BOOL, F8 …)
   * @param offset in bytes from the start of the file
   */
  record Entry(
      String name, String dtype, @Nullable DType type, List<Long> shape, long offset, long size) {
    Entry {
      shape = List.copyOf(shape);
    }
  }

  SafetensorsFile {
    entries = List.copyOf(entries);
  }

  static SafetensorsFile read(Path path, MemorySegment bytes) throws IOException {
    if (bytes.byteSize() < Long.BYTES) {
      throw new FormatException(
          path, 0, "the file ends inside the size of its header: pull or copy it again.");
    }
    long length = bytes.get(Little.I64, 0);
    if (length < 2 || length > MAX_HEADER || length > bytes.byteSize() - Long.BYTES) {
      throw new FormatException(
          path,
          0,
          "a safetensors header of "
              + Long.toUnsignedString(length)
              + " bytes does not fit this file of "
              + bytes.byteSize()
              + ": the download is incomplete or this is no such file, pull it again.");
    }
    byte[] header = bytes.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    Map<String, Object> json =
        Json.parse(path, new ByteArrayInputStream(header), parser -> Json.object(parser));
    long data = Long.BYTES + length;
    List<Entry> entries = new ArrayList<>();
    for (String name : json.keySet()) {
      if (!name.equals("__metadata__")) {
        entries.add(entry(path, name, Json.member(json, name), data, bytes.byteSize()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::size));
    long end = data;
    for (Entry entry : entries) {
      if (entry.offset < end) {
        throw new FormatException(
            path,
            entry.offset,
            "tensor " + entry.name + " overlaps the one before it: pull or copy the file again.");
      }
      end = entry.offset + entry.size;
    }
    return new SafetensorsFile(path, bytes, entries);
  }

  private static Entry entry(
      Path path, String name, Map<String, Object> json, long data, long fileBytes)
      throws FormatException {
    if (name.isEmpty()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new FormatException(
          path, Long.BYTES, "a tensor has an impossible name: pull or copy the file again.");
    }
    String dtype = json.get("dtype") instanceof String s ? s : "";
    if (dtype.isEmpty()
        || !(json.get("shape") instanceof List<?> sizes)
        || !(json.get("data_offsets") instanceof List<?> offsets)
        || offsets.size() != 2
        || !(offsets.get(0) instanceof Long from)
        || !(offsets.get(1) instanceof Long to)) {
      throw new FormatException(
          path,
          Long.BYTES,
          "tensor " + name + " lacks dtype, shape or data_offsets: pull or copy the file again.");
    }
    int width =
        switch (dtype) {
          case "F64", "I64", "U64" -> 8;
          case "F32", "I32", "U32" -> 4;
          case "F16", "BF16", "I16", "U16" -> 2;
          default -> 1;
        };
    List<Long> shape = new ArrayList<>();
    long size = width;
    for (Object dimension : sizes) {
      if (!(dimension instanceof Long n) || n < 0 || (n > 0 && size > Long.MAX_VALUE / n)) {
        throw new FormatException(
            path, Long.BYTES, "the shape of tensor " + name + " makes no sense: pull it again.");
      }
      shape.add(n);
      size *= n;
    }
    if (from < 0 || to < from || to > fileBytes - data) {
      throw new FormatException(
          path,
          Long.BYTES,
          "tensor "
              + name
              + " lies at bytes "
              + from
              + " to "
              + to
              + " of the data, outside this file of "
              + fileBytes
              + " bytes: the download is incomplete, pull it again.");
    }
    DType type =
        switch (dtype) {
          case "F32" -> DType.F32;
          case "F16" -> DType.F16;
          case "BF16" -> DType.BF16;
          default -> null;
        };
    if (type != null && to - from != size) {
      throw new FormatException(
          path,
          Long.BYTES,
          "tensor "
              + name
              + " has "
              + (to - from)
              + " bytes instead of "
              + size
              + ": pull or copy the file again.");
    }
    return new Entry(name, dtype, type, shape, data + from, to - from);
  }
}
