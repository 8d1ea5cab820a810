package dev.vtc.testing;

import dev.vtc.format.GgufWriter;
import dev.vtc.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A tiny random model of make_architecture_goldens.py, and llama.cpp's logits of the last token of
 * its prompt, by type of its matrices. The same weights in every type: code · m · 2^-p, with an m
 * for each 32 columns of a row; in F32 files a fraction behind the code.
 *
 * @param metadata keys and values, as JSON has them
 * @param context positions the logits were computed for
 */
public record TinyArchitecture(
    String name,
    Map<String, Object> metadata,
    List<Entry> tensors,
    List<Long> prompt,
    int context,
    Map<String, List<Number>> logits) {
  /**
   * A tensor to be.
   *
   * @param dims rows before columns
   * @param kind matrix, router (a matrix that is F32 in every file), norm, bias or factors
   * @param mScale what the scale of each block is multiplied by: 1, or more to break it on purpose
   */
  public record Entry(
      String name, List<Long> dims, String kind, int exponent, long seed, int mScale) {
    /** With scales twice as large as they should be. */
    public Entry broken() {
      return new Entry(name, dims, kind, exponent, seed, 2);
    }

    long columns() {
      return dims.getLast();
    }

    int rows() {
      long rows = 1;
      for (int i = 0; i + 1 < dims.size(); i++) {
        rows *= dims.get(i);
      }
      return Math.toIntExact(rows);
    }
  }

  private static final int BLOCK = 32;

  /** All models, by name. */
  public static Map<String, TinyArchitecture> all() {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                TinyArchitecture.class.getResourceAsStream(
                    "/dev/vtc/model/architectures.json.gz")))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, TinyArchitecture> all = new LinkedHashMap<>();
      Map<String, Object> parsed = TestJson.parseObject(json);
      parsed.keySet().forEach(name -> all.put(name, of(name, TestJson.get(parsed, name))));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TinyArchitecture of(String name, Map<String, Object> json) {
    List<Entry> tensors = new ArrayList<>();
    for (Map<String, Object> t : TestJson.<List<Map<String, Object>>>get(json, "tensors")) {
      tensors.add(
          new Entry(
              TestJson.get(t, "name"),
              TestJson.get(t, "dims"),
              TestJson.get(t, "kind"),
              TestJson.<Long>get(t, "exponent").intValue(),
              TestJson.<Long>get(t, "seed"),
              1));
    }
    return new TinyArchitecture(
        name,
        TestJson.get(json, "metadata"),
        tensors,
        TestJson.get(json, "prompt"),
        TestJson.<Long>get(json, "context").intValue(),
        TestJson.get(json, "logits"));
  }

  /** The same model with another value of a key; null to leave it out. */
  public TinyArchitecture with(String key, @org.jspecify.annotations.Nullable Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(metadata);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return new TinyArchitecture(name, changed, tensors, prompt, context, logits);
  }

  /** The same model whose keys begin otherwise. */
  public TinyArchitecture renamed(String prefix, String other) {
    Map<String, Object> changed = new LinkedHashMap<>();
    metadata.forEach((key, value) ->
        changed.put(key.startsWith(prefix) ? other + key.substring(prefix.length()) : key, value));
    return new TinyArchitecture(name, changed, tensors, prompt, context, logits);
  }

  /** The same model without a tensor. */
  public TinyArchitecture without(String tensor) {
    List<Entry> changed = new ArrayList<>(tensors);
    if (!changed.removeIf(t -> t.name.equals(tensor))) {
      throw new IllegalArgumentException(tensor);
    }
    return new TinyArchitecture(name, metadata, changed, prompt, context, logits);
  }

  /** The same model, one of whose tensors has another shape or is broken. */
  public TinyArchitecture with(Entry tensor) {
    List<Entry> changed = new ArrayList<>();
    tensors.forEach(t -> changed.add(t.name.equals(tensor.name) ? tensor : t));
    return new TinyArchitecture(name, metadata, changed, prompt, context, logits);
  }

  public Entry tensor(String tensor) {
    return tensors.stream().filter(t -> t.name.equals(tensor)).findFirst().orElseThrow();
  }

  public int[] ids() {
    return prompt.stream().mapToInt(Long::intValue).toArray();
  }

  /** Writes a GGUF file with matrices of a type. */
  public Path write(Path file, DType type) {
    GgufWriter writer = new GgufWriter();
    metadata.forEach(writer::put);
    for (Entry t : tensors) {
      List<Long> shape = t.dims.reversed();
      boolean matrix = t.kind.equals("matrix") || t.kind.equals("router");
      DType own = t.kind.equals("matrix") ? type : DType.F32;
      byte[] data = matrix ? matrix(t, own) : vector(t);
      writer.tensor(t.name, shape, own.ggmlId(), MemorySegment.ofArray(data));
    }
    try {
      writer.write(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number {@code i} of a stream: the finalizer of splitmix64. */
  private static long random(long seed, long stream, long i) {
    long z = (i + (seed << 34) + (stream << 32)) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static byte[] vector(Entry t) {
    byte[] bytes = new byte[4 * Math.toIntExact(t.columns())];
    ByteBuffer b = little(bytes);
    for (int i = 0; i < t.columns(); i++) {
      float n = random(t.seed, 0, i) >>> 60;
      b.putFloat(
          switch (t.kind) {
            case "norm" -> t.mScale * (1 + (n - 8) / 32);
            case "bias" -> (n - 8) / 32;
            case "factors" -> 1 + n / 4;
            default -> throw new IllegalArgumentException(t.kind);
          });
    }
    return bytes;
  }

  private static int code(Entry t, long i) {
    return (int) (random(t.seed, 0, i) >>> 60) - 8;
  }

  private static int m(Entry t, long row, long column) {
    long blocks = Math.ceilDiv(t.columns(), BLOCK);
    int m = (int) (random(t.seed, 1, row * blocks + column / BLOCK) >>> 60);
    return Math.max(1, m) * t.mScale;
  }

  private static byte[] matrix(Entry t, DType type) {
    int columns = Math.toIntExact(t.columns());
    byte[] bytes = new byte[t.rows() * Math.toIntExact(type.rowBytes(columns))];
    ByteBuffer b = little(bytes);
    double step = Math.scalb(1.0, -t.exponent);
    for (int r = 0; r < t.rows(); r++) {
      for (int c = 0; c < columns; c += type.blockSize()) {
        block(t, type, r, c, (long) r * columns + c, step, b);
      }
    }
    return bytes;
  }

  private static void block(
      Entry t, DType type, int row, int column, long i, double step, ByteBuffer b) {
    double scale = m(t, row, column) * step;
    switch (type) {
      case F32 -> {
        long fraction = (random(t.seed, 2, i) >>> 53) - 1024;
        b.putFloat((float) (scale * (code(t, i) + fraction / 65536.0)));
      }
      case F16 -> b.putShort(half(scale * code(t, i)));
      case Q8_0 -> {
        b.putShort(half(scale));
        for (int c = 0; c < BLOCK; c++) {
          b.put((byte) code(t, i + c));
        }
      }
      case Q4_0 -> {
        b.putShort(half(scale));
        for (int c = 0; c < BLOCK / 2; c++) {
          b.put((byte) ((code(t, i + c) + 8) | (code(t, i + c + 16) + 8) << 4));
        }
      }
      case Q4_K -> superBlock(t, row, column, i, step, b);
      default -> throw new IllegalArgumentException("" + type);
    }
  }

  /** d = step, dmin = 8 · step; scale and minimum of each 32 are m. */
  private static void superBlock(Entry t, int row, int column, long i, double step, ByteBuffer b) {
    b.putShort(half(step)).putShort(half(8 * step));
    byte[] scales = new byte[12];
    for (int j = 0; j < 4; j++) {
      int low = m(t, row, column + BLOCK * j);
      int high = m(t, row, column + BLOCK * (j + 4));
      scales[j] = (byte) (low | (high >> 4) << 6);
      scales[j + 4] = (byte) (low | (high >> 4) << 6);
      scales[j + 8] = (byte) ((high & 15) | (high & 15) << 4);
    }
    b.put(scales);
    for (int g = 0; g < 256; g += 2 * BLOCK) {
      for (int c = 0; c < BLOCK; c++) {
        b.put((byte) ((code(t, i + g + c) + 8) | (code(t, i + g + BLOCK + c) + 8) << 4));
      }
    }
  }

  private static short half(double x) {
    return Float.floatToFloat16((float) x);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
