package dev.vtc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopMatcher m = new StopMatcher(List.of("</s>", "User:"));
    assertThat(m.feed("Hello <")).isEqualTo("Hello ");
    assertThat(m.feed("b> Us")).isEqualTo("<b> ");
    assertThat(m.feed("e")).isEmpty();
    assertThat(m.feed("r: no")).isEmpty();
    assertThat(m.stopped()).isTrue();
    assertThat(m.stopString()).isEqualTo("User:");
    assertThat(m.emittedLength()).isEqualTo("Hello <b> ".length());
    assertThat(m.feed("more")).isEmpty();
    assertThat(m.finish()).isEmpty();
  }

  @Test
  void givesTheRestAtTheEnd() {
    StopMatcher m = new StopMatcher(List.of("stop"));
    assertThat(m.feed("a sto")).isEqualTo("a ");
    assertThat(m.finish()).isEqualTo("sto");
    assertThat(m.stopped()).isFalse();
    assertThat(m.emittedLength()).isEqualTo(5);
  }

  @Test
  void withoutStopStringsTheTextPasses() {
    StopMatcher m = new StopMatcher(List.of());
    assertThat(m.feed("abc")).isEqualTo("abc");
    assertThat(m.finish()).isEmpty();
    assertThat(m.stopString()).isNull();
  }

  @Test
  void refusesAnEmptyStopString() {
    assertThatThrownBy(() -> new StopMatcher(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalsASearchInTheWholeTextHoweverItIsCut() {
    long seed = 4711;
    System.out.println("StopMatcherTest seed " + seed);
    SplittableRandom rnd = new SplittableRandom(seed);
    int stopped = 0;
    for (int round = 0; round < 5000; round++) {
      List<String> stops = new ArrayList<>();
      for (int s = rnd.nextInt(4); s >= 0; s--) {
        stops.add(word(rnd, 1 + rnd.nextInt(6)));
      }
      String text = word(rnd, rnd.nextInt(30));
      // naive: the smallest end, then the longest stop string
      int end = Integer.MAX_VALUE;
      String best = "";
      for (String stop : stops) {
        int at = text.indexOf(stop);
        if (at >= 0
            && (at + stop.length() < end
                || (at + stop.length() == end && stop.length() > best.length()))) {
          end = at + stop.length();
          best = stop;
        }
      }
      String expected = best.isEmpty() ? text : text.substring(0, end - best.length());
      StopMatcher m = new StopMatcher(stops);
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < text.length(); ) {
        int n = Math.min(text.length() - i, 1 + rnd.nextInt(4));
        out.append(m.feed(text.substring(i, i + n)));
        assertThat(expected).startsWith(out);
        i += n;
      }
      out.append(m.finish());
      assertThat(out.toString()).as("stops %s in %s", stops, text).isEqualTo(expected);
      assertThat(m.emittedLength()).isEqualTo(expected.length());
      assertThat(m.stopString()).isEqualTo(best.isEmpty() ? null : best);
      stopped += m.stopped() ? 1 : 0;
    }
    assertThat(stopped).isBetween(1000, 4999);
  }

  private static String word(SplittableRandom rnd, int length) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < length; i++) {
      s.append("aab".charAt(rnd.nextInt(3)));
    }
    return s.toString();
  }
}
