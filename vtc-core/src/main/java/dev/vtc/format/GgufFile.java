package dev.vtc.format;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A GGUF model, version 2 or 3, of one file or of several parts.
 *
 * <p>Opening reads the header only. Tensors and metadata arrays are views of the mapping, valid
 * until {@link #close}; using one afterwards throws {@link IllegalStateException}. Safe to read
 * from several threads. A file that another process cuts short while it is mapped makes a read of
 * the lost pages fail with {@link InternalError}: files should be replaced by renaming.
 */
public final class GgufFile implements ModelSource {
  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  private final Arena arena;
  private final List<GgufContainer> parts;
  private final SequencedMap<String, Tensor> tensors;

  private GgufFile(Arena arena, List<GgufContainer> parts, SequencedMap<String, Tensor> tensors) {
    this.arena = arena;
    this.parts = List.copyOf(parts);
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
  }

  /**
   * Opens a model; of a split model any part may be named, the others lie in the same folder.
   *
   * @throws FormatException when the file or one of its parts is no sound GGUF file
   */
  public static GgufFile open(Path file) throws IOException {
    Arena arena = MappedFile.newArena();
    boolean opened = false;
    try {
      List<GgufContainer> parts = new ArrayList<>();
      GgufContainer named = GgufContainer.read(file, MappedFile.map(file, arena));
      int count = splitInteger(named, "split.count", 1);
      if (count == 1) {
        parts.add(named);
      } else {
        int own = splitInteger(named, "split.no", 0);
        List<Path> files = partFiles(named, own, count);
        for (int i = 0; i < count; i++) {
          parts.add(i == own ? named : part(files.get(i), i, count, arena));
        }
      }
      GgufFile model = new GgufFile(arena, parts, tensorsOf(parts));
      opened = true;
      return model;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** The files of all parts, in order; all exist. */
  private static List<Path> partFiles(GgufContainer named, int own, int count)
      throws FormatException {
    Path file = named.file();
    Matcher name = PART.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()
        || Integer.parseInt(name.group(2)) != own + 1
        || Integer.parseInt(name.group(3)) != count) {
      throw new FormatException(
          file,
          -1,
          "this is part "
              + (own + 1)
              + " of a model of "
              + count
              + " parts, but its name does not end in -%05d-of-%05d.gguf: rename it as it was."
                  .formatted(own + 1, count));
    }
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Path part = file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), i, count));
      if (!Files.exists(part)) {
        throw new FormatException(
            part, -1, "this part of the model is missing: pull it into the folder of the others.");
      }
      files.add(part);
    }
    return files;
  }

  private static GgufContainer part(Path file, int number, int count, Arena arena)
      throws IOException {
    GgufContainer part = GgufContainer.read(file, MappedFile.map(file, arena));
    if (splitInteger(part, "split.no", -1) != number
        || splitInteger(part, "split.count", -1) != count) {
      throw new FormatException(
          file,
          -1,
          "the file says that it is not part "
              + (number + 1)
              + " of "
              + count
              + ": pull the parts again.");
    }
    return part;
  }

  /** A split key, 0 … 99999; keys of llama.cpp's {@code gguf-split}. */
  private static int splitInteger(GgufContainer part, String key, int otherwise)
      throws FormatException {
    Object value = part.metadata().get(key);
    if (value == null) {
      return otherwise;
    }
    int least = key.equals("split.count") ? 1 : 0;
    if (!(value instanceof Long n) || n < least || n > 99_999) {
      throw new FormatException(
          part.file(), -1, "metadata key " + key + " has a senseless value: pull the file again.");
    }
    return n.intValue();
  }

  private static SequencedMap<String, Tensor> tensorsOf(List<GgufContainer> parts)
      throws FormatException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (GgufContainer part : parts) {
      List<Tensor> own = new ArrayList<>();
      for (GgufContainer.TensorInfo info : part.tensors()) {
        Tensor tensor = tensor(part, info);
        own.add(tensor);
        if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
          throw new FormatException(
              part.file(),
              info.infoOffset(),
              "tensor "
                  + info.name()
                  + " is in an earlier part of the model, too: pull the parts again.");
        }
      }
      checkOverlap(part, own);
    }
    GgufContainer first = parts.getFirst();
    Object total = first.metadata().get("split.tensors.count");
    if (parts.size() > 1 && total instanceof Long n && n != tensors.size()) {
      throw new FormatException(
          first.file(),
          -1,
          "the parts hold "
              + tensors.size()
              + " tensors instead of "
              + n
              + ": pull the parts again.");
    }
    return tensors;
  }

  private static Tensor tensor(GgufContainer part, GgufContainer.TensorInfo info)
      throws FormatException {
    if (!DType.isGgmlId(info.type())) {
      throw new FormatException(
          part.file(),
          info.infoOffset(),
          "tensor "
              + info.name()
              + " is stored as "
              + DType.ggmlName(info.type())
              + ", which VTC cannot read: get the model in one of "
              + Arrays.stream(DType.values())
                  .filter(DType::isWeight)
                  .map(DType::name)
                  .collect(Collectors.joining(", "))
              + ".");
    }
    DType type = DType.ofGgmlId(info.type());
    if (info.columns() % type.blockSize() != 0) {
      throw new FormatException(
          part.file(),
          info.infoOffset(),
          "tensor "
              + info.name()
              + " has rows of "
              + info.columns()
              + " elements, no multiple of the "
              + type.blockSize()
              + " of a "
              + type
              + " block: the file is corrupted, pull it again.");
    }
    long available = part.bytes().byteSize() - info.offset();
    long size;
    try {
      size = Math.multiplyExact(info.rows(), type.rowBytes(info.columns()));
    } catch (ArithmeticException e) {
      size = Long.MAX_VALUE;
    }
    if (size > available) {
      throw new FormatException(
          part.file(),
          info.offset(),
          "the file ends ("
              + part.bytes().byteSize()
              + " bytes) inside tensor "
              + info.name()
              + ", "
              + (size == Long.MAX_VALUE ? "which is larger than any file" : size + " bytes")
              + ": the download is incomplete, pull it again.");
    }
    MemorySegment data = part.bytes().asSlice(info.offset(), size);
    return new Tensor(info.name(), type, info.rows(), info.columns(), data, info.offset());
  }

  private static void checkOverlap(GgufContainer part, List<Tensor> tensors)
      throws FormatException {
    tensors.sort(Comparator.comparingLong(Tensor::offset));
    for (int i = 1; i < tensors.size(); i++) {
      Tensor before = tensors.get(i - 1);
      Tensor tensor = tensors.get(i);
      if (before.offset() + before.data().byteSize() > tensor.offset()) {
        throw new FormatException(
            part.file(),
            tensor.offset(),
            "tensors "
                + before.name()
                + " and "
                + tensor.name()
                + " overlap: the file is corrupted, pull it again.");
      }
    }
  }

  /** The headers of the parts, in order; one for a model in one file. */
  public List<GgufContainer> parts() {
    return parts;
  }

  @Override
  public Path path() {
    return parts.getFirst().file();
  }

  @Override
  public String formatName() {
    return "GGUF v"
        + parts.getFirst().version()
        + (parts.size() > 1 ? " in " + parts.size() + " parts" : "");
  }

  /** The metadata of the first part. */
  @Override
  public Metadata metadata() {
    return parts.getFirst().metadata();
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /** Ends the life of all tensors and metadata arrays. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
