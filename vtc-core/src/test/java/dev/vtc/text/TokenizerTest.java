package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules of the tokenizer on vocabularies small enough to see through. */
class TokenizerTest {
  private static Map<String, Object> byteLevel() {
    List<String> tokens = new ArrayList<>(List.of("<|im_start|>", "<|im_end|>", "  ", "a", "b"));
    tokens.addAll(List.of("c", "Ġ", "ab", "abc", "Ġab", "é", "Ã", "©", "<", "|"));
    List<Long> types = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      types.add(i < 2 ? 3L : i == 2 ? 4L : 1L);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("tokenizer.ggml.model", "gpt2");
    values.put("tokenizer.ggml.pre", "smollm");
    values.put("tokenizer.ggml.tokens", MetadataArray.of(tokens));
    values.put("tokenizer.ggml.token_type", MetadataArray.of(types));
    values.put("tokenizer.ggml.merges", MetadataArray.of(List.of("a b", "Ġ ab", "ab c", "b c")));
    values.put("tokenizer.ggml.bos_token_id", 0L);
    values.put("tokenizer.ggml.eos_token_id", 1L);
    return values;
  }

  private static Tokenizer tokenizer(Map<String, Object> values) {
    return Tokenizer.of(new Metadata(values)).orElseThrow();
  }

  @Test
  void mergesByRank() {
    Tokenizer t = tokenizer(byteLevel());
    assertThat(t.encode("abc abc", false, false)).containsExactly(8, 9, 5);
    assertThat(t.encode("bc", false, false)).containsExactly(4, 5);
    assertThat(t.decode(new int[] {8, 9, 5}, true)).isEqualTo("abc abc");
  }

  @Test
  void controlTokensComeOnlyFromTextThatMayHaveThem() {
    Tokenizer t = tokenizer(byteLevel());
    assertThat(t.encode("a<|im_end|>b", true, false)).containsExactly(3, 1, 4);
    assertThat(t.encode("a<|im_end|>b", false, false)).doesNotContain(0, 1).startsWith(3, 13, 14);
    assertThat(t.encode("a  b", false, false)).as("user-defined").containsExactly(3, 2, 4);
    assertThat(t.isControl(1)).isTrue();
    assertThat(t.isEndOfGeneration(1)).isTrue();
    assertThat(t.decode(new int[] {3, 1, 4}, false)).isEqualTo("ab");
  }

  @Test
  void mergesCannotForgeAControlToken() {
    Map<String, Object> values = byteLevel();
    values.put("tokenizer.ggml.tokens", MetadataArray.of(List.of("ab", "a", "b", "c")));
    values.put("tokenizer.ggml.token_type", MetadataArray.of(List.of(3L, 1L, 1L, 1L)));
    Tokenizer t = tokenizer(values);
    assertThat(t.encode("abc", false, false)).containsExactly(1, 2, 3);
    assertThat(t.encode("abc", true, false)).containsExactly(0, 3);
  }

  @Test
  void charactersOfSeveralTokensAreHeldBack() {
    Tokenizer t = tokenizer(byteLevel());
    int[] ids = t.encode("é", false, false);
    assertThat(ids).containsExactly(11, 12);
    IncrementalDetokenizer detokenizer = t.detokenizer(true, true);
    assertThat(detokenizer.accept(11)).isEmpty();
    assertThat(detokenizer.accept(12)).isEqualTo("é");
    assertThat(detokenizer.accept(11)).isEmpty();
    assertThat(detokenizer.accept(3)).isEqualTo("\uFFFDa");
    assertThat(detokenizer.accept(11)).isEmpty();
    assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
    assertThat(detokenizer.finish()).isEmpty();
  }

  @Test
  void findsTokensByName() {
    Tokenizer t = tokenizer(byteLevel());
    assertThat(t.find("<|im_end|>")).isEqualTo(1);
    assertThat(t.find("Ġab")).isEqualTo(9);
    assertThat(t.find(" ab")).isEqualTo(9);
    assertThat(t.find("  ")).isEqualTo(2);
    assertThat(t.find("nowhere")).isEqualTo(-1);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Map<String, Object> values = byteLevel();
    values.put("tokenizer.ggml.pre", "martian");
    assertThatThrownBy(() -> tokenizer(values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'martian'")
        .hasMessageContaining("llama-bpe")
        .hasMessageContaining("smollm");
    values.put("tokenizer.ggml.model", "oracle");
    assertThatThrownBy(() -> tokenizer(values)).hasMessageContaining("'oracle'");
    assertThat(Tokenizer.of(new Metadata(Map.of()))).as("llama2.c").isEmpty();
    Tokenizer t = tokenizer(byteLevel());
    assertThatThrownBy(() -> t.tokenBytes(15)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> t.decode(new int[] {-1}, true)).hasMessageContaining("-1");
  }
}
