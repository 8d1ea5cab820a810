package dev.vtc.testing;

import dev.vtc.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small llama of random weights, written as a GGUF file. The same numbers and seed give the same
 * file.
 */
public final class TinyModel {
  /**
   * Its shape.
   *
   * @param types of the matrices, dealt out in order and over again
   */
  public record Shape(
      int layers,
      int width,
      int ffn,
      int heads,
      int kvHeads,
      int vocabulary,
      int context,
      List<DType> types) {
    int headDim() {
      return width / heads;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(DType type, int rows, int columns, byte[] data) {}

  /**
   * Six heads on three key/value heads of ten dimensions, nothing a multiple of anything: dense.
   */
  public static final Shape ODD_DENSE =
      new Shape(2, 60, 172, 6, 3, 173, 600, List.of(DType.F32, DType.F16, DType.BF16));

  /** Blocks of 32, heads of 16, so that a block spans two heads. */
  public static final Shape BLOCKS =
      new Shape(
          2,
          96,
          224,
          6,
          2,
          131,
          600,
          List.of(DType.Q4_1, DType.Q4_0, DType.Q8_0, DType.Q5_0, DType.Q5_1, DType.IQ4_NL));

  /** Super-blocks of 256, heads of 32. */
  public static final Shape SUPER_BLOCKS =
      new Shape(
          1,
          256,
          512,
          8,
          4,
          129,
          600,
          List.of(
              DType.Q6_K,
              DType.Q4_K,
              DType.Q5_K,
              DType.Q2_K,
              DType.Q3_K,
              DType.IQ4_XS,
              DType.MXFP4));

  private final Shape shape;
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  private TinyModel(Shape shape) {
    this.shape = shape;
  }

  /** A model whose output matrix is its embedding. */
  public static TinyModel of(Shape shape, long seed) {
    TinyModel m = new TinyModel(shape);
    Random random = new Random(seed);
    int kvWidth = shape.kvHeads * shape.headDim();
    int next = 0;
    m.matrix(random, next++, "token_embd.weight", shape.vocabulary, shape.width);
    m.vector(random, "output_norm.weight", shape.width);
    for (int i = 0; i < shape.layers; i++) {
      String blk = "blk." + i + ".";
      m.vector(random, blk + "attn_norm.weight", shape.width);
      m.vector(random, blk + "ffn_norm.weight", shape.width);
      m.matrix(random, next++, blk + "attn_q.weight", shape.width, shape.width);
      m.matrix(random, next++, blk + "attn_k.weight", kvWidth, shape.width);
      m.matrix(random, next++, blk + "attn_v.weight", kvWidth, shape.width);
      m.matrix(random, next++, blk + "attn_output.weight", shape.width, shape.width);
      int gate = next++; // gate and up of one type lie interleaved
      m.matrix(random, gate, blk + "ffn_gate.weight", shape.ffn, shape.width);
      m.matrix(random, gate, blk + "ffn_up.weight", shape.ffn, shape.width);
      m.matrix(random, next++, blk + "ffn_down.weight", shape.width, shape.ffn);
    }
    return m;
  }

  private void matrix(Random random, int number, String name, int rows, int columns) {
    DType type = shape.types.get(number % shape.types.size());
    float size = (float) (1.5 / Math.sqrt(columns));
    byte[] data = RandomBlocks.of(random, type, rows * columns, size);
    tensors.put(name, new Entry(type, rows, columns, data));
  }

  private void vector(Random random, String name, int length) {
    ByteBuffer b = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      b.putFloat(0.5f + random.nextFloat());
    }
    tensors.put(name, new Entry(DType.F32, 1, length, b.array()));
  }

  public Shape shape() {
    return shape;
  }

  /**
   * The same function with every sum over the feed-forward units taken in the opposite order: rows
   * of gate and up, and columns of down, are reversed. Needs dense matrices.
   */
  public TinyModel withReversedFeedForward() {
    TinyModel m = new TinyModel(shape);
    tensors.forEach((name, e) -> {
      if (name.contains("ffn_gate") || name.contains("ffn_up")) {
        int row = e.data.length / e.rows;
        m.tensors.put(name, new Entry(e.type, e.rows, e.columns, reverse(e.data, 0, e.rows, row)));
      } else if (name.contains("ffn_down")) {
        byte[] data = e.data;
        for (int r = 0; r < e.rows; r++) {
          data = reverse(data, r * e.columns, e.columns, e.type.blockBytes());
        }
        m.tensors.put(name, new Entry(e.type, e.rows, e.columns, data));
      } else {
        m.tensors.put(name, e);
      }
    });
    return m;
  }

  private static byte[] reverse(byte[] data, int first, int count, int bytes) {
    byte[] out = data.clone();
    for (int i = 0; i < count; i++) {
      System.arraycopy(data, (first + i) * bytes, out, (first + count - 1 - i) * bytes, bytes);
    }
    return out;
  }

  /** Writes the file, GGUF v3. */
  public Path write(Path file) {
    Gguf g = new Gguf();
    g.raw("GGUF".getBytes(StandardCharsets.US_ASCII)).u32(3).u64(tensors.size()).u64(9);
    g.string("general.architecture").u32(8).string("llama");
    g.key("llama.block_count", shape.layers);
    g.key("llama.embedding_length", shape.width);
    g.key("llama.feed_forward_length", shape.ffn);
    g.key("llama.attention.head_count", shape.heads);
    g.key("llama.attention.head_count_kv", shape.kvHeads);
    g.key("llama.context_length", shape.context);
    g.string("llama.attention.layer_norm_rms_epsilon").u32(6).f32(1e-5f);
    g.string("llama.rope.freq_base").u32(6).f32(10_000);
    long offset = 0;
    for (Map.Entry<String, Entry> t : tensors.entrySet()) {
      Entry e = t.getValue();
      g.string(t.getKey());
      if (e.rows == 1) {
        g.u32(1).u64(e.columns);
      } else {
        g.u32(2).u64(e.columns).u64(e.rows);
      }
      g.u32(e.type.ggmlId()).u64(offset);
      offset = Math.ceilDiv(offset + e.data.length, 32) * 32;
    }
    for (Entry e : tensors.values()) {
      g.pad().raw(e.data);
    }
    g.pad();
    try {
      return Files.write(file, g.out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Little-endian bytes. */
  private static final class Gguf {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Gguf raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    Gguf u32(int value) {
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    Gguf u64(long value) {
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    Gguf f32(float value) {
      return u32(Float.floatToRawIntBits(value));
    }

    Gguf string(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return u64(utf8.length).raw(utf8);
    }

    Gguf key(String name, int value) {
      return string(name).u32(4).u32(value);
    }

    Gguf pad() {
      while (out.size() % 32 != 0) {
        out.write(0);
      }
      return this;
    }
  }
}
