package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link WordPattern} against {@link java.util.regex}, and what it refuses. */
class WordPatternTest {
  private static final String TEXT =
      "aab 12ab!\n\n b\u00e4\u00df  x123456 \ud83d\ude00\ud83d\ude00-}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\x{61}+|\\x{1F600}",
        "\\x{e4}",
        "a{2}|b",
        "[a-b]+(?=!)",
        "[^a-z\\s]{1,3}",
        "\\d{2,}+",
        "(?:a|b)?x|\\p{L}",
        "[\\p{L}&&[^b]]+",
        "(?i:A)b"
      })
  void wordsAreThoseOfJavasExpressions(String pattern) {
    assertThat(words(pattern, TEXT)).isEqualTo(expected(pattern, TEXT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\x{L}",
        "\\x{}",
        "\\x{-1}",
        "\\x{+1}",
        "\\x{110000}",
        "\\x{1234567}",
        "\\x{41",
        "\\x41",
        "[a",
        "[b-a]",
        "a{1",
        "a{,2}",
        "a??",
        "(a)",
        "(?:a",
        "a)",
        "\\p{Greek}",
        "\\",
        "\\w"
      })
  void whatItDoesNotKnowIsRefused(String pattern) {
    assertThatThrownBy(() -> new WordPattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The pre-tokenizer pattern " + pattern + " is not supported from");
  }

  /** Patterns made to need stack: however they nest or go on, an error or a result. */
  @ParameterizedTest
  @ValueSource(ints = {8, 1000, 4000, 100_000})
  void longAndNestedPatternsNeedNoStack(int n) throws InterruptedException {
    List<String> patterns =
        List.of(
            "a".repeat(n),
            "(?:".repeat(n) + "a" + ")".repeat(n),
            "(?:a".repeat(n) + ")?".repeat(n),
            "(?=".repeat(n) + "a" + ")".repeat(n),
            "a" + "(?!b)".repeat(n),
            "[a&&[".repeat(n) + "a" + "]]".repeat(n),
            "[a" + "&&[a]".repeat(n) + "]",
            "a|".repeat(n) + "b");
    List<Throwable> failed = new ArrayList<>();
    for (String pattern : patterns) {
      Thread thread = new Thread(null, () -> oneWord(pattern), "small", 512 << 10);
      thread.setUncaughtExceptionHandler((_, e) -> failed.add(e));
      thread.start();
      thread.join();
    }
    assertThat(failed).isEmpty();
  }

  private static void oneWord(String pattern) {
    try {
      byte[] text = "aaaa".getBytes(StandardCharsets.UTF_8);
      assertThat(new WordPattern(pattern).next(text, 0, 0, text.length)).isPositive();
    } catch (IllegalArgumentException e) {
      assertThat(e)
          .hasMessageMatching("(?s)The pre-tokenizer pattern .{1,210} (is|has|nests) .{1,120}\\.");
    }
  }

  /** Patterns that a matcher that only goes back would be at for years. */
  private static final List<String> BACKTRACKING =
      List.of(
          "a*a*a*a*b",
          "a*b|a",
          "a*a*a*(?:b|a*a*c)",
          "(?=a*b)a|a(?!a*a*c)",
          "[ab]*a*[ac]*d",
          "\\s{16}(?!\\S)|\\s*[\\r\\n]+|\\s",
          "a{3,}b|a{2,}a+c|\\s++a");

  @Test
  @Timeout(60)
  void longRunsTakeLinearTime() {
    for (String pattern : BACKTRACKING) {
      for (String unit : List.of("a", " ", "a".repeat(50) + " ", "ab", "\u4e00", "\n")) {
        String text = unit.repeat(200_000 / unit.length());
        assertThat(String.join("", words(pattern, text)).equals(text)).as(pattern).isTrue();
      }
    }
  }

  @Test
  void whatIsKnownOfARunChangesNoWord() {
    long seed = 20261126;
    Random random = new Random(seed);
    for (int i = 0; i < 700; i++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 45) {
        String letter =
            List.of("a", "a", "a", "b", "c", "d", " ", "\n", "\u4e00").get(random.nextInt(9));
        text.append(letter.repeat(1 + random.nextInt(random.nextBoolean() ? 40 : 2)));
      }
      String pattern = BACKTRACKING.get(i % BACKTRACKING.size());
      assertThat(words(pattern, text.toString()))
          .as("seed %d, text %d, %s, %s", seed, i, pattern, text)
          .isEqualTo(expected(pattern, text.toString()));
    }
  }

  @Test
  @Timeout(60)
  void aPatternThatGoesBackForeverIsStopped() {
    String pattern = "(?:a{0,999}a{0,999}a{0,999}b|a)";
    assertThatThrownBy(() -> words(pattern, "a".repeat(20_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The pre-tokenizer pattern " + pattern)
        .hasMessageContaining("steps")
        .hasMessageEndingWith(".");
  }

  @Test
  void stagesAreCounted() {
    String many = PreTokenizers.STAGES + "split a\n".repeat(100_000);
    assertThatThrownBy(() -> PreTokenizers.named(many))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 64 stages");
    assertThat(PreTokenizers.named(PreTokenizers.STAGES + "split a\n".repeat(64).strip()).stages())
        .hasSize(64);
  }

  private static List<String> words(String pattern, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>();
    Splitter[] stages = {new WordPattern(pattern)};
    Splitter.split(
        stages,
        utf8,
        0,
        utf8.length,
        (t, from, to) -> words.add(new String(t, from, to - from, StandardCharsets.UTF_8)));
    return words;
  }

  private static List<String> expected(String pattern, String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    int at = 0;
    while (matcher.find()) {
      if (matcher.start() > at) {
        words.add(text.substring(at, matcher.start()));
      }
      words.add(matcher.group());
      at = matcher.end();
    }
    if (at < text.length()) {
      words.add(text.substring(at));
    }
    return words;
  }
}
