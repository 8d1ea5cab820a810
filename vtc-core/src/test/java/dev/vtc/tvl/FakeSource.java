package dev.vtc.tvl;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import dev.vtc.format.ModelSource;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** A small model of random tensors, with the names that the plan knows. */
final class FakeSource implements ModelSource {
  private final Path path;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final Metadata metadata;
  boolean closed;

  FakeSource(Path path, Random random) {
    this.path = path;
    add(random, "token_embd.weight", DType.Q4_1, 172, 96);
    for (int i = 0; i < 2; i++) {
      String b = "blk." + i + ".";
      add(random, b + "attn_norm.weight", DType.F32, 1, 96);
      add(random, b + "attn_q.weight", DType.Q8_0, 63, 96);
      add(random, b + "ffn_down.weight", DType.Q6_K, 65, 256);
      add(random, b + "ffn_gate.weight", DType.Q4_0, 40, 96);
      add(random, b + "ffn_up.weight", i == 0 ? DType.Q4_0 : DType.Q5_0, 40, 96);
      add(random, b + "attn_v.weight", DType.Q4_K, 17, 256);
      add(random, b + "attn_k.weight", DType.BF16, 17, 63);
    }
    add(random, "output_norm.weight", DType.F16, 1, 63);
    add(random, "rope_ids", DType.I32, 1, 63);
    metadata =
        new Metadata(
            Map.of(
                "general.architecture",
                "llama",
                "llama.context_length",
                2048L,
                "llama.rope.freq_base",
                10000.25,
                "general.flag",
                true,
                "tokenizer.ggml.tokens",
                MetadataArray.of(List.of("a", "b", "ü")),
                "llama.heads",
                MetadataArray.of(List.of(1L, 2L))));
  }

  void add(Random random, String name, DType type, int rows, int columns) {
    tensors.put(name, TestTensors.random(random, name, type, rows, columns));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public String formatName() {
    return "fake";
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void close() {
    closed = true;
  }
}
