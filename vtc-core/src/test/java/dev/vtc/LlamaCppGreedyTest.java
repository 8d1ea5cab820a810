package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The first 32 greedy tokens of three prompts on SmolLM2 in F32 are llama.cpp's, wherever its two
 * best logits are more than 0.05 apart. llama-greedy.json is made by
 * vtc-bench/scripts/llama_greedy.cpp.
 */
class LlamaCppGreedyTest {
  private static final double CLOSE = 0.05;

  @Test
  void greedyTokensAgree() throws IOException, InterruptedException {
    String path = Objects.requireNonNullElse(System.getenv("VTC_TEST_MODEL_F32"), "");
    assumeTrue(
        !path.isEmpty(),
        "VTC_TEST_MODEL_F32 does not name SmolLM2-135M-Instruct.Q4_1.gguf converted to F32"
            + " (llama-quantize --allow-requantize in.gguf out.gguf F32)");
    @SuppressWarnings("unchecked")
    List<Map<String, @Nullable Object>> cases =
        (List<Map<String, @Nullable Object>>) TestJson.resource(getClass(), "llama-greedy.json");
    ModelOptions options = ModelOptions.defaults().withThreads(2).withContext(512);
    try (Model model = Model.open(Path.of(path), options);
        Session session = model.newSession()) {
      for (Map<String, @Nullable Object> c : cases) {
        List<Long> prompt = TestJson.get(c, "prompt");
        List<Long> ids = TestJson.get(c, "ids");
        List<Number> margins = TestJson.get(c, "margins");
        // llama.cpp's own tokens are fed back: a choice that was close does not spoil the rest.
        int[] text = new int[prompt.size() + ids.size() - 1];
        for (int i = 0; i < text.length; i++) {
          text[i] = (i < prompt.size() ? prompt.get(i) : ids.get(i - prompt.size())).intValue();
        }
        int[] best = new int[text.length];
        session.evaluate(text, true, (position, logits) -> best[position] = argmax(logits));
        int compared = 0;
        for (int i = 0; i < ids.size(); i++) {
          if (margins.get(i).doubleValue() > CLOSE) {
            assertThat(best[prompt.size() - 1 + i])
                .as("token %d after %s", i, prompt)
                .isEqualTo(ids.get(i).intValue());
            compared++;
          }
        }
        System.out.println("compared with llama.cpp: " + compared + " of " + ids.size());
        assertThat(compared).isGreaterThan(ids.size() / 2);
      }
    }
  }

  private static int argmax(MemorySegment logits) {
    float[] x = logits.toArray(ValueLayout.JAVA_FLOAT);
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    return best;
  }
}
