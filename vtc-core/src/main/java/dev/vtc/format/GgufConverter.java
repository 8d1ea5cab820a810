package dev.vtc.format;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes any model as a standard GGUF file, its matrices converted to one type.
 *
 * <p>Which tensor gets which type is what {@link QuantizedTypes} says.
 *
 * <p>Works row by row on all processors; memory use does not grow with the model.
 */
public final class GgufConverter {
  /** Bytes of f32 that are converted before they are written. */
  private static final int CHUNK_BYTES = 1 << 24;

  /** Told after each piece how many of all elements are converted. */
  @FunctionalInterface
  public interface Progress {
    void update(long done, long total);
  }

  /** Tensors that become one: experts stored one by one, else a single one. */
  private record Job(String name, List<Tensor> parts, List<Long> shape, DType type) {
    Job {
      parts = List.copyOf(parts);
      shape = List.copyOf(shape);
    }
  }

  private final ModelSource source;
  private final DType type;
  private final QuantizedTypes types;
  private final Progress progress;
  private final long total;
  private long done;

  private GgufConverter(ModelSource source, DType type, Progress progress) {
    this.source = source;
    this.type = type;
    this.types = new QuantizedTypes(source, type);
    this.progress = progress;
    this.total = source.tensors().values().stream().mapToLong(Tensor::elements).sum();
  }

  /**
   * Writes {@code source} to {@code file}, which is whole or untouched afterwards.
   *
   * @param type one that {@link Quantizer#supports}
   * @return the tensors that could not have the type meant for them
   * @throws IllegalArgumentException when it is not, or a weight is not finite
   */
  public static List<QuantizedTypes.Fallback> convert(
      ModelSource source, DType type, Path file, Progress progress) throws IOException {
    GgufConverter converter = new GgufConverter(source, type, progress);
    converter.write(file);
    return converter.types.fallbacks();
  }

  private void write(Path file) throws IOException {
    GgufWriter writer = new GgufWriter();
    if (source instanceof GgufFile gguf) {
      gguf.parts().getFirst().pairs().forEach(writer::copy);
    } else {
      for (String key : source.metadata().keys()) {
        Object value = source.metadata().get(key);
        if (value != null) {
          writer.put(key, value);
        }
      }
    }
    for (String key : List.of("split.no", "split.count", "split.tensors.count")) {
      writer.remove(key);
    }
    writer.put("general.file_type", QuantizedTypes.fileType(type));
    writer.put("general.quantization_version", 2L);
    for (Job job : jobs()) {
      long bytes = 0;
      for (Tensor part : job.parts) {
        bytes += Math.multiplyExact(part.rows(), job.type.rowBytes(part.columns()));
      }
      writer.tensor(job.name, job.shape, job.type.ggmlId(), bytes, out -> writeTensors(job, out));
    }
    writer.write(file);
  }

  private List<Job> jobs() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    if (source instanceof GgufFile gguf) {
      for (GgufContainer part : gguf.parts()) {
        part.tensors().forEach(info -> shapes.put(info.name(), info.shape()));
      }
    }
    SequencedMap<String, TreeMap<Integer, Tensor>> named = new LinkedHashMap<>();
    for (Tensor tensor : source.tensors().values()) {
      named
          .computeIfAbsent(QuantizedTypes.stackOf(tensor.name()), _ -> new TreeMap<>())
          .put(QuantizedTypes.expertOf(tensor.name()), tensor);
    }
    List<Job> jobs = new ArrayList<>();
    named.forEach((name, tensors) -> {
      List<Tensor> parts = List.copyOf(tensors.values());
      Tensor first = parts.getFirst();
      List<Long> shape = shapes.get(name);
      if (shape == null) {
        shape =
            parts.size() > 1
                ? List.of(first.columns(), first.rows(), (long) parts.size())
                : first.rows() > 1
                    ? List.of(first.columns(), first.rows())
                    : List.of(first.columns());
      }
      long rows = parts.stream().mapToLong(Tensor::rows).sum();
      DType to = types.of(name, first.columns(), rows, first.type());
      jobs.add(new Job(name, parts, shape, to));
    });
    return jobs;
  }

  private void writeTensors(Job job, WritableByteChannel out) throws IOException {
    for (Tensor part : job.parts) {
      // A tensor that stays as it is, is copied: I32 and such cannot be decoded, either.
      if (part.type() == job.type && part.turnedHead() == 0) {
        GgufWriter.writeAll(part.data(), out);
        advance(part.elements());
      } else {
        convert(part, job.type, out);
      }
    }
  }

  private void convert(Tensor tensor, DType to, WritableByteChannel out) throws IOException {
    int columns = Math.toIntExact(tensor.columns());
    long rowBytes = to.rowBytes(columns);
    long chunkRows = Math.max(1, CHUNK_BYTES / ((long) columns * Float.BYTES));
    int workers = Runtime.getRuntime().availableProcessors();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment chunk = arena.allocate(Math.min(chunkRows, tensor.rows()) * rowBytes);
      for (long start = 0; start < tensor.rows(); start += chunkRows) {
        long first = start;
        int rows = (int) Math.min(chunkRows, tensor.rows() - start);
        IntStream.range(0, workers)
            .parallel()
            .forEach(worker -> {
              float[] values = new float[columns];
              for (int row = worker; row < rows; row += workers) {
                Decoder.decodeRow(tensor, first + row, values, 0);
                quantize(tensor, to, values, chunk, row * rowBytes);
              }
            });
        GgufWriter.writeAll(chunk.asSlice(0, rows * rowBytes), out);
        advance((long) rows * columns);
      }
    }
  }

  private static void quantize(
      Tensor tensor, DType to, float[] values, MemorySegment chunk, long at) {
    try {
      Quantizer.quantize(to, values, 0, chunk, at, values.length);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Tensor " + tensor.name() + ": " + e.getMessage(), e);
    }
  }

  private void advance(long elements) {
    done += elements;
    progress.update(done, total);
  }
}
