package dev.vtc.format;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A checkpoint of karpathy/llama2.c in its legacy format (version 0, f32), as {@code run.c} maps
 * it.
 *
 * <pre>
 * i32 dim, hidden, layers, heads, kvHeads, vocab (negative: own classifier), context
 * f32 token_embd  (vocab, dim)
 *     attn_norm   (layers, dim)
 *     attn_q      (layers, dim, dim)          rows are outputs
 *     attn_k      (layers, kvHeads · headSize, dim)
 *     attn_v      (layers, kvHeads · headSize, dim)
 *     attn_output (layers, dim, dim)
 *     ffn_norm    (layers, dim)
 *     ffn_gate    (layers, hidden, dim)       w1
 *     ffn_down    (layers, dim, hidden)       w2
 *     ffn_up      (layers, hidden, dim)       w3
 *     output_norm (dim)
 *     cosines and sines of RoPE (2, context, headSize / 2), not used
 *     output      (vocab, dim)                only if vocab is negative in the header
 * </pre>
 *
 * <p>llama2.c rotates neighbours (2i, 2i + 1) of a head, as GGUF's architecture {@code llama} does:
 * q and k are used as they are. The size of the file must match the header exactly. Lifetime and
 * threads as {@link ModelSource} says.
 */
public final class Llama2cCheckpoint implements ModelSource {
  private static final int HEADER_INTS = 7;

  /** First four bytes of llama2.c's later formats ("ak42"), which are not read. */
  private static final int LATER_MAGIC = 0x616b3432;

  // What run.c computes with, whatever the checkpoint.
  private static final double RMS_EPSILON = 1e-5;
  private static final double ROPE_BASE = 10_000;

  private static final System.Logger LOG = System.getLogger(Llama2cCheckpoint.class.getName());

  /** The header. */
  private record Config(
      long dim,
      long hidden,
      long layers,
      long heads,
      long kvHeads,
      long vocab,
      long context,
      boolean ownClassifier) {

    static Config read(MemorySegment file) {
      long vocab = file.get(Little.I32, 5 * 4);
      return new Config(
          file.get(Little.I32, 0),
          file.get(Little.I32, 4),
          file.get(Little.I32, 2 * 4),
          file.get(Little.I32, 3 * 4),
          file.get(Little.I32, 4 * 4),
          Math.abs(vocab),
          file.get(Little.I32, 6 * 4),
          vocab < 0);
    }

    /** Limits far above any model; they keep the size formula inside a long. */
    boolean plausible() {
      return in(dim, 1 << 16)
          && in(hidden, 1 << 20)
          && in(layers, 1 << 12)
          && in(heads, dim)
          && in(kvHeads, heads)
          && in(vocab, 1 << 22)
          && in(context, 1 << 24)
          && dim % heads == 0
          && heads % kvHeads == 0
          && headSize() % 2 == 0;
    }

    private static boolean in(long value, long limit) {
      return value >= 1 && value <= limit;
    }

    long headSize() {
      return dim / heads;
    }

    long kvDim() {
      return kvHeads * headSize();
    }

    /** Bytes of the whole file: at most 2^12·2^38 elements, so far from overflow. */
    long fileBytes() {
      long layer = 2 * dim + 2 * dim * dim + 2 * dim * kvDim() + 3 * dim * hidden;
      long elements =
          vocab * dim * (ownClassifier ? 2 : 1) + layers * layer + dim + context * headSize();
      return Integer.BYTES * HEADER_INTS + Float.BYTES * elements;
    }
  }

  private final Path path;
  private final Arena arena;
  private final Metadata metadata;
  private final SequencedMap<String, Tensor> tensors;

  private Llama2cCheckpoint(Path path, Arena arena, Metadata metadata, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableSequencedMap(tensors(Config.read(bytes), bytes));
  }

  /**
   * Opens a checkpoint. A file {@code tokenizer.bin} beside it, if it has exactly the vocabulary's
   * size, becomes its tokenizer; without one the model works on token ids.
   *
   * @throws FormatException when header and size of the file do not fit
   */
  public static Llama2cCheckpoint open(Path file) throws IOException {
    Arena arena = MappedFile.newArena();
    boolean opened = false;
    try {
      MemorySegment bytes = MappedFile.map(file, arena);
      Config config = check(file, bytes);
      Map<String, Object> values = metadata(file, config);
      Path tokenizer = file.resolveSibling("tokenizer.bin");
      if (Files.isRegularFile(tokenizer)) {
        try {
          values.putAll(Llama2cTokenizer.read(tokenizer, Math.toIntExact(config.vocab)));
        } catch (FormatException e) {
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} is opened without a tokenizer: {1}",
              file,
              e.getMessage());
        }
      }
      Llama2cCheckpoint model = new Llama2cCheckpoint(file, arena, new Metadata(values), bytes);
      opened = true;
      return model;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** True if the header could be one of llama2.c; the size of the file is not looked at. */
  static boolean isPlausible(MemorySegment bytes) {
    return bytes.byteSize() >= Integer.BYTES * HEADER_INTS
        && (bytes.get(Little.I32, 0) == LATER_MAGIC || Config.read(bytes).plausible());
  }

  private static Config check(Path file, MemorySegment bytes) throws FormatException {
    if (bytes.byteSize() < Integer.BYTES * HEADER_INTS) {
      throw new FormatException(
          file,
          0,
          "the file ends inside the 28 bytes of a llama2.c header: pull or copy it again.");
    }
    if (bytes.get(Little.I32, 0) == LATER_MAGIC) {
      throw new FormatException(
          file,
          0,
          "this is a llama2.c checkpoint of version "
              + bytes.get(Little.I32, 4)
              + ", but only version 0 is read: export it again with --version 0.");
    }
    Config config = Config.read(bytes);
    if (!config.plausible()) {
      throw new FormatException(
          file, 0, "this is no llama2.c checkpoint: its header makes no sense as " + config + ".");
    }
    if (config.fileBytes() != bytes.byteSize()) {
      throw new FormatException(
          file,
          -1,
          "the header of this llama2.c checkpoint asks for a file of "
              + config.fileBytes()
              + " bytes, but it has "
              + bytes.byteSize()
              + ": the download is incomplete or the file is no such checkpoint, pull it again.");
    }
    return config;
  }

  private static Map<String, Object> metadata(Path file, Config config) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("general.architecture", "llama");
    values.put("general.name", String.valueOf(file.getFileName()).replaceFirst("\\.[^.]+$", ""));
    values.put("llama.block_count", config.layers);
    values.put("llama.context_length", config.context);
    values.put("llama.embedding_length", config.dim);
    values.put("llama.feed_forward_length", config.hidden);
    values.put("llama.attention.head_count", config.heads);
    values.put("llama.attention.head_count_kv", config.kvHeads);
    values.put("llama.attention.layer_norm_rms_epsilon", RMS_EPSILON);
    values.put("llama.rope.dimension_count", config.headSize());
    values.put("llama.rope.freq_base", ROPE_BASE);
    values.put("llama.vocab_size", config.vocab);
    return values;
  }

  private static SequencedMap<String, Tensor> tensors(Config c, MemorySegment bytes) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    Layout at = new Layout(bytes, tensors, Integer.BYTES * HEADER_INTS);
    at.one("token_embd.weight", c.vocab, c.dim);
    at.perLayer(c.layers, "attn_norm.weight", 1, c.dim);
    at.perLayer(c.layers, "attn_q.weight", c.dim, c.dim);
    at.perLayer(c.layers, "attn_k.weight", c.kvDim(), c.dim);
    at.perLayer(c.layers, "attn_v.weight", c.kvDim(), c.dim);
    at.perLayer(c.layers, "attn_output.weight", c.dim, c.dim);
    at.perLayer(c.layers, "ffn_norm.weight", 1, c.dim);
    at.perLayer(c.layers, "ffn_gate.weight", c.hidden, c.dim);
    at.perLayer(c.layers, "ffn_down.weight", c.dim, c.hidden);
    at.perLayer(c.layers, "ffn_up.weight", c.hidden, c.dim);
    at.one("output_norm.weight", 1, c.dim);
    at.offset += c.context * c.headSize() * Float.BYTES;
    if (c.ownClassifier) {
      at.one("output.weight", c.vocab, c.dim);
    }
    return tensors;
  }

  /** Walks the file, taking tensors one after the other. */
  private static final class Layout {
    final MemorySegment bytes;
    final SequencedMap<String, Tensor> tensors;
    long offset;

    Layout(MemorySegment bytes, SequencedMap<String, Tensor> tensors, long offset) {
      this.bytes = bytes;
      this.tensors = tensors;
      this.offset = offset;
    }

    void one(String name, long rows, long columns) {
      long size = rows * columns * Float.BYTES;
      MemorySegment data = bytes.asSlice(offset, size);
      tensors.put(name, new Tensor(name, DType.F32, rows, columns, data, offset));
      offset += size;
    }

    void perLayer(long layers, String name, long rows, long columns) {
      for (long layer = 0; layer < layers; layer++) {
        one("blk." + layer + "." + name, rows, columns);
      }
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public String formatName() {
    return "llama2.c v0";
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /** Ends the life of all tensors. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
