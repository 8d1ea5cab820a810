package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    assertThat(words(pattern)).isEqualTo(expected(pattern));
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

  private static List<String> words(String pattern) {
    byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
    Splitter splitter = new WordPattern(pattern);
    List<String> words = new ArrayList<>();
    for (int at = 0; at < utf8.length; ) {
      int end = splitter.next(utf8, 0, at, utf8.length);
      words.add(new String(utf8, at, end - at, StandardCharsets.UTF_8));
      at = end;
    }
    return words;
  }

  private static List<String> expected(String pattern) {
    List<String> words = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(TEXT);
    int at = 0;
    while (matcher.find()) {
      if (matcher.start() > at) {
        words.add(TEXT.substring(at, matcher.start()));
      }
      words.add(matcher.group());
      at = matcher.end();
    }
    if (at < TEXT.length()) {
      words.add(TEXT.substring(at));
    }
    return words;
  }
}
