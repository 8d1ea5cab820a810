package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.sample.SamplingOptions;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SessionTest {
  private static final int[] PROMPT = Replay.prompt(8, 40, 131);

  /** Tokens that take seconds: whoever wants to interrupt has the time. */
  private static final int LONG = 20_000;

  @TempDir Path folder;

  private Model open(int context) throws IOException {
    Path file = TinyModel.of(TinyModel.BLOCKS, 5).write(folder.resolve("tiny.gguf"));
    return Model.open(
        file,
        ModelOptions.defaults()
            .withThreads(2)
            .withContext(context)
            .withChunk(16)
            .withCache(folder.resolve("cache")));
  }

  private static GenerationOptions greedy(int tokens) {
    return GenerationOptions.defaults()
        .withMaxTokens(tokens)
        .withSampling(SamplingOptions.greedy());
  }

  private static List<Integer> ids(Generation generation) {
    List<Integer> ids = new ArrayList<>();
    for (Token t : generation) {
      ids.add(t.id());
    }
    return ids;
  }

  @Test
  void aCommonBeginningIsComputedOnceAndChangesNothing() throws IOException {
    try (Model model = open(256);
        Session session = model.newSession();
        Session fresh = model.newSession()) {
      List<Integer> first = ids(session.generate(PROMPT, greedy(12)));
      assertThat(first).hasSize(12);
      int[] longer = Replay.prompt(8, 60, 131); // the same seed: PROMPT and twenty more
      Generation again = session.generate(longer, greedy(12));
      List<Integer> reused = ids(again);
      assertThat(again.stats().reusedTokens()).isEqualTo(40);
      Generation whole = fresh.generate(longer, greedy(12));
      assertThat(ids(whole)).isEqualTo(reused);
      assertThat(whole.stats().reusedTokens()).isZero();
      session.reset();
      Generation afterReset = session.generate(PROMPT, greedy(12));
      assertThat(ids(afterReset)).isEqualTo(first);
      assertThat(afterReset.stats().reusedTokens()).isZero();
    }
  }

  @Test
  void sessionsSideBySideGetWhatEachGetsAlone() throws IOException {
    try (Model model = open(256)) {
      List<List<Integer>> alone = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        try (Session s = model.newSession()) {
          alone.add(ids(s.generate(Replay.prompt(i, 20 + 7 * i, 131), greedy(20))));
        }
      }
      List<Session> sessions = new ArrayList<>();
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sessions.add(model.newSession());
        running.add(sessions.get(i).generate(Replay.prompt(i, 20 + 7 * i, 131), greedy(20)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(ids(running.get(i))).isEqualTo(alone.get(i));
      }
      sessions.forEach(Session::close);
    }
  }

  @Test
  void aSecondGenerationWhileOneRunsIsRefused() throws IOException {
    try (Model model = open(LONG);
        Session session = model.newSession()) {
      try (Generation running = session.generate(PROMPT, greedy(LONG))) {
        assertThatThrownBy(() -> session.generate(PROMPT, greedy(1)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("still running");
        assertThat(running.finishReason()).isNull();
      }
      assertThat(ids(session.generate(PROMPT, greedy(2)))).hasSize(2);
    }
  }

  @Test
  void anotherThreadCancels() throws Exception {
    try (Model model = open(LONG);
        Session session = model.newSession();
        Generation running = session.generate(PROMPT, greedy(LONG))) {
      assertThat(running.iterator().next().id()).isNotNegative();
      Thread other = Thread.ofPlatform().start(running::cancel);
      other.join();
      running.await();
      assertThat(running.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(running.stats().generatedTokens()).isBetween(1, LONG - 1);
    }
  }

  @Test
  void theEndOfTheContextEndsTheText() throws IOException {
    try (Model model = open(48);
        Session session = model.newSession()) {
      Generation full = session.generate(PROMPT, greedy(1000));
      assertThat(ids(full)).hasSize(48 - 40 + 1);
      assertThat(full.finishReason()).isEqualTo(FinishReason.CONTEXT);
      assertThatThrownBy(() -> session.generate(Replay.prompt(1, 49, 131), greedy(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("49 tokens");
      assertThatThrownBy(() -> session.generate(new int[] {131}, greedy(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("131");
      assertThatThrownBy(() -> session.generate(new int[0], greedy(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closingTheModelEndsWhatRuns() throws IOException {
    Model model = open(LONG);
    Session session = model.newSession();
    Generation running = session.generate(PROMPT, greedy(LONG));
    model.close();
    assertThatThrownBy(running::await).isInstanceOf(IllegalStateException.class);
  }

  private Model windows(int window) throws IOException {
    TinyArchitecture model = Objects.requireNonNull(TinyArchitecture.all().get("gemma3"));
    Path file =
        model
            .with("gemma3.attention.sliding_window", (long) window)
            .write(folder.resolve("windows.gguf"), DType.F16);
    return Model.open(
        file,
        ModelOptions.defaults()
            .withThreads(2)
            .withContext(2000)
            .withChunk(100)
            .withCache(folder.resolve("cache")));
  }

  /** Tokens with the logarithms of their probabilities: all bits of the logits count. */
  private static List<Token> tokens(Generation generation) {
    List<Token> all = new ArrayList<>();
    generation.forEach(all::add);
    return all;
  }

  private static GenerationOptions exact(int tokens) {
    return GenerationOptions.defaults()
        .withMaxTokens(tokens)
        .withSampling(SamplingOptions.greedy().withTopLogprobs(3))
        .withIgnoreEnd(true);
  }

  /**
   * A prompt of 900 tokens, an answer of 300, and then a prompt that has only the first so many of
   * them: what layers with a window have given back is computed again.
   */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 20, 255, 256, 257, 643, 644, 645, 768, 899, 900, 901, 942, 943, 1024, 1100, 1198
      })
  void aPromptThatLeavesTheTextEarlier(int same) throws IOException {
    try (Model model = windows(20);
        Session session = model.newSession();
        Session fresh = model.newSession()) {
      int[] prompt = Replay.prompt(4, 900, 50);
      assertThat(tokens(session.generate(prompt, exact(300)))).hasSize(300);
      int[] history = session.tokens();
      assertThat(history).hasSize(1199); // the last token has not been read
      int[] next = Arrays.copyOf(history, same + 5);
      for (int i = same; i < next.length; i++) {
        next[i] = i < history.length ? (history[i] + 1) % 50 : 7;
      }
      Generation again = session.generate(next, exact(6));
      List<Token> reused = tokens(again);
      // Up to 256 positions back from the last step and from the end of the prompt nothing is gone.
      int kept = same >= 943 || (same >= 644 && same <= 900) ? same : same > 900 ? 900 : 0;
      assertThat(again.stats().reusedTokens()).isBetween(kept, same);
      assertThat(tokens(fresh.generate(next, exact(6)))).isEqualTo(reused);
      assertThat(fresh.tokens()).isEqualTo(session.tokens());
    }
  }

  @Test
  void longTextsSideBySideGiveBackWhatEachDoesNotNeed() throws IOException {
    try (Model model = windows(30)) {
      List<int[]> prompts = new ArrayList<>();
      List<List<Token>> alone = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int[] prompt = Replay.prompt(5, 700 + 200 * i, 50); // the same beginning
        prompts.add(prompt);
        try (Session s = model.newSession()) {
          alone.add(tokens(s.generate(prompt, exact(600))));
        }
      }
      List<Session> sessions = new ArrayList<>();
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sessions.add(model.newSession());
        running.add(sessions.get(i).generate(prompts.get(i), exact(600)));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(tokens(running.get(i))).isEqualTo(alone.get(i));
      }
      sessions.forEach(Session::close);
      assertThat(model.sessionBytes())
          .isLessThan(2000L / 256 * model.program().kv().layers() * model.kv().pageBytes(1));
    }
  }
}
