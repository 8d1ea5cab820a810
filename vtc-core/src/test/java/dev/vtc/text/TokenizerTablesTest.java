package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables stored, mapped and damaged. */
class TokenizerTablesTest {
  private static final List<String> CORPUS = TestData.corpus();

  private static TokenizerTables tables(String vocabulary, String pre) {
    Map<String, Object> values = TestData.vocabulary(vocabulary);
    values.put("tokenizer.ggml.pre", pre);
    return TokenizerTables.build(new Metadata(values));
  }

  @Test
  void mappedFromAFileTheyGiveTheSameIds(@TempDir Path folder) throws IOException {
    for (String vocabulary : List.of("bytes", "sentencepiece", "gemma4", "unigram")) {
      TokenizerTables built = tables(vocabulary, "smollm");
      Tokenizer expected = new Tokenizer(built);
      try (Arena arena = Arena.ofShared()) {
        SequencedMap<String, MemorySegment> mapped = new LinkedHashMap<>();
        for (Map.Entry<String, MemorySegment> e : built.toSegments().entrySet()) {
          Path file = folder.resolve(vocabulary + "." + e.getKey());
          Files.write(file, e.getValue().toArray(ValueLayout.JAVA_BYTE));
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapped.put(
                e.getKey(), channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
          }
        }
        Tokenizer tokenizer = new Tokenizer(TokenizerTables.of(mapped, built.settings()));
        for (String text : CORPUS) {
          assertThat(tokenizer.encode(text, true, true))
              .isEqualTo(expected.encode(text, true, true));
        }
        assertThat(tokenizer.size()).isEqualTo(expected.size());
      }
    }
  }

  @Test
  void missingPartsAreNamed() {
    TokenizerTables built = tables("bytes", "smollm");
    for (String name : built.toSegments().keySet()) {
      SequencedMap<String, MemorySegment> segments = built.toSegments();
      segments.remove(name);
      assertThatThrownBy(() -> TokenizerTables.of(segments, built.settings()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("pack the model again");
      segments.put(name, MemorySegment.ofArray(new byte[3]));
      if (!name.equals("text") && !name.equals("special")) {
        assertThatThrownBy(() -> TokenizerTables.of(segments, built.settings()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThatThrownBy(() -> TokenizerTables.of(built.toSegments(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Wrong ids or an exception, but never an error of the JVM and never an endless loop. */
  @Test
  void damagedTablesNeitherCrashNorHang() {
    long seed = 20261122;
    Random random = new Random(seed);
    int changed = 0;
    for (String vocabulary : List.of("bytes", "sentencepiece", "gemma4", "unigram")) {
      TokenizerTables built = tables(vocabulary, "llama-bpe");
      int[] expected = new Tokenizer(built).encode(CORPUS.get(1) + CORPUS.get(20), true, true);
      for (int run = 0; run < 150; run++) {
        SequencedMap<String, MemorySegment> segments = built.toSegments();
        List<String> names = new ArrayList<>(segments.keySet());
        String name = names.get(run % names.size());
        byte[] bytes = Objects.requireNonNull(segments.get(name)).toArray(ValueLayout.JAVA_BYTE);
        int damage = 1 << random.nextInt(14);
        for (int i = 0; i < damage; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        segments.put(name, MemorySegment.ofArray(bytes));
        int[] ids =
            assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> use(segments, built.settings()),
                "seed " + seed + ", run " + run + ", " + name);
        changed += java.util.Arrays.equals(ids, expected) ? 0 : 1;
      }
    }
    assertThat(changed).as("runs that noticed the damage").isGreaterThan(150);
  }

  private static int[] use(
      SequencedMap<String, MemorySegment> segments, Map<String, Object> settings) {
    try {
      Tokenizer tokenizer = new Tokenizer(TokenizerTables.of(segments, settings));
      int[] ids = tokenizer.encode(CORPUS.get(1) + CORPUS.get(20), true, true);
      for (int id : ids) {
        assertThat(id).isBetween(0, tokenizer.size() - 1);
      }
      String unused = tokenizer.decode(ids, true);
      int found = tokenizer.find("<|im_end|>");
      assertThat(found).isBetween(-1, tokenizer.size() - 1);
      return unused.isEmpty() ? new int[0] : ids;
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      return new int[0];
    }
  }

  private static TokenizerTables large(int size) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      tokens.add(i < 26 ? Character.toString('a' + i) : "t" + i);
    }
    return TokenizerTables.build(
        new Metadata(
            Map.of(
                "tokenizer.ggml.model",
                "gpt2",
                "tokenizer.ggml.pre",
                "gpt-2",
                "tokenizer.ggml.tokens",
                MetadataArray.of(tokens),
                "tokenizer.ggml.merges",
                MetadataArray.of(List.of("a b", "ab c")))));
  }

  /** Opening must not depend on the vocabulary: what it allocates is counted, not the time. */
  @Test
  void openingALargeVocabularyCostsWhatASmallOneCosts() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] allocated = new long[2];
    TokenizerTables[] tables = {large(300), large(262_144)};
    for (int run = 0; run < 20; run++) {
      for (int i = 0; i < 2; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        Tokenizer tokenizer =
            new Tokenizer(TokenizerTables.of(tables[i].toSegments(), tables[i].settings()));
        allocated[i] = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(tokenizer.encode("abc", false, false)).isNotEmpty();
      }
    }
    assertThat(allocated[0]).isGreaterThan(0);
    assertThat(allocated[1]).isLessThan(allocated[0] + 1024);
  }

  /** A megabyte of one letter is one word: quadratic time would take hours. */
  @Test
  void aMegabyteOfOneLetterIsNoTrap() {
    for (String vocabulary : List.of("bytes", "sentencepiece", "gemma4")) {
      Tokenizer tokenizer = new Tokenizer(tables(vocabulary, "deepseek-llm"));
      for (String letter : List.of("a", " ", "\n", "7", "的", "!", "<", "\u0301")) {
        String text = letter.repeat(1_000_000);
        int[] ids =
            assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> tokenizer.encode(text, true, false), letter);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
      }
    }
    Tokenizer unigram = new Tokenizer(tables("unigram", ""));
    int[] ids =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> unigram.encode("7".repeat(1_000_000), true, false));
    assertThat(ids.length).isGreaterThan(1000);
  }

  /** As Gemma's vocabulary has them: user-defined tokens of 2 to 31 blanks, tabs and line ends. */
  private static Tokenizer withRuns() {
    Map<String, Object> values = TestData.vocabulary("sentencepiece");
    MetadataArray tokens = new Metadata(values).array("tokenizer.ggml.tokens");
    MetadataArray types = new Metadata(values).array("tokenizer.ggml.token_type");
    MetadataArray scores = new Metadata(values).array("tokenizer.ggml.scores");
    List<String> names = new ArrayList<>();
    List<Long> kinds = new ArrayList<>();
    List<Double> ranks = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      names.add(tokens.string(id));
      kinds.add(types.integer(id));
      ranks.add(scores.number(id));
    }
    for (String unit : List.of("\n", "\t", " ")) {
      for (int run = 2; run < 32; run++) {
        names.add(unit.repeat(run));
        kinds.add(4L);
        ranks.add(-1000.0);
      }
    }
    values.put("tokenizer.ggml.tokens", MetadataArray.of(names));
    values.put("tokenizer.ggml.token_type", MetadataArray.of(kinds));
    values.put("tokenizer.ggml.scores", MetadataArray.of(ranks));
    return TestData.tokenizer(values);
  }

  /**
   * Eight times the text takes about eight times as long, and not 64 times: the bound lies in the
   * middle, at 8^1.5. Time of this thread, the best of several runs, since other work may run.
   */
  @Test
  void timeIsLinearInTheText() {
    int small = 1 << 13;
    double bound = Math.pow(8, 1.5);
    List<String> units =
        List.of(
            "a", "loremipsumdolorsitamet", "😀🎉👍", "\n", " ", "7", "<", "<|", "\n\n\nx", "a  ");
    Map<String, Tokenizer> tokenizers = new LinkedHashMap<>();
    for (String vocabulary : List.of("bytes", "sentencepiece", "gemma4")) {
      tokenizers.put(vocabulary, new Tokenizer(tables(vocabulary, "deepseek-llm")));
    }
    tokenizers.put("unigram", new Tokenizer(tables("unigram", "")));
    tokenizers.put("runs", withRuns());
    tokenizers.forEach((vocabulary, tokenizer) -> {
      for (String unit : units) {
        String shorter = unit.repeat(small / unit.length());
        String longer = shorter.repeat(8);
        double ratio = Double.MAX_VALUE;
        long few = Long.MAX_VALUE;
        long many = Long.MAX_VALUE;
        for (int run = 0;
            run < 10 && (run < 2 || (ratio > bound && many < 1_000_000_000L));
            run++) {
          few = Math.min(few, time(tokenizer, shorter));
          many = Math.min(many, time(tokenizer, longer));
          ratio = (double) many / few;
        }
        assertThat(ratio)
            .as(vocabulary + ", " + unit + ": " + few + " ns, then " + many + " ns")
            .isLessThan(bound);
      }
    });
  }

  private static long time(Tokenizer tokenizer, String text) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    int[] ids = tokenizer.encode(text, true, false);
    long after = threads.getCurrentThreadCpuTime();
    assertThat(ids).isNotEmpty();
    return after - before;
  }

  /** Runs of 2 to 31 are tokens, the longest first, wherever a run begins. */
  @Test
  void runsBecomeTheLongestTokensFirst() {
    Tokenizer tokenizer = withRuns();
    int[] ids = tokenizer.encode("x" + "\n".repeat(70) + "y\n\n\nz", false, false);
    int longest = tokenizer.find("\n".repeat(31));
    assertThat(ids)
        .containsSubsequence(
            longest, longest, tokenizer.find("\n".repeat(8)), tokenizer.find("\n".repeat(3)));
    assertThat(tokenizer.decode(ids, true)).isEqualTo("x" + "\n".repeat(70) + "y\n\n\nz");
  }
}
