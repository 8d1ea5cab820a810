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
import java.nio.file.StandardOpenOption;
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

  /** Texts with the added tokens that the script has. */
  private static final List<String> ADDED =
      List.of(
          "a <l>  b<l>",
          "\u00a0\u3000 <l>\u2003 <r> \u2003\n x<r>",
          "<r>  <l><l>  <r><both>  <both>\n<r>\n<both>",
          "word words sword word",
          "w\u00f6rd_word word_ (word) \u4e00word word\u0301 \u24b6word word1 wordword",
          "a <w> b <w>c  d<w> e",
          "over<l> ver<l>> overs vers",
          "\u1112\u1161\u11ab \ud55c \ub2e4 \u1103\u1161\u1112\u1161\u11ab",
          "  word  <l>",
          "x<s> a</s> b <unk>  <s>",
          "<|im_start|> a<|im_end|>b",
          "\u03b2123\u00b2 \u03b1\u03b24567 \u00bd1");

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
    List<String> more = new ArrayList<>(ADDED);
    // A text of everyday length, beside what was made to be nasty.
    more.add(Files.readString(Path.of("..", "docs", "architecture.md")));
    for (String text : more) {
      texts.add(text);
      String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      Files.writeString(corpus, "\n\"" + escaped + "\"", StandardOpenOption.APPEND);
    }
    Path out = folder.resolve("made");
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3", "src/test/python/hf_tokenizers.py", corpus.toString(), out.toString()));
    Path model = Path.of(Objects.requireNonNullElse(System.getenv("VTC_TEST_MODEL"), ""));
    boolean smol = isSmolLm2(model);
    if (smol) {
      command.add(model.toString());
    } else {
      System.out.println(
          "HfTokenizersTest: VTC_TEST_MODEL does not name SmolLM2 as GGUF: its vocabulary is not"
              + " compared");
    }
    int exit =
        new ProcessBuilder(command)
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
    boolean sentencePiece = !output.contains("No module named 'sentencepiece'");
    if (!sentencePiece) {
      System.out.println(
          "HfTokenizersTest: the Python package sentencepiece is missing: no vocabulary that it"
              + " trained is compared");
    }
    List<String> different = new ArrayList<>();
    try (Stream<Path> kinds = Files.list(out)) {
      List<Path> sorted = kinds.sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(30);
      assertThat(sorted.stream().filter(kind -> kind.toString().contains("spm-")))
          .hasSize(sentencePiece ? 4 : 0);
      for (Path kind : sorted) {
        Tokenizer tokenizer =
            Tokenizer.of(new Metadata(HfTokenizer.metadata(kind, CONFIG))).orElseThrow();
        compare(kind, tokenizer, texts, different);
      }
      assertThat(sorted.stream().filter(kind -> kind.toString().contains("model-")))
          .hasSize(smol ? 1 : 0);
      if (smol) {
        try (GgufFile file = GgufFile.open(model)) {
          Path kind = out.resolve("model-" + model.getFileName().toString().replace(".gguf", ""));
          compare(kind, Tokenizer.of(file.metadata()).orElseThrow(), texts, different);
        }
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void whatIsNotSupportedIsNamed(@TempDir Path folder) throws IOException {
    refused(folder, "{\"type\": \"WordPiece\"}", "null", "null", "WordPiece", "BPE", "Unigram");
    String bpe = "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}";
    String level = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}";
    refused(folder, bpe, "null", "null", "pre-tokenizer", "ByteLevel");
    refused(folder, bpe, "{\"type\": \"BertPreTokenizer\"}", "null", "BertPreTokenizer", "Split");
    refused(
        folder,
        bpe,
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\"}, %s]}"
            .formatted(level.replace("false", "true")),
        "null",
        "add_prefix_space=true");
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

  @Test
  void unigramThatIsNotSupportedIsNamed(@TempDir Path folder) throws IOException {
    String unknown = "\"added_tokens\": [{\"id\": 0, \"content\": \"<unk>\", \"special\": true}]";
    String metaspace = "{\"type\": \"Metaspace\", \"prepend_scheme\": \"first\"}";
    String model =
        "{\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0.0], [\"a\", -1]]}";
    refused(folder, model, metaspace, "null", "<unk>", "added tokens");
    String added = metaspace + ", " + unknown;
    refused(folder, model.replace("0,", "2,"), added, "null", "unk_id", "2");
    refused(folder, model.replace("0,", "null,"), added, "null", "unk_id", "null");
    refused(folder, model.replace(", -1", ""), added, "null", "text and score");
    refused(folder, model.replace("-1", "\"b\""), added, "null", "text and score");
    refused(folder, model, added, "{\"type\": \"Lowercase\"}", "Lowercase", "Precompiled");
    String map = "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}";
    refused(folder, model, added, map.formatted("?"), "precompiled_charsmap", "base64");
    String two = "{\"type\": \"Sequence\", \"normalizers\": [%s, %s]}";
    refused(
        folder, model, added, two.formatted(map.formatted("AA=="), map.formatted("AA==")), "once");
    String left = "{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": false}";
    refused(folder, model, added, left, "left", "first");
    String signs =
        "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}";
    refused(folder, model, added, two.formatted(signs, left), "Strip", "at the end");
    refused(folder, model, "null, " + unknown, left, "Unigram", "\u2581");
    String words =
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"WhitespaceSplit\"}, "
            + metaspace
            + "]}, ";
    refused(folder, model, words + unknown, "null", "WhitespaceSplit", "every word");
    refused(
        folder,
        model,
        added.replace(
            "special\": true}", "special\": true}, {\"id\": 2, \"content\": \"\u2581x\"}"),
        "null",
        "added token",
        "\u2581x");
    String bytes = model.replace("[\"a\"", "[\"<0x41>\", -2], [\"a\"");
    String fallback = bytes.replace("0,", "0, \"byte_fallback\": true,");
    refused(folder, fallback, added, "null", "none of \u2581");
    refused(
        folder,
        fallback.replace("\"a\"", "\"\u2581\""),
        added + ", \"decoder\": " + metaspace,
        "null",
        "decoder",
        "ByteFallback");
    refused(
        folder,
        bytes,
        added
            + ", \"decoder\": {\"type\": \"Sequence\", \"decoders\": [{\"type\": \"ByteFallback\"},"
            + " "
            + metaspace
            + "]}",
        "null",
        "decoder",
        "ByteFallback");
    // What the normalizer does to an added token is seen when the tables are made.
    write(
        folder,
        model,
        added.replace("special\": true}", "special\": true}, {\"id\": 2, \"content\": \"\ufb01\"}"),
        "{\"type\": \"NFKC\"}");
    Metadata metadata = new Metadata(HfTokenizer.metadata(folder, CONFIG));
    assertThatThrownBy(() -> Tokenizer.of(metadata)).hasMessageContaining("added token \ufb01 is");
  }

  @Test
  void decodersThatAreNotSupportedAreNamed(@TempDir Path folder) throws IOException {
    String bytes = "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}";
    String level = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}";
    for (String decoder :
        List.of(
            "{\"type\": \"BPEDecoder\", \"suffix\": \"</w>\"}",
            "{\"type\": \"Sequence\", \"decoders\": [{\"type\": \"ByteFallback\"}]}",
            "{\"type\": \"Sequence\", \"decoders\": [{\"type\": \"ByteLevel\"}, {\"type\":"
                + " \"Strip\", \"content\": \" \", \"start\": 1, \"stop\": 0}]}")) {
      refused(folder, bytes, level + ", \"decoder\": " + decoder, "null", "decoder", "ByteLevel");
    }
    String characters = bytes.replace("BPE\"", "BPE\", \"byte_fallback\": true");
    String metaspace = "{\"type\": \"Metaspace\", \"prepend_scheme\": \"first\"}";
    for (String decoder : List.of(level, metaspace)) {
      refused(
          folder, characters, metaspace + ", \"decoder\": " + decoder, "null", "decoder", "Fuse");
    }
    refused(
        folder,
        characters,
        "null, \"added_tokens\": [{\"id\": 1, \"content\": \"<x>\", \"normalized\": true}]",
        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\":"
            + " \"\u2581\"}, {\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\":"
            + " \"\u2581\"}]}",
        "<x>",
        "Prepend");
  }

  /** Of a token in both files the tokenizer's word counts; what only the other has is added. */
  @Test
  void addedTokensOfTokenizerConfig(@TempDir Path folder) throws IOException {
    write(
        folder,
        "{\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"<y>\": 1, \"\u0120\": 3}, \"merges\": []}",
        "{\"type\": \"ByteLevel\"}, \"added_tokens\": [{\"id\": 2, \"content\": \"<x>\","
            + " \"lstrip\": true, \"special\": true}]",
        "null");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"added_tokens_decoder\": {\"2\": {\"content\": \"<x>\", \"rstrip\": true}, \"7\":"
            + " {\"content\": \"<y>\", \"rstrip\": true}, \"9\": {\"content\": \"<z>\","
            + " \"single_word\": true}}}");
    Tokenizer tokenizer =
        Tokenizer.of(new Metadata(HfTokenizer.metadata(folder, CONFIG))).orElseThrow();
    assertThat(tokenizer.encode("a <x> a <y> a<z>a <z>", true, false))
        .containsExactly(0, 2, 3, 0, 3, 1, 0, 0, 3, 9);
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

  private static boolean isSmolLm2(Path model) throws IOException {
    if (!Files.isRegularFile(model)) {
      return false;
    }
    try (GgufFile file = GgufFile.open(model)) {
      return file.metadata().string("tokenizer.ggml.pre", "").equals("smollm");
    }
  }

  private static void compare(
      Path kind, Tokenizer tokenizer, List<String> texts, List<String> different)
      throws IOException {
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
      } else {
        for (boolean special : new boolean[] {true, false}) {
          // Unigram makes a byte of its name in the text. Of bytes that are no character, the
          // package replaces all that stand together, and VTC those that are none.
          if (texts.get(i).contains("<0x") && !isUtf8(tokenizer.decodeToBytes(ids, special))) {
            continue;
          }
          String decoded = tokenizer.decode(ids, special);
          Object wanted = pair.get(special ? 1 : 2);
          if (!decoded.equals(wanted)) {
            different.add(name + ": decoded " + decoded + " for " + wanted);
          }
        }
      }
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static String pieces(Tokenizer tokenizer, int[] ids, int from) {
    StringBuilder pieces = new StringBuilder();
    for (int id : Arrays.copyOfRange(ids, from, Math.min(ids.length, from + 5))) {
      pieces.append(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8)).append('|');
    }
    return pieces.toString();
  }
}
