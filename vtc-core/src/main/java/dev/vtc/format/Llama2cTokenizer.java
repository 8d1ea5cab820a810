package dev.vtc.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * llama2.c's {@code tokenizer.bin} as GGUF metadata of a SentencePiece-style tokenizer.
 *
 * <pre>
 * i32 longest token in bytes | vocab × (f32 score | i32 length | bytes)
 * </pre>
 *
 * <p>llama2.c's exporter replaces SentencePiece's ▁ by a space and decorates tokens 1 and 2 with
 * line breaks; both are undone here.
 */
final class Llama2cTokenizer {
  private static final int UNKNOWN = 0;
  private static final int BOS = 1;
  private static final int EOS = 2;

  // Values of tokenizer.ggml.token_type.
  private static final long NORMAL_TYPE = 1;
  private static final long UNKNOWN_TYPE = 2;
  private static final long CONTROL_TYPE = 3;
  private static final long BYTE_TYPE = 6;

  private static final int MAX_TOKEN_BYTES = 1 << 16;

  private Llama2cTokenizer() {}

  /**
   * Reads a tokenizer of exactly {@code vocab} tokens.
   *
   * @throws FormatException when the file holds fewer or more, or is corrupted
   */
  static Map<String, Object> read(Path file, int vocab) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = MappedFile.map(file, arena);
      List<String> tokens = new ArrayList<>();
      List<Double> scores = new ArrayList<>();
      List<Long> types = new ArrayList<>();
      long at = Integer.BYTES;
      for (int id = 0; id < vocab; id++) {
        if (bytes.byteSize() - at < 8) {
          throw new FormatException(
              file, at, "the tokenizer has " + id + " tokens, the model " + vocab + ".");
        }
        double score = bytes.get(Little.F32, at);
        int length = bytes.get(Little.I32, at + 4);
        at += 8;
        if (length < 0 || length > MAX_TOKEN_BYTES || length > bytes.byteSize() - at) {
          throw new FormatException(
              file, at - 4, "token " + id + " has the length " + length + ".");
        }
        byte[] raw = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        at += length;
        long type = type(id, raw);
        tokens.add(
            switch (id) {
              case UNKNOWN -> "<unk>";
              case BOS -> "<s>";
              case EOS -> "</s>";
              default -> new String(raw, StandardCharsets.UTF_8).replace(' ', '\u2581');
            });
        scores.add(score);
        types.add(type);
      }
      if (at != bytes.byteSize()) {
        throw new FormatException(
            file, at, "the tokenizer has more tokens than the " + vocab + " of the model.");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("tokenizer.ggml.model", "llama");
      values.put("tokenizer.ggml.pre", "default");
      values.put("tokenizer.ggml.tokens", MetadataArray.of(tokens));
      values.put("tokenizer.ggml.scores", MetadataArray.of(scores));
      values.put("tokenizer.ggml.token_type", MetadataArray.of(types));
      values.put("tokenizer.ggml.unknown_token_id", (long) UNKNOWN);
      values.put("tokenizer.ggml.bos_token_id", (long) BOS);
      values.put("tokenizer.ggml.eos_token_id", (long) EOS);
      values.put("tokenizer.ggml.add_bos_token", true);
      values.put("tokenizer.ggml.add_eos_token", false);
      values.put("tokenizer.ggml.add_space_prefix", true);
      return values;
    }
  }

  private static long type(int id, byte[] raw) {
    if (id == UNKNOWN) {
      return UNKNOWN_TYPE;
    }
    if (id == BOS || id == EOS) {
      return CONTROL_TYPE;
    }
    boolean isByte =
        raw.length == 6
            && raw[0] == '<'
            && raw[1] == '0'
            && raw[2] == 'x'
            && Character.digit(raw[3], 16) >= 0
            && Character.digit(raw[4], 16) >= 0
            && raw[5] == '>';
    return isByte ? BYTE_TYPE : NORMAL_TYPE;
  }
}
