package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A model as the engine opens it: metadata, matrices in TVL, vectors in f32, and ready-made arrays.
 *
 * <p>Made by {@link #inMemory} or {@link PackedFile#open}. Owns its memory: {@link #close} ends the
 * life of every segment given out, so nothing may run on them any more. Safe to read from several
 * threads.
 */
public final class PackedModel implements AutoCloseable {
  private final Path path;
  private final Metadata metadata;
  private final Mapping mapping;
  private final Runnable alsoClose;
  private final Map<String, PackedTensor> matrices = new LinkedHashMap<>();
  private final Map<String, MemorySegment> vectors = new LinkedHashMap<>();
  private final Map<String, MemorySegment> blobs = new LinkedHashMap<>();
  private final long weightBytes;
  private final long weights;

  /**
   * @param base where in the mapping the entries' offsets count from
   * @throws IllegalArgumentException when an entry is not consistent in itself
   * @throws IndexOutOfBoundsException when an entry lies outside
   */
  PackedModel(
      Path path,
      Metadata metadata,
      Mapping mapping,
      long base,
      List<PackedLayout.Entry> entries,
      Runnable alsoClose) {
    this.path = path;
    this.metadata = metadata;
    this.mapping = mapping;
    this.alsoClose = alsoClose;
    long sumBytes = 0;
    long sumWeights = 0;
    for (PackedLayout.Entry e : entries) {
      MemorySegment data =
          mapping.bytes().asSlice(Math.addExact(base, e.offset()), e.bytes()).asReadOnly();
      switch (e.kind()) {
        case BLOB -> blobs.put(e.name(), data);
        case VECTOR -> {
          vectors.put(e.name(), data);
          sumBytes += data.byteSize();
          sumWeights += e.columns();
        }
        case MATRIX -> {
          TvlFormat format = Objects.requireNonNull(e.format());
          int rows = (int) e.rows();
          int columns = (int) e.columns();
          matrices.put(
              e.name(), new PackedTensor(e.name(), format, rows, columns, e.stride(), data));
          sumBytes += format.bytes(rows, columns);
          sumWeights += (long) rows * columns;
        }
      }
    }
    this.weightBytes = sumBytes;
    this.weights = sumWeights;
  }

  /** Links the native calls that mapping a file takes, ahead of the first. */
  public static void prepare() {
    Mapping.prepare();
  }

  /**
   * Packs a model into anonymous memory; nothing is written anywhere.
   *
   * @param source is taken over: closed with this model, or at once when packing fails
   * @param threads that pack, at least 1
   * @throws FormatException when a tensor cannot be packed
   */
  public static PackedModel inMemory(
      ModelSource source, PackPlan plan, PackedExtras extras, int threads, PackProgress progress)
      throws IOException {
    Mapping mapping = null;
    try {
      PackedLayout layout = new PackedLayout(source, plan, extras);
      Mapping memory = Mapping.anonymous(Math.max(1, layout.bytes()));
      mapping = memory;
      PackWork.run(
          layout.pieces(),
          threads,
          progress,
          () ->
              (index, piece) ->
                  piece.filler().fill(memory.bytes().asSlice(piece.offset(), piece.bytes())));
      Metadata metadata = metadata(source.metadata(), extras);
      return new PackedModel(source.path(), metadata, memory, 0, layout.entries(), source::close);
    } catch (IOException | RuntimeException e) {
      if (mapping != null) {
        mapping.close();
      }
      source.close();
      throw e;
    }
  }

  /** The source's metadata with what the extras drop and add. */
  static Metadata metadata(Metadata source, PackedExtras extras) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : source.keys()) {
      Object value = source.get(key);
      if (value != null && !extras.dropped().contains(key)) {
        values.put(key, value);
      }
    }
    values.putAll(extras.settings());
    return new Metadata(values);
  }

  /** The packed file, or the file that was packed in memory; for messages. */
  public Path path() {
    return path;
  }

  public Metadata metadata() {
    return metadata;
  }

  /** True if there is a matrix or vector of this name. */
  public boolean has(String name) {
    return matrices.containsKey(name) || vectors.containsKey(name);
  }

  /**
   * A weight matrix, or with the name {@code NAME[FROM:TO]} those rows of it; an {@code
   * IllegalArgumentException} names one that is not there.
   */
  public PackedTensor matrix(String name) {
    RowRange range = RowRange.parse(name);
    return range != null
        ? get(matrices, range.tensor(), "matrix").slice(name, range.from(), range.to())
        : get(matrices, name, "matrix");
  }

  /** A vector of little-endian f32, 64-byte aligned; throws as {@link #matrix} does. */
  public MemorySegment vector(String name) {
    return get(vectors, name, "vector");
  }

  /** A ready-made array, 64-byte aligned; throws as {@link #matrix} does. */
  public MemorySegment blob(String name) {
    return get(blobs, name, "array");
  }

  private <T> T get(Map<String, T> map, String name, String what) {
    T found = map.get(name);
    if (found == null) {
      throw new IllegalArgumentException(path + " has no " + what + " " + name + ".");
    }
    return found;
  }

  /** Names of all matrices, in the order in which they are stored. */
  public Set<String> matrices() {
    return Collections.unmodifiableSet(matrices.keySet());
  }

  public Set<String> vectors() {
    return Collections.unmodifiableSet(vectors.keySet());
  }

  public Set<String> blobs() {
    return Collections.unmodifiableSet(blobs.keySet());
  }

  /** Bytes of matrices and vectors, padding of rows and columns counted in. */
  public long weightBytes() {
    return weightBytes;
  }

  /** Number of weights, padding left out. */
  public long weights() {
    return weights;
  }

  /** Stored bits per weight, over all matrices and vectors. */
  public double bitsPerWeight() {
    return weights == 0 ? 0 : 8.0 * weightBytes / weights;
  }

  /** Bytes of address space: the whole packed file. */
  public long mappedBytes() {
    return mapping.bytes().byteSize();
  }

  /** How its memory was had; never {@link Pages#AUTO}. */
  public Pages pages() {
    return mapping.pages();
  }

  /** Bytes in 2 MiB pages at this moment; -1 where the system does not say. Takes milliseconds. */
  public long hugePageBytes() {
    return mapping.hugeBytes();
  }

  /** Bytes in memory at this moment; -1 where the system does not say. Takes milliseconds. */
  public long residentBytes() {
    return mapping.residentBytes();
  }

  /**
   * Brings the weights into memory before they are asked for, where there is room for them; to be
   * called in the background. {@link #close} must wait for its end.
   *
   * @param goOn false ends it early
   */
  public void prefault(BooleanSupplier goOn) {
    mapping.prefault(goOn);
  }

  /**
   * Sees to pages of 2 MiB for a mapped file that was read once and did not get them: asks the
   * system to make some, else copies the file into anonymous memory where there is plenty.
   * Addresses stay, and the model may be in use meanwhile. Takes about the time of reading the file
   * once; to be called in the background, and not while another thread closes this model.
   */
  public void improvePages() throws IOException {
    mapping.improve();
  }

  @Override
  public void close() {
    mapping.close();
    alsoClose.run();
  }
}
