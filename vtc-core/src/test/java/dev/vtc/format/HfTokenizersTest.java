package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.testing.TestJson;
import dev.vtc.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tokenizer.json} of each family's kind, against the Python package {@code tokenizers}: the
 * same ids of each text of the nasty corpus, and the same text back.
 */
class HfTokenizersTest {
  private static final HfConfig CONFIG =
      HfConfig.of(Map.of("architectures", List.of("LlamaForCausalLM"), "vocab_size", 16L));

  @Test
  void idsAndTextsAreThoseOfTokenizers(@TempDir Path folder) throws Exception {
    Path corpus = folder.resolve("corpus.jsonl");
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(Tokenizer.class.getResourceAsStream("corpus.jsonl.gz")))) {
      Files.copy(in, corpus);
    }
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(corpus)) {
      texts.add((String) TestJson.parse(line));
    }
    Path out = folder.resolve("made");
    Path log = folder.resolve("log");
    int exit =
        new ProcessBuilder(
                "python3", "src/test/python/hf_tokenizers.py", corpus.toString(), out.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String output = Files.readString(log);
    assumeTrue(
        exit == 0 || !output.contains("No module named"),
        "The Python package tokenizers is missing: tokenizer.json is not compared with it. "
            + output);
    assertThat(exit).as(output).isZero();
    List<String> different = new ArrayList<>();
    try (Stream<Path> kinds = Files.list(out)) {
      List<Path> sorted = kinds.sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(15);
      for (Path kind : sorted) {
        compare(kind, texts, different);
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void whatIsNotSupportedIsNamed(@TempDir Path folder) throws IOException {
    refused(folder, "{\"type\": \"WordPiece\"}", "null", "null", "WordPiece", "BPE");
    String bpe = "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}";
    String level = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}";
    refused(folder, bpe, "null", "null", "pre-tokenizer", "ByteLevel");
    refused(folder, bpe, "{\"type\": \"BertPreTokenizer\"}", "null", "BertPreTokenizer", "Split");
    refused(folder, bpe, level.replace("false", "true"), "null", "add_prefix_space=true");
    refused(folder, bpe, level, "{\"type\": \"Lowercase\"}", "Lowercase", "NFC");
    String split =
        "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a)\\\\1\"}, \"behavior\": \"%s\"}";
    String both = "{\"type\": \"Sequence\", \"pretokenizers\": [%s, %s]}";
    refused(folder, bpe, both.formatted(split.formatted("Removed"), level), "null", "Removed");
    refused(folder, bpe, both.formatted(level, level), "null", "ByteLevel");
    refused(
        folder, bpe.replace("BPE\"", "BPE\", \"byte_fallback\": true"), "null", "null", "\u2581");
    // The pattern is read with the tables.
    write(
        folder,
        bpe,
        both.formatted(split.formatted("Isolated"), level.replace("}", ", \"use_regex\": false}")),
        "null");
    Metadata metadata = new Metadata(HfTokenizer.metadata(folder, CONFIG));
    assertThatThrownBy(() -> Tokenizer.of(metadata)).hasMessageContaining("pattern (a)\\1 is not");
  }

  private static void write(Path folder, String model, String pre, String normalizer)
      throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"normalizer\": %s, \"pre_tokenizer\": %s, \"model\": %s}"
            .formatted(normalizer, pre, model));
  }

  private static void refused(
      Path folder, String model, String pre, String normalizer, String... words)
      throws IOException {
    write(folder, model, pre, normalizer);
    assertThatThrownBy(() -> HfTokenizer.metadata(folder, CONFIG))
        .isInstanceOf(FormatException.class)
        .message()
        .contains(words)
        .contains("tokenizer.json");
  }

  private static void compare(Path kind, List<String> texts, List<String> different)
      throws IOException {
    Tokenizer tokenizer =
        Tokenizer.of(new Metadata(HfTokenizer.metadata(kind, CONFIG))).orElseThrow();
    List<String> expected = Files.readAllLines(kind.resolve("expected.jsonl"));
    assertThat(expected).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      List<?> pair = (List<?>) TestJson.parse(expected.get(i));
      int[] ids =
          ((List<?>) pair.get(0)).stream().mapToInt(id -> ((Number) id).intValue()).toArray();
      int[] found = tokenizer.encode(texts.get(i), true, false);
      String name = kind.getFileName() + ", text " + i;
      if (!Arrays.equals(found, ids)) {
        int at = Math.max(0, Arrays.mismatch(found, ids));
        different.add(
            name
                + " from token "
                + at
                + ": "
                + pieces(tokenizer, found, at)
                + " for "
                + pieces(tokenizer, ids, at));
      } else if (comparable(kind, tokenizer, ids)
          && !tokenizer.decode(ids, true).equals(pair.get(1))) {
        different.add(name + ": decoded " + tokenizer.decode(ids, true) + " for " + pair.get(1));
      }
    }
  }

  /**
   * Where a space goes before every text, VTC takes it away again behind each control token, and so
   * gives the text back; tokenizers only does at the start.
   */
  private static boolean comparable(Path kind, Tokenizer tokenizer, int[] ids) {
    return !List.of("llama2", "metaspace").contains(kind.getFileName().toString())
        || Arrays.stream(ids).noneMatch(tokenizer::isControl);
  }

  private static String pieces(Tokenizer tokenizer, int[] ids, int from) {
    StringBuilder pieces = new StringBuilder();
    for (int id : Arrays.copyOfRange(ids, from, Math.min(ids.length, from + 5))) {
      pieces.append(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8)).append('|');
    }
    return pieces.toString();
  }
}
