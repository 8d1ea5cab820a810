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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Writes any model as a standard GGUF file, its matrices converted to one type.
 *
 * <p>Which tensor gets which type follows {@code llama-quantize} of llama.cpp without an importance
 * matrix: vectors and the router of experts stay f32; the output matrix (the embedding, if tied)
 * gets Q6_K where the others get fewer bits; Q4_K and Q5_K give Q6_K to about half of the {@code
 * attn_v} and {@code ffn_down} (the mixes known as Q4_K_M and Q5_K_M); rows that are no multiple of
 * 256 get a type of blocks of 32 instead of a K type.
 *
 * <p>Works row by row on all processors; memory use does not grow with the model.
 */
public final class GgufConverter {
  private static final Pattern EXPERT =
      Pattern.compile("(blk\\.\\d+\\.ffn_(?:gate|up|down))\\.(\\d+)\\.weight");
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(.+)\\.weight");

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
  private final Progress progress;
  private final long total;
  private long done;

  private GgufConverter(ModelSource source, DType type, Progress progress) {
    this.source = source;
    this.type = type;
    this.progress = progress;
    this.total = source.tensors().values().stream().mapToLong(Tensor::elements).sum();
  }

  /**
   * Writes {@code source} to {@code file}, which is whole or untouched afterwards.
   *
   * @param type one that {@link Quantizer#supports}
   * @throws IllegalArgumentException when it is not, or a weight is not finite
   */
  public static void convert(ModelSource source, DType type, Path file, Progress progress)
      throws IOException {
    fileType(type);
    new GgufConverter(source, type, progress).write(file);
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
    writer.put("general.file_type", fileType(type));
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
      Matcher expert = EXPERT.matcher(tensor.name());
      String name = expert.matches() ? expert.group(1) + "_exps.weight" : tensor.name();
      int number = expert.matches() ? Integer.parseInt(expert.group(2)) : 0;
      named.computeIfAbsent(name, _ -> new TreeMap<>()).put(number, tensor);
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
      jobs.add(new Job(name, parts, shape, typeOf(name, shape, first.type())));
    });
    return jobs;
  }

  private DType typeOf(String name, List<Long> shape, DType stored) {
    if (!stored.isWeight()) {
      return stored;
    }
    if (shape.size() == 1 || name.contains("ffn_gate_inp") || name.contains("_norm")) {
      return DType.F32;
    }
    DType wanted = type;
    boolean fewBits =
        switch (type) {
          case F32, F16, BF16, Q8_0 -> false;
          default -> true;
        };
    boolean tied = !source.tensors().containsKey("output.weight");
    if (fewBits && name.equals(tied ? "token_embd.weight" : "output.weight")) {
      wanted = DType.Q6_K;
    } else if ((type == DType.Q4_K || type == DType.Q5_K) && getsMoreBits(name)) {
      wanted = DType.Q6_K;
    }
    return fitting(wanted, shape.getFirst());
  }

  /** The layers at both ends, and every third between. */
  private boolean getsMoreBits(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()
        || !(layer.group(2).equals("attn_v") || layer.group(2).startsWith("ffn_down"))) {
      return false;
    }
    String architecture = source.metadata().string("general.architecture", "");
    int n = (int) source.metadata().integer(architecture + ".block_count", 1);
    int i = Integer.parseInt(layer.group(1));
    return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
  }

  private static DType fitting(DType wanted, long columns) {
    if (columns % wanted.blockSize() == 0) {
      return wanted;
    }
    DType smaller =
        switch (wanted) {
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> DType.F16;
        };
    return fitting(smaller, columns);
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

  /** {@code general.file_type}: the numbers of llama.cpp's {@code enum llama_ftype}. */
  private static long fileType(DType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 15;
      case Q5_K -> 17;
      case Q6_K -> 18;
      case BF16 -> 32;
      default -> throw new IllegalArgumentException("VTC cannot quantize to " + type + ".");
    };
  }
}
