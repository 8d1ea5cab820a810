package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.format.GgufFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The ids that llama.cpp gives, on a corpus made to be nasty. */
class LlamaCppTest {
  private static final List<String> CORPUS = TestData.corpus();

  /** The groups of names with equal ids, in the order of the expected sums. */
  private static List<List<String>> groups() {
    List<List<String>> groups = new ArrayList<>();
    for (Object group : (List<?>) TestData.json(TestData.resource("pre-tokenizers.json"))) {
      groups.add(((List<?>) group).stream().map(String.class::cast).toList());
    }
    return groups;
  }

  @TestFactory
  Stream<DynamicTest> everyPreTokenizer() {
    int[][] sums = TestData.sums("pre-tokenizers.crc.gz", CORPUS.size());
    List<List<String>> groups = groups();
    assertThat(sums).hasNumberOfRows(2 * groups.size());
    List<DynamicTest> tests = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      int[] special = sums[2 * g];
      int[] plain = sums[2 * g + 1];
      for (String name : groups.get(g)) {
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> {
                  Tokenizer tokenizer = TestData.tokenizer(vocabulary(name));
                  assertThat(TestData.different(tokenizer, CORPUS, special, true)).isEmpty();
                  assertThat(TestData.different(tokenizer, CORPUS, plain, false)).isEmpty();
                }));
      }
    }
    return tests.stream();
  }

  private static Map<String, Object> vocabulary(String pre) {
    boolean characters = PreTokenizers.named(pre).characters();
    Map<String, Object> values = TestData.vocabulary(characters ? "gemma4" : "bytes");
    values.put("tokenizer.ggml.pre", pre);
    if (!pre.equals("gemma4")) {
      values.put("tokenizer.ggml.model", "gpt2");
    }
    return values;
  }

  @Test
  void everyNameIsTested() {
    Set<String> tested = new HashSet<>();
    groups().forEach(tested::addAll);
    assertThat(tested).isEqualTo(new HashSet<>(PreTokenizers.names()));
  }

  @Test
  void sentencePiece() {
    int[][] sums = TestData.sums("sentencepiece.crc.gz", CORPUS.size());
    Map<String, Object> values = TestData.vocabulary("sentencepiece");
    Tokenizer tokenizer = TestData.tokenizer(values);
    assertThat(TestData.different(tokenizer, CORPUS, sums[0], true)).isEmpty();
    assertThat(TestData.different(tokenizer, CORPUS, sums[1], false)).isEmpty();
    // Special tokens of Phi-3 take the white space behind them.
    values.put("general.name", "phi-3-tiny");
    tokenizer = TestData.tokenizer(values);
    assertThat(TestData.different(tokenizer, CORPUS, sums[2], true)).isEmpty();
    assertThat(TestData.different(tokenizer, CORPUS, sums[3], false)).isEmpty();
    assertThat(sums[0]).isNotEqualTo(sums[2]);
  }

  @Test
  void unigram() {
    int[][] sums = TestData.sums("unigram.crc.gz", CORPUS.size());
    Tokenizer tokenizer = TestData.tokenizer(TestData.vocabulary("unigram"));
    assertThat(TestData.different(tokenizer, CORPUS, sums[0], true)).isEmpty();
    assertThat(TestData.different(tokenizer, CORPUS, sums[1], false)).isEmpty();
    assertThat(tokenizer.decode(tokenizer.encode("ﬁne\twords²", false, false), true))
        .as("normalized")
        .isEqualTo("fine words2");
  }

  /** SmolLM2's own vocabulary, where the model is at hand. */
  @Test
  void smolLm2() throws IOException {
    Path model = Path.of(Objects.requireNonNullElse(System.getenv("VTC_TEST_MODEL"), ""));
    assumeTrue(
        Files.isRegularFile(model),
        "VTC_TEST_MODEL does not name SmolLM2-135M-Instruct as GGUF: its vocabulary is not tested");
    try (GgufFile file = GgufFile.open(model)) {
      assumeTrue(
          file.metadata().string("tokenizer.ggml.pre", "").equals("smollm"),
          "VTC_TEST_MODEL is another model");
      Tokenizer tokenizer = Tokenizer.of(file.metadata()).orElseThrow();
      int[][] sums = TestData.sums("smollm2.crc.gz", CORPUS.size());
      assertThat(TestData.different(tokenizer, CORPUS, sums[0], true)).isEmpty();
      assertThat(TestData.different(tokenizer, CORPUS, sums[1], false)).isEmpty();
      assertThat(tokenizer.isEndOfGeneration(tokenizer.find("<|im_end|>"))).isTrue();
    }
  }

  @Test
  void decodingGivesTheTextBack() {
    Map<String, Object> bytes = TestData.vocabulary("bytes");
    bytes.put("tokenizer.ggml.pre", "llama-bpe");
    List<Tokenizer> tokenizers =
        List.of(
            TestData.tokenizer(bytes),
            TestData.tokenizer(TestData.vocabulary("sentencepiece")),
            TestData.tokenizer(TestData.vocabulary("gemma4")));
    int compared = 0;
    for (Tokenizer tokenizer : tokenizers) {
      boolean spaceSign = tokenizer.find("<0x0A>") >= 0; // U+2581 means a space there
      for (String text : CORPUS) {
        String valid = new String(Utf8.encode(text), StandardCharsets.UTF_8);
        if (!spaceSign && valid.matches("(?s).*[\u0001\u0007\u001b].*")) {
          continue; // the vocabulary has no tokens for these bytes
        }
        for (boolean special : new boolean[] {false, true}) {
          int[] ids = tokenizer.encode(text, special, false);
          String expected = spaceSign ? valid.replace('\u2581', ' ') : valid;
          assertThat(tokenizer.decode(ids, true)).isEqualTo(expected);
          IncrementalDetokenizer detokenizer = tokenizer.detokenizer(true, true);
          StringBuilder parts = new StringBuilder();
          for (int id : ids) {
            parts.append(detokenizer.accept(id));
          }
          assertThat(parts + detokenizer.finish()).isEqualTo(expected);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(3000);
  }
}
